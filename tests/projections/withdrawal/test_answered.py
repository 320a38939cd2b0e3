"""A notice names the point it answers: that point is taken, and keeps the id by which it was named."""

from __future__ import annotations

from dataclasses import replace

import pytest

from projections.withdrawal.points import Named, named
from projections.withdrawal.walking import points_on
from tests.projections.evidence_of import evidence
from tests.projections.giving import Story
from tests.projections.withdrawal.leaving import accounts, harbour, left, noticed, of, on, only, point_id, points
from tests.scenario import ADMIN, member, ref

REVIEW = point_id("review_due", "ashfield", "2026-11-30")


def test_a_notice_takes_the_point_it_names() -> None:
    story = harbour()
    noticed(story, "ashfield", "2026-10-10", "2026-11-20", REVIEW)
    assert only(points(story, "2026-10-09"), "ashfield", "review_due").state == "open"
    taken = only(points(story, "2026-10-10"), "ashfield", "review_due")
    assert (taken.state, taken.point_id, taken.earliest_leaving_on) == ("taken", REVIEW, on("2026-11-20"))
    assert only(points(story, "2026-10-10"), "northfield", "review_due").state == "open"


def test_it_stays_taken_when_its_days_have_passed_and_when_the_partner_has_left() -> None:
    story = harbour()
    noticed(story, "ashfield", "2026-10-10", "2026-11-20", REVIEW)
    left(story, "ashfield", "2026-11-20")
    for day in ("2026-11-21", "2027-06-01"):
        assert only(points(story, day), "ashfield", "review_due").state == "taken"


def test_a_notice_taken_back_leaves_the_point_as_it_is() -> None:
    story = harbour()
    noticed(story, "ashfield", "2026-10-10", "2026-11-20", REVIEW)
    story.at("2026-10-20").given(member("ashfield"), "partnership.notice_rescinded", "harbour", reason="We talked")
    assert only(points(story, "2026-10-19"), "ashfield", "review_due").state == "taken"
    back = only(points(story, "2026-10-20"), "ashfield", "review_due")
    assert (back.state, back.point_id) == ("open", REVIEW)


def quiet_story(point: str) -> Story:
    """Ashfield leaves because it is quiet: nothing since 10 September, which was the 135th day before 23 January."""
    story = harbour()
    story.at("2026-09-10").exchanged("northfield", "ashfield", 60, "2026-09-10", "s1", "harbour")
    noticed(story, "ashfield", "2027-02-01", "2027-03-31", point)
    return story


def test_late_facts_that_move_the_days_leave_the_point_its_name() -> None:
    story = quiet_story(point_id("quiet", "ashfield", "2027-01-23"))
    assert only(points(story, "2027-02-02"), "ashfield", "quiet").state == "taken"
    story.at("2027-02-10").exchanged("northfield", "ashfield", 60, "2026-09-12", "s2", "harbour")
    point = only(points(story, "2027-02-10"), "ashfield", "quiet")
    assert (point.state, point.opens_on) == ("taken", on("2027-01-25"))
    assert point.point_id == point_id("quiet", "ashfield", "2027-01-23")
    assert only(points(story, "2027-02-10"), "northfield", "quiet").point_id == point_id(
        "quiet", "northfield", "2027-01-25"
    )


def test_late_facts_that_undo_the_reason_leave_the_point_as_it_stood() -> None:
    story = quiet_story(point_id("quiet", "ashfield", "2027-01-23"))
    notice = story.facts[-1]
    [then] = of(points(story, "2027-02-01", known_at=(notice.position or 0) - 1), "ashfield", "quiet")
    story.at("2027-02-10").exchanged("northfield", "ashfield", 60, "2026-12-12", "s2", "harbour")
    assert of(points(story, "2027-02-10"), "ashfield", "quiet") == []
    known = evidence(story, "harbour")
    found = points_on(known, accounts(story), on("2027-02-10"), {notice.event_id: then})
    point = only(found, "ashfield", "quiet")
    assert (point.state, point.opens_on) == ("taken", on("2027-01-23"))


def test_late_facts_that_end_it_sooner_leave_it_taken_with_the_days_it_now_has() -> None:
    story = quiet_story(point_id("quiet", "ashfield", "2027-01-23"))
    notice = story.facts[-1]
    [then] = of(points(story, "2027-02-01", known_at=(notice.position or 0) - 1), "ashfield", "quiet")
    story.at("2027-02-10").exchanged("northfield", "ashfield", 60, "2027-01-26", "s2", "harbour")
    found = points_on(evidence(story, "harbour"), accounts(story), on("2027-02-10"), {notice.event_id: then})
    point = only(found, "ashfield", "quiet")
    assert (point.state, point.opens_on, point.closes_on) == ("taken", on("2027-01-23"), on("2027-01-25"))
    assert len({one.point_id for one in found}) == len(found)


@pytest.mark.parametrize(
    "name",
    [
        point_id("quiet", "ashfield", "2026-10-01"),
        point_id("review_due", "northfield", "2026-11-30"),
        f"review_due:{ref('elsewhere')}:{ref('ashfield')}:2026-11-30",
        "what-we-agreed",
    ],
)
def test_a_name_of_no_point_of_its_own_takes_none(name: str) -> None:
    story = harbour()
    noticed(story, "ashfield", "2026-10-10", "2026-11-20", name)
    assert {one.state for one in points(story, "2026-10-11")} == {"open"}


def test_a_point_that_was_not_open_yet_is_not_taken() -> None:
    story = harbour()
    noticed(story, "ashfield", "2026-09-20", "2026-11-20", REVIEW)
    assert only(points(story, "2026-10-10"), "ashfield", "review_due").state == "open"


def test_a_successor_gives_notice_for_the_partner_it_goes_on_from() -> None:
    story = harbour().at("2026-10-01").schools("ashfield academy")
    succeeded = {"successor_id": ref("ashfield academy"), "on": "2026-10-01"}
    story.given(ADMIN, "organisation.succeeded", "ashfield", **succeeded)
    noticed(story, "ashfield academy", "2026-10-10", "2026-11-20", REVIEW)
    assert only(points(story, "2026-10-11"), "ashfield", "review_due").state == "taken"


def test_the_parts_of_an_id() -> None:
    assert named("disputes_open:p:o:d1:2") == Named("disputes_open", "p", "o", "d1:2")
    assert named("quiet:p:o") is None
    assert named("quiet::o:k") is None


def test_a_point_without_its_kept_id_has_the_id_of_its_parts() -> None:
    point = only(points(harbour(), "2026-10-10"), "ashfield", "review_due")
    assert replace(point, kept_id="another").point_id == "another"
    assert point.point_id == REVIEW
