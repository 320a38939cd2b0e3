"""The directory: who there is, as known at a position."""

from __future__ import annotations

from datetime import date
from zoneinfo import ZoneInfo

import orjson
import pytest

from projections.directory.fold import directory_view
from projections.directory.rows import DUPLICATES, MEMBERSHIPS, ORGANISATIONS, PARTNERSHIPS, TERMS, TRUST_SPANS
from projections.tables import END, FOREVER, CannotApply
from tests.projections.memory import Memory
from tests.scenario import ADMIN, Scenario, coordinator, member, ref

VIEW = directory_view(ZoneInfo("Europe/London"))


def kept(story: Scenario, page: int = 1_000) -> Memory:
    return Memory(VIEW).fold(story.facts, page)


def test_an_organisation_keeps_every_name_it_had() -> None:
    story = Scenario().schools("northfield")
    change = story.when(member("northfield"), "organisation.details_changed", "northfield", name="Northfield Academy")
    first, second = kept(story).all(ORGANISATIONS)
    assert (first.name, first.known_until) == ("Northfield", change.position)
    assert (second.name, second.known_from, second.known_until) == ("Northfield Academy", change.position, END)


def test_an_organisation_that_ended_says_so() -> None:
    story = Scenario().schools("northfield", "academy", "ashfield")
    story.given(ADMIN, "organisation.succeeded", "northfield", successor_id=ref("academy"), on="2026-09-01")
    story.given(ADMIN, "organisation.closed", "ashfield", on="2026-08-31", reason="Merged")
    last = {row.organisation_id: row for row in kept(story).all(ORGANISATIONS) if row.known_until == END}
    assert (last[ref("northfield")].successor_id, last[ref("northfield")].succeeded_on) == (
        ref("academy"),
        date(2026, 9, 1),
    )
    assert last[ref("ashfield")].closed_on == date(2026, 8, 31)


def test_trusts_over_time() -> None:
    story = Scenario().schools("northfield", trust="anchor", since="2020-09-01")
    left = story.when(
        member("northfield"), "organisation.left_trust", "northfield", trust_id=ref("anchor"), on="2026-09-01"
    )
    spans = {(row.organisation_id, row.known_until): (row.since, row.until) for row in kept(story).all(TRUST_SPANS)}
    assert spans == {
        (ref("anchor"), END): (date.min, FOREVER),
        (ref("northfield"), left.position): (date(2020, 9, 1), FOREVER),
        (ref("northfield"), END): (date(2020, 9, 1), date(2026, 9, 1)),
    }


def test_what_becomes_a_trust_is_part_of_itself() -> None:
    story = Scenario().schools("northfield")
    story.given(ADMIN, "organisation.details_changed", "northfield", kind="trust")
    assert [row.trust_id for row in kept(story).all(TRUST_SPANS)] == [ref("northfield")]
    again = story.when(ADMIN, "organisation.details_changed", "northfield", kind="school")
    assert [row.known_until for row in kept(story).all(TRUST_SPANS)] == [again.position]


def test_a_duplicate_counts_from_the_day_it_was_said() -> None:
    story = Scenario().schools("northfield", "northfield-again").at("2026-10-01T23:30:00")
    story.given(
        ADMIN, "organisation.duplicate_declared", "northfield-again", duplicate_of=ref("northfield"), reason="Twice"
    )
    [row] = kept(story).all(DUPLICATES)
    assert (row.duplicate_of, row.effective_from) == (ref("northfield"), date(2026, 10, 2))


def test_partners_are_invited_join_and_leave() -> None:
    story = Scenario().schools("northfield", "ashfield")
    story.partnership("harbour", "hub", "northfield", "ashfield", terms={"allow_immediate": True})
    story.given(
        member("northfield"), "partnership.notice_given", "harbour", reason="Time to go", leaves_on="2026-09-01"
    )
    story.at("2026-09-10").given(
        member("northfield"), "partnership.partner_left", "harbour", organisation_id=ref("northfield"), on="2026-09-10"
    )
    live = {row.organisation_id: row for row in kept(story).all(MEMBERSHIPS) if row.known_until == END}
    assert (live[ref("northfield")].since, live[ref("northfield")].until) == (date(2026, 9, 1), date(2026, 9, 10))
    assert (live[ref("ashfield")].state, live[ref("ashfield")].until) == ("partner", FOREVER)
    ended = [row for row in kept(story).all(MEMBERSHIPS) if row.state == "invited"]
    assert {row.organisation_id for row in ended} == {ref("northfield"), ref("ashfield")}
    assert all(row.known_until < END for row in ended)


def test_everybody_is_out_when_a_partnership_closes() -> None:
    story = Scenario().schools("northfield", "ashfield", "brookside")
    story.partnership("harbour", "hub", "northfield", "ashfield", "brookside", accepted=False)
    story.given(
        member("ashfield"), "partnership.partner_accepted", "harbour", organisation_id=ref("ashfield"), on="2026-09-01"
    )
    story.given(
        member("brookside"),
        "partnership.partner_declined",
        "harbour",
        organisation_id=ref("brookside"),
        on="2026-09-01",
    )
    story.at("2026-10-01").given(
        coordinator("hub"), "partnership.closed", "harbour", reason="by_agreement", on="2026-10-01", lessons="Meet more"
    )
    memory = kept(story, page=1)
    live = [row for row in memory.all(MEMBERSHIPS) if row.known_until == END]
    assert [(row.organisation_id, row.until) for row in live] == [(ref("ashfield"), date(2026, 10, 1))]
    assert [row.closed_on for row in memory.all(PARTNERSHIPS) if row.known_until == END] == [date(2026, 10, 1)]


def test_terms_are_kept_whole_but_for_what_is_sealed() -> None:
    story = Scenario().schools("northfield", "ashfield")
    one_way = {"kind": "one_way", "from": ref("northfield"), "because": "They have a specialist"}
    story.partnership("harbour", "hub", "northfield", "ashfield", terms={"intended": one_way})
    [row] = kept(story).all(TERMS)
    terms = orjson.loads(row.terms)
    assert terms["intended"] == {"kind": "one_way", "from": ref("northfield")}
    assert (terms["tolerance_ratio"], terms["tariff"]["day"], row.effective_on) == ("1/3", 390, date(2026, 9, 1))


def test_an_organisation_that_never_began_has_no_details() -> None:
    story = Scenario().schools("northfield")
    story.given(member("northfield"), "organisation.details_changed", "northfield", pupils=200)
    with pytest.raises(CannotApply):
        Memory(VIEW).fold(story.facts[1:])
