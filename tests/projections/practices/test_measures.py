"""Where a practice stands, and shared : adopted : returned."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from zoneinfo import ZoneInfo

from projections.practices.fold import practices_view
from projections.practices.measures import Lineage, by_author, counts_of
from projections.practices.rows import PRACTICES, STEPS
from tests.projections.memory import Memory
from tests.projections.practices.giving_away import PHONICS, told
from tests.scenario import Scenario, member, ref

VIEW = practices_view(ZoneInfo("Europe/London"))
EVER = 10_000


def lineages(story: Scenario) -> dict[str, Lineage]:
    """The practices of a story by id."""
    kept = Memory(VIEW).fold(story.facts)
    steps = sorted(kept.all(STEPS), key=lambda row: row.known_from)
    return {
        one.practice_id: Lineage(one, [step for step in steps if step.practice_id == one.practice_id])
        for one in kept.all(PRACTICES)
    }


def phonics() -> Lineage:
    return lineages(told())[ref("phonics")]


def test_the_latest_word_of_each_organisation_says_where_it_stands() -> None:
    def state(day: date) -> str:
        return phonics().as_of(day, EVER).state

    assert state(date(2026, 9, 1)) == "shared"
    assert state(date(2026, 9, 2)) == "needs_work"
    assert state(date(2026, 9, 10)) == "assured"
    assert phonics().assured_by == [ref("elmwood")]


def test_one_that_assures_it_is_enough() -> None:
    story = told()
    look = {"assured_by": ref("ashfield"), "criteria": "Ours", "verdict": "needs_work"}
    story.given(member("ashfield"), "practice.assured", "phonics", **look)
    assert lineages(story)[ref("phonics")].state == "assured"
    again = {"assured_by": ref("elmwood"), "criteria": "Ours", "verdict": "needs_work"}
    story.given(member("elmwood"), "practice.assured", "phonics", **again)
    assert lineages(story)[ref("phonics")].state == "needs_work"


def test_shared_adopted_returned() -> None:
    counts = counts_of([phonics()])
    assert (counts.shared, counts.adopted, counts.returned, counts.came_back) == (1, 2, 1, 1)
    assert counts.came_back_share == Fraction(1, 2)
    before = counts_of([phonics().as_of(date(2026, 9, 30), EVER)])
    assert (before.adopted, before.returned, before.came_back_share) == (1, 0, Fraction(0))
    nothing = counts_of([])
    assert (nothing.shared, nothing.came_back_share) == (0, None)


def test_an_adopter_may_return_it_twice_and_counts_once() -> None:
    story = told().given(member("oakwood"), "practice.returned", "phonics", improvement="And songs")
    counts = counts_of(lineages(story).values())
    assert (counts.returned, counts.came_back) == (2, 1)


def test_how_long_it_took_to_come_back() -> None:
    practice = phonics()
    [returned] = practice.returns
    assert practice.days_to(returned) == 28
    known = practice.as_of(date(2026, 12, 31), returned.known_from)
    assert known.as_of(date(2026, 12, 31), returned.known_from - 1).returns == []


def test_each_authors_own() -> None:
    story = told().given(member("ashfield"), "practice.shared", "maths", organisation_id=ref("ashfield"), **PHONICS)
    counts = by_author(list(lineages(story).values()))
    assert {author: (one.shared, one.adopted, one.returned) for author, one in counts.items()} == {
        ref("northfield"): (1, 2, 1),
        ref("ashfield"): (1, 0, 0),
    }
