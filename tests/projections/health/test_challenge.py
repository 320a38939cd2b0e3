"""Challenge: four questions of each peer review that counts for the partnership; and the code `cosy`."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest

from projections.health.dimension import Dimension
from tests.projections.giving import Story
from tests.projections.health.stories import dimension, harbour, on
from tests.scenario import member, ref

SOUND: dict[str, Any] = {"finding_id": "f1", "area": "Reading", "judgement": "sound"}
TO_DEVELOP = SOUND | {"judgement": "to_develop", "evidence": "Books", "next_step": "Plan together"}


def reviewed(
    story: Story, review: str, whose: str, by: str, day: str, *, finding: dict[str, Any] = SOUND, **more: Any
) -> None:
    """A review planned for a day and held on it by one school."""
    planned(story, review, whose, by, day, **more)
    story.at(day).given(member(by), "review.completed", review, findings=[finding], on=day)


def planned(story: Story, review: str, whose: str, by: str, day: str, **more: Any) -> None:
    plan = {"reviewed_id": ref(whose), "reviewers": [{"organisation_id": ref(by)}], "lead_id": ref(by), "on": day}
    story.given(member(whose), "review.scheduled", review, **plan | more)


def challenge(story: Story, day: str) -> Dimension:
    return dimension(story, "challenge", day)


def test_without_a_review_there_is_nothing_to_say() -> None:
    assert challenge(harbour(), "2027-01-01").f is None
    assert challenge(harbour(), "2027-01-01").why == "no peer review in the last 365 days"


def test_a_friendly_review_among_partners_that_was_held_in_time_is_half() -> None:
    story = harbour()
    reviewed(story, "r1", "northfield", "ashfield", "2026-10-05")
    found = challenge(story, "2026-10-05")
    assert found.f == Fraction(1, 2)
    assert [found.counted[name] for name in ("held_in_time", "has_to_develop", "no_swap", "from_outside")] == [
        1,
        0,
        1,
        0,
    ]
    assert challenge(story, "2026-10-04").f is None


def test_something_to_develop_and_a_moderator_make_it_whole() -> None:
    story = harbour("elmwood")
    reviewed(
        story, "r1", "northfield", "ashfield", "2026-10-05", finding=TO_DEVELOP, moderator_id=ref("brookside")
    )  # fmt: skip
    assert challenge(story, "2026-10-05").f == Fraction(3, 4)
    verdict = {"verdict": "upheld", "comment": "It bears out"}
    story.at("2026-10-09").given(member("brookside"), "review.moderated", "r1", **verdict)
    assert challenge(story, "2026-10-08").f == Fraction(3, 4)
    assert challenge(story, "2026-10-09").f == 1


@pytest.mark.parametrize(("day", "f"), [("2026-10-19", Fraction(1, 2)), ("2026-10-20", Fraction(1, 4))])
def test_fourteen_days_late_is_in_time(day: str, f: Fraction) -> None:
    story = harbour()
    planned(story, "r1", "northfield", "ashfield", "2026-10-05")
    story.at(day).given(member("ashfield"), "review.completed", "r1", findings=[SOUND], on=day)
    assert challenge(story, day).f == f


@pytest.mark.parametrize(("back_on", "f"), [("2027-10-05", Fraction(1, 4)), ("2027-10-06", Fraction(1, 2))])
def test_a_swap_is_one_within_365_days(back_on: str, f: Fraction) -> None:
    story = harbour()
    reviewed(story, "r1", "northfield", "ashfield", "2026-10-05")
    reviewed(story, "r2", "ashfield", "northfield", back_on)
    assert challenge(story, back_on).f == f


def test_a_review_that_names_no_partnership_counts_where_both_sides_were_partners_that_day() -> None:
    story = harbour().schools("elmwood")
    reviewed(story, "r1", "elmwood", "ashfield", "2026-10-05")
    assert challenge(story, "2026-10-05").f is None
    reviewed(story, "r2", "northfield", "ashfield", "2026-10-06")
    assert challenge(story, "2026-10-06").counted["reviews"] == 1


def test_the_latest_two_swaps_that_found_nothing_are_cosy() -> None:
    story = harbour()
    reviewed(story, "r1", "northfield", "ashfield", "2026-10-05")
    assert on(story, "2026-10-05").codes == ()
    reviewed(story, "r2", "ashfield", "northfield", "2026-11-05")
    assert on(story, "2026-11-04").codes == ()
    assert on(story, "2026-11-05").codes == ("cosy",)
    reviewed(story, "r3", "brookside", "ashfield", "2026-12-05", finding=TO_DEVELOP)
    assert on(story, "2026-12-05").codes == ()


def test_a_moderated_swap_is_not_cosy() -> None:
    story = harbour()
    reviewed(story, "r1", "northfield", "ashfield", "2026-10-05")
    reviewed(story, "r2", "ashfield", "northfield", "2026-11-05", moderator_id=ref("brookside"))
    verdict = {"verdict": "upheld", "comment": "It bears out"}
    story.given(member("brookside"), "review.moderated", "r2", **verdict)
    assert on(story, "2026-11-05").codes == ()
