"""Replay never refuses: what stands in a log is read, also when a rule of today would not admit it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from ledger.domain.partnership.aims import MetAim
from ledger.domain.partnership.facts import Reviewed
from ledger.domain.partnership.state import evolve, partnership
from tests.scenario import Scenario, coordinator, member, ref


def met_and_reviewed() -> Scenario:
    story = Scenario().schools("ash", "oak").partnership("cluster", "hub", "ash", "oak")
    story.given(coordinator("hub"), "partnership.aim_met", "cluster", aim_id="maths", evidence="x", on="2026-09-01")
    return story.given(member("ash"), "partnership.reviewed", "cluster", decision="continue")


def test_an_aim_that_is_said_to_end_twice_ends_the_first_time() -> None:
    story = met_and_reviewed()
    state, first = story.states["partnership", ref("cluster")], story.facts[-2]
    again = replace(first, event_id=ref("again"))
    aim = evolve(state, again).aims["maths"]
    assert isinstance(aim, MetAim)
    assert aim.event_id == first.event_id
    story.given(coordinator("hub"), "partnership.aim_added", "cluster", aim_id="b", statement="B", **DUE)
    story.given(coordinator("hub"), "partnership.aim_dropped", "cluster", aim_id="b", evidence="x", on="2026-09-01")
    assert evolve(state, replace(story.facts[-1], data=replace(story.facts[-1].data, aim_id="maths"))) == state


def test_a_review_without_a_name_bears_the_day_it_was_said_on() -> None:
    story = met_and_reviewed()
    unnamed = replace(story.facts[-1], data=Reviewed(decision="adjust"))
    review = evolve(story.states["partnership", ref("cluster")], unnamed).reviews["2026-09-01"]
    assert (review.due_on, review.answers[ref("ash")].decision) == (date(2026, 9, 1), "adjust")


def test_withdrawing_what_is_not_there_changes_nothing() -> None:
    story = met_and_reviewed()
    state = story.states["partnership", ref("cluster")]
    withdrawn = story.when(
        member("ash"),
        "partnership.entry_withdrawn",
        "cluster",
        event_id=story.facts[-1].event_id,
        reason="By mistake",
    )
    elsewhere = replace(withdrawn, data=replace(withdrawn.data, event_id=ref("elsewhere")))
    assert evolve(state, elsewhere) == state


def test_a_partnership_begins_by_being_formed() -> None:
    with pytest.raises(TypeError):
        evolve(None, met_and_reviewed().facts[-1])


def test_a_partnership_counts_in_itself() -> None:
    assert partnership(None) is None
    assert partnership(met_and_reviewed().states["partnership", ref("cluster")]) == ref("cluster")


DUE = {"due_on": "2027-07-01", "on": "2026-09-01"}
