"""Purpose: aims with a measure, agreements with an aim, a review held; a part with nothing to divide is left out."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from tests.projections.giving import Story
from tests.projections.health.stories import HUB, agreed, dimension, harbour, reviewed

VAGUE = {"aim_id": "vague", "statement": "Work together", "due_on": "2027-07-01"}
CLEAR = {"aim_id": "maths", "statement": "Raise attainment", "success_measure": "+5 points", "due_on": "2027-07-01"}


def purpose(story: Story, day: str) -> Fraction | None:
    return dimension(story, "purpose", day).f


def two_aims(**more: Any) -> Story:
    return harbour(aims=[VAGUE, CLEAR], **more)


def test_before_anything_else_the_aims_alone_are_looked_at() -> None:
    assert purpose(two_aims(), "2026-09-01") == Fraction(1, 2)


def test_an_aim_that_was_dropped_is_out_from_that_day_on() -> None:
    story = two_aims().at("2026-10-01")
    story.given(HUB, "partnership.aim_dropped", "harbour", aim_id="vague", evidence="No use", on="2026-10-01")
    assert purpose(story, "2026-09-30") == Fraction(1, 2)
    assert purpose(story, "2026-10-01") == 1


def test_an_aim_that_was_met_or_added_counts() -> None:
    story = harbour(aims=[CLEAR]).at("2026-10-01")
    story.given(HUB, "partnership.aim_met", "harbour", aim_id="maths", evidence="The results", on="2026-10-01")
    story.at("2026-10-02").given(HUB, "partnership.aim_added", "harbour", **VAGUE, on="2026-10-02")
    assert purpose(story, "2026-10-01") == 1
    assert purpose(story, "2026-10-02") == Fraction(1, 2)


def test_without_any_aim_left_that_part_is_left_out() -> None:
    story = harbour(aims=[VAGUE]).at("2026-10-01")
    agreed(story, "s1", 60, "2026-12-18", aim_id="vague")
    story.given(HUB, "partnership.aim_dropped", "harbour", aim_id="vague", evidence="No use", on="2026-10-01")
    found = dimension(story, "purpose", "2026-10-01")
    assert found.f == 1
    assert (found.counted["aims"], found.counted["parts"]) == (0, 1)


def test_of_two_agreements_one_names_an_aim() -> None:
    """Aims 1, agreements 1/2: the mean is 3/4; agreed for money, it is no exchange."""
    story = harbour(aims=[CLEAR]).at("2026-10-01")
    agreed(story, "s1", 60, "2026-12-18", aim_id="maths")
    agreed(story, "s2", 60, "2026-12-18")
    agreed(story, "s3", 60, "2026-12-18", basis="gift")
    assert purpose(story, "2026-09-30") == 1
    assert purpose(story, "2026-10-01") == Fraction(3, 4)


def test_an_agreement_is_looked_at_for_365_days() -> None:
    story = harbour(aims=[CLEAR]).at("2026-10-01")
    agreed(story, "s1", 60, "2028-12-18")
    assert dimension(story, "purpose", "2027-09-30").counted["agreements"] == 1
    assert dimension(story, "purpose", "2027-10-01").counted["agreements"] == 0


def test_a_review_is_missed_from_the_day_on_which_the_first_is_due() -> None:
    """90 days after 1 September is 30 November."""
    story = harbour(aims=[CLEAR])
    assert purpose(story, "2026-11-29") == 1
    assert purpose(story, "2026-11-30") == Fraction(1, 2)


def test_a_review_announced_for_another_day_is_due_on_that_day() -> None:
    story = harbour(aims=[CLEAR]).at("2026-10-01")
    story.given(HUB, "partnership.review_scheduled", "harbour", review_id="r1", due_on="2026-12-15")
    assert purpose(story, "2026-12-14") == 1
    assert purpose(story, "2026-12-15") == Fraction(1, 2)


def test_a_review_counts_for_365_days_even_where_none_was_due() -> None:
    story = two_aims().at("2026-10-01")
    reviewed(story, "ashfield")
    assert purpose(story, "2026-09-30") == Fraction(1, 2)
    assert purpose(story, "2026-10-01") == Fraction(3, 4)
    assert purpose(story, "2027-09-30") == Fraction(3, 4)
    assert purpose(story, "2027-10-01") == Fraction(1, 4)


def test_a_partnership_that_ends_before_a_review_is_due_misses_none() -> None:
    assert purpose(harbour(aims=[CLEAR], ends_on="2026-11-29"), "2027-02-01") == 1
