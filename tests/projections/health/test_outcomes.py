"""Outcomes: what came of completed support, in the receiver's latest word; without one, nothing."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest

from projections.health.dimension import Dimension
from tests.projections.giving import Story
from tests.projections.health.stories import agreed, delivered, dimension, harbour
from tests.scenario import ADMIN, member, ref


def outcomes(story: Story, day: str = "2026-12-31") -> Dimension:
    return dimension(story, "outcomes", day)


def completed(story: Story, *supports: str, basis: str = "exchange") -> Story:
    """Supports that Northfield gave Ashfield on 1 October and that were completed on 1 November."""
    story.at("2026-10-01")
    for support in supports:
        agreed(story, support, 60, "2026-12-18", basis=basis)
        delivered(story, support, 60)
        story.confirmed("ashfield", support)
    story.at("2026-11-01")
    for support in supports:
        story.given(member("ashfield"), "support.completed", support, reason="Done")
    return story


def judged(story: Story, support: str, impact: int, by: str = "ashfield", on: str = "2026-11-01") -> str:
    said: dict[str, Any] = {"impact": impact, "evidence": "We compared", "assessed_on": on}
    return story.when(member(by), "support.outcome_recorded", support, **said).event_id


@pytest.mark.parametrize(
    ("impact", "f"),
    [(-1, Fraction(0)), (0, Fraction(1, 4)), (1, Fraction(1, 2)), (2, Fraction(3, 4)), (3, Fraction(1))],
)
def test_what_each_impact_weighs(impact: int, f: Fraction) -> None:
    story = completed(harbour(), "s1")
    judged(story, "s1", impact)
    assert outcomes(story).f == f


def test_without_an_outcome_it_counts_as_nothing_and_the_giver_speaks_beside() -> None:
    story = completed(harbour(), "s1", "s2")
    judged(story, "s1", 3)
    judged(story, "s2", 3, by="northfield")
    found = outcomes(story)
    assert found.f == Fraction(1, 2)
    assert (found.counted["completed"], found.counted["with_outcome"]) == (2, 1)


def test_the_latest_is_the_one_assessed_last_then_the_one_recorded_last() -> None:
    story = completed(harbour(), "s1").at("2026-12-01")
    judged(story, "s1", 3, on="2026-11-20")
    judged(story, "s1", 0, on="2026-11-10")
    assert outcomes(story).f == 1
    judged(story, "s1", 1, on="2026-11-20")
    assert outcomes(story).f == Fraction(1, 2)


def test_as_of_a_day_only_what_was_assessed_by_then_is_known() -> None:
    story = completed(harbour(), "s1").at("2026-12-01")
    judged(story, "s1", 3, on="2026-12-01")
    assert outcomes(story, "2026-10-31").f is None
    assert outcomes(story, "2026-11-30").f == 0
    assert outcomes(story, "2026-12-01").f == 1


def test_an_outcome_that_was_withdrawn_is_none() -> None:
    story = completed(harbour(), "s1")
    event_id = judged(story, "s1", 3)
    story.given(member("ashfield"), "support.entry_withdrawn", "s1", event_id=event_id, reason="Another support")
    assert outcomes(story).f == 0


def test_only_exchanges_completed_in_the_last_365_days_are_asked() -> None:
    story = completed(harbour(), "gift", basis="gift")
    assert outcomes(story).f is None
    assert outcomes(story).why == "no support was completed in the last 365 days"
    completed(story, "s1")
    judged(story, "s1", 3)
    assert outcomes(story, "2027-10-31").f == 1
    assert outcomes(story, "2027-11-01").f is None


def test_the_successor_of_a_closed_receiver_speaks_for_it() -> None:
    story = completed(harbour(), "s1").schools("academy").at("2026-11-10")
    story.given(ADMIN, "organisation.closed", "ashfield", on="2026-11-10", reason="Conversion")
    succeeded = {"successor_id": ref("academy"), "on": "2026-11-10"}
    story.given(ADMIN, "organisation.succeeded", "ashfield", **succeeded)
    judged(story, "s1", 2, by="academy", on="2026-11-10")
    assert outcomes(story).f == Fraction(3, 4)
