"""The practices kept: the same however their facts are cut."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from zoneinfo import ZoneInfo

import pytest

from projections.practices.fold import practices_view
from projections.practices.rows import PRACTICES, STEPS
from projections.tables import CannotApply
from tests.projections.memory import Memory
from tests.projections.practices.giving_away import told
from tests.scenario import Scenario, ref

VIEW = practices_view(ZoneInfo("Europe/London"))


def test_a_practice_and_all_that_was_done_with_it() -> None:
    kept = Memory(VIEW).fold(told().facts)
    [practice] = kept.all(PRACTICES)
    assert (practice.practice_id, practice.author_id, practice.category) == (
        ref("phonics"),
        ref("northfield"),
        "english",
    )
    assert practice.shared_on == date(2026, 9, 1)
    steps = sorted(kept.all(STEPS), key=lambda row: row.known_from)
    assert [(one.kind, one.organisation_id, one.step_on) for one in steps] == [
        ("needs_work", ref("elmwood"), date(2026, 9, 2)),
        ("adopted", ref("oakwood"), date(2026, 9, 3)),
        ("assured", ref("elmwood"), date(2026, 9, 10)),
        ("returned", ref("oakwood"), date(2026, 10, 1)),
        ("adopted", ref("ashfield"), date(2026, 10, 1)),
    ]


def test_a_day_is_one_of_the_ledgers_zone() -> None:
    story = told(Scenario().at("2026-09-01T23:30:00"))
    assert Memory(VIEW).fold(story.facts).all(PRACTICES)[0].shared_on == date(2026, 9, 2)


@pytest.mark.parametrize("page", [1, 2, 3])
def test_however_the_facts_are_cut(page: int) -> None:
    facts = told().facts
    whole, cut = Memory(VIEW).fold(facts), Memory(VIEW).fold(facts, page)
    for table in VIEW.tables:
        assert cut.all(table) == whole.all(table)
        assert whole.all(table)


def test_a_return_is_somebodys_word() -> None:
    story = told()
    returned = next(fact for fact in story.facts if fact.type == "practice.returned")
    with pytest.raises(CannotApply):
        Memory(VIEW).fold([replace(returned, voice=None)])
