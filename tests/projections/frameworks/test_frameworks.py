"""Frameworks and calendars as they were on a day, as known at a position, page by page."""

from __future__ import annotations

from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from projections.frameworks.fold import frameworks_view
from projections.frameworks.queries import calendars, frameworks
from projections.frameworks.rows import CALENDARS, FRAMEWORKS
from projections.views import EVERYTHING, Asked, ReadModels
from tests.projections.giving import Story
from tests.projections.keyed import known
from tests.projections.memory import Memory
from tests.scenario import ADMIN, member, ref

PART = {"component_id": "c1", "statement": "Reads daily", "stance": "required"}
AUTUMN = {"name": "Autumn", "starts_on": "2026-09-02", "ends_on": "2026-12-18"}


def told() -> Story:
    """Two frameworks, one of them in two versions; terms for everybody and for Northfield, set twice."""
    story = Story()
    story.schools("northfield", "oakwood")
    publish(story, "northfield", "ours", "Ours", [PART])
    publish(story, "oakwood", "theirs", "Theirs", [PART])
    for whom in ("ledger", ref("northfield")):
        set_terms(story, whom, AUTUMN)
    story.at("2026-10-01")
    publish(story, "northfield", "ours", "Ours, again", [PART, PART | {"component_id": "c2"}])
    set_terms(story, "ledger", AUTUMN | {"ends_on": "2026-12-19"})
    return story


def publish(story: Story, owner: str, name: str, title: str, parts: list[dict[str, str]]) -> None:
    whole = {"owner_id": ref(owner), "name": title, "components": parts}
    story.given(member(owner), "framework.published", name, **whole)


def set_terms(story: Story, whom: str, *terms: dict[str, str]) -> None:
    said = {"for": whom, "academic_year": "2026/27", "terms": list(terms), "closed_days": ["2026-10-26"]}
    story.given(ADMIN, "calendar.terms_set", f"urn:pledger:calendar:{whom}", **said)


def listed(models: ReadModels, asked: Asked = EVERYTHING, **more: Any) -> list[tuple[str, int, int]]:
    items = models.answer(frameworks, asked, **more).to_json()["items"]
    return [(one["name"], one["version"], len(one["components"])) for one in items]


def test_the_version_of_a_day_and_of_a_position(database_url: str) -> None:
    story = told()
    first = next(fact.position for fact in story.facts if fact.type == "framework.published")
    with known(database_url, story) as models:
        assert listed(models) == [("Ours, again", 2, 2), ("Theirs", 1, 1)]
        assert listed(models, Asked(as_of=date(2026, 9, 30))) == [("Ours", 1, 1), ("Theirs", 1, 1)]
        assert listed(models, Asked(known_at=first)) == [("Ours", 1, 1)]
        assert listed(models, Asked(as_of=date(2026, 8, 31))) == []
        assert listed(models, owner_id=ref("oakwood")) == [("Theirs", 1, 1)]


def test_page_by_page(database_url: str) -> None:
    with known(database_url, told()) as models:
        page = models.answer(frameworks, EVERYTHING, limit=1)
        rest = models.answer(frameworks, EVERYTHING, after=page.next, limit=1)
    assert ([one.id for one in page.items], page.has_more) == ([ref("ours")], True)
    assert ([one.id for one in rest.items], rest.has_more) == ([ref("theirs")], False)


def test_calendars_as_last_set_by_the_day(database_url: str) -> None:
    with known(database_url, told()) as models:

        def ends(asked: Asked = EVERYTHING, for_: str | None = None) -> dict[str, str]:
            items = models.answer(calendars, asked, for_).to_json()["items"]
            return {one["for"]: one["terms"][0]["ends_on"] for one in items}

        assert ends() == {"ledger": "2026-12-19", ref("northfield"): "2026-12-18"}
        assert ends(Asked(as_of=date(2026, 9, 30))) == {"ledger": "2026-12-18", ref("northfield"): "2026-12-18"}
        assert ends(for_=ref("northfield")) == {ref("northfield"): "2026-12-18"}
        [own] = models.answer(calendars, EVERYTHING, ref("northfield")).to_json()["items"]
    assert (own["academic_year"], own["closed_days"], own["version"]) == ("2026/27", ["2026-10-26"], 1)


@pytest.mark.parametrize("page", [1, 2])
def test_the_rows_are_the_same_however_the_facts_are_cut(page: int) -> None:
    view, facts = frameworks_view(ZoneInfo("Europe/London")), told().facts
    whole, cut = Memory(view).fold(facts), Memory(view).fold(facts, page)
    assert [len(whole.all(FRAMEWORKS)), len(whole.all(CALENDARS))] == [3, 3]
    assert whole.all(FRAMEWORKS) == cut.all(FRAMEWORKS)
    assert whole.all(CALENDARS) == cut.all(CALENDARS)
