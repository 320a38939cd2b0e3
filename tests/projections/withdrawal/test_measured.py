"""Points that the health of the partnership opens: low twice, and peer reviews that found little."""

from __future__ import annotations

from typing import Any

from tests.projections.giving import Story
from tests.projections.withdrawal.leaving import harbour, of, on, only, point_id, points, reviewed
from tests.scenario import member, ref


def low(**more: Any) -> Story:
    """One school gives once, nobody confirms it in time, nothing follows, and the only aim has no measure."""
    aims = [{"aim_id": "maths", "statement": "Do better", "due_on": "2027-07-01"}]
    story = harbour(aims=aims, **more).at("2026-09-10")
    story.gave("northfield", "ashfield", 300, "2026-09-10", "s1", "harbour")
    story.at("2026-12-01").confirmed("ashfield", "s1")
    return story


def test_low_on_the_days_of_two_reviews_in_a_row_opens_a_point() -> None:
    story = low()
    reviewed(story, "2027-02-20")
    assert of(points(story, "2027-05-01"), "brookside", "health_low") == []
    reviewed(story, "2027-05-20", "ashfield")
    for one in ("northfield", "ashfield", "brookside"):
        point = only(points(story, "2027-05-21"), one, "health_low")
        assert (point.opens_on, point.state, point.closes_on) == (on("2027-05-20"), "open", None)
        assert len(point.event_ids) == 2


def test_two_reviews_held_on_one_day_are_one_look() -> None:
    story = low()
    reviewed(story, "2027-02-20")
    reviewed(story, "2027-02-20", "northfield")
    assert of(points(story, "2027-02-21"), "brookside", "health_low") == []


def test_it_closes_before_the_review_on_which_it_is_low_no_longer() -> None:
    story = low()
    reviewed(story, "2027-02-20")
    reviewed(story, "2027-05-20")
    for number, (giver, receiver) in enumerate((("ashfield", "brookside"), ("brookside", "northfield"))):
        story.at("2027-06-01").exchanged(giver, receiver, 300, "2027-06-01", f"r{number}", "harbour")
    reviewed(story, "2027-08-20")
    point = only(points(story, "2027-08-21"), "brookside", "health_low")
    assert (point.state, point.closes_on) == ("passed", on("2027-08-19"))


def peer_review(story: Story, name: str, lead: str, whom: str, day: str, judgement: str = "sound") -> None:
    story.given(
        member(whom), "review.scheduled", name, reviewed_id=ref(whom), lead_id=ref(lead),
        reviewers=[{"organisation_id": ref(lead)}], partnership_id=ref("harbour"), on=day,
    )  # fmt: skip
    more = {"evidence": "Seen in two lessons", "next_step": "Plan it together"} if judgement == "to_develop" else {}
    finding = {"finding_id": "f1", "area": "Maths", "judgement": judgement, **more}
    story.at(day).given(member(lead), "review.completed", name, findings=[finding], on=day)


def test_two_swapped_reviews_that_found_little_open_a_point_for_their_two_sides() -> None:
    story = harbour().at("2026-10-01")
    peer_review(story, "p1", "northfield", "ashfield", "2026-10-05")
    peer_review(story, "p2", "ashfield", "northfield", "2026-10-20")
    assert of(points(story, "2026-10-19"), "ashfield", "cosy") == []
    found = points(story, "2026-10-20")
    point = only(found, "ashfield", "cosy")
    assert (point.point_id, point.state) == (point_id("cosy", "ashfield", "2026-10-20"), "open")
    assert only(found, "northfield", "cosy").opens_on == on("2026-10-20")
    assert of(found, "brookside", "cosy") == []


def test_a_review_with_something_to_develop_closes_it_the_day_before() -> None:
    story = harbour().at("2026-10-01")
    peer_review(story, "p1", "northfield", "ashfield", "2026-10-05")
    peer_review(story, "p2", "ashfield", "northfield", "2026-10-20")
    peer_review(story, "p3", "brookside", "northfield", "2026-11-10", "to_develop")
    assert only(points(story, "2026-11-10"), "ashfield", "cosy").closes_on == on("2026-11-09")
