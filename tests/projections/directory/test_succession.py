"""Identities: whom an organisation goes on from and who goes on from it, each with an account of its own."""

from __future__ import annotations

from datetime import date

from projections.views import Asked
from tests.projections.giving import Story, village
from tests.projections.keyed import known
from tests.scenario import ADMIN, ref

OLD, NEW, LAST = ref("northfield"), ref("academy"), ref("merged")
BY_YEAR_END = Asked(as_of=date(2026, 12, 31))


def told() -> Story:
    """Northfield becomes an academy on 1 November, which is merged into another on 1 December."""
    story = village("academy", "merged")
    story.exchanged("northfield", "ashfield", 60, "2026-10-01", "s1")
    story.given(ADMIN, "organisation.succeeded", "northfield", successor_id=NEW, on="2026-11-01")
    story.given(ADMIN, "organisation.succeeded", "academy", successor_id=LAST, on="2026-12-01")
    story.at("2026-11-10").exchanged("academy", "ashfield", 30, "2026-11-10", "s2")
    return story


def test_link_by_link_both_ways(database_url: str) -> None:
    with known(database_url, told()) as models:

        def identities(one: str, asked: Asked = BY_YEAR_END) -> list[tuple[str, str, str]]:
            found = models.balance(one, asked).to_json()["identities"]
            return [(each["organisation_id"], each["relation"], each["on"]) for each in found]

        assert identities(OLD) == [(NEW, "successor", "2026-11-01"), (LAST, "successor", "2026-12-01")]
        assert identities(NEW) == [(OLD, "predecessor", "2026-11-01"), (LAST, "successor", "2026-12-01")]
        assert identities(LAST) == [(OLD, "predecessor", "2026-11-01"), (NEW, "predecessor", "2026-12-01")]
        assert identities(OLD, Asked(as_of=date(2026, 11, 30))) == [(NEW, "successor", "2026-11-01")]
        assert identities(OLD, Asked(as_of=date(2026, 10, 31))) == []
        assert identities(ref("ashfield")) == []


def test_each_identity_keeps_its_own_account(database_url: str) -> None:
    with known(database_url, told()) as models:
        given = {one: models.balance(one, BY_YEAR_END).balance.minutes.given for one in (OLD, NEW, LAST)}
        account = models.statement(NEW, asked=BY_YEAR_END).to_json()
    assert given == {OLD: 60, NEW: 30, LAST: 0}
    assert [line["minutes"] for line in account["items"]] == [30]
    assert [one["name"] for one in account["identities"]] == ["Northfield", "Merged"]
