"""Points with a day of their own: when they open, by when notice is to be given, when they close."""

from __future__ import annotations

from tests.projections.withdrawal.leaving import (
    closed,
    harbour,
    left,
    noticed,
    of,
    on,
    only,
    points,
    reviewed,
    terms_of_school,
)
from tests.scenario import coordinator, member, ref

ENDS = {"ends_on": "2027-08-31"}


def test_a_review_is_due_after_ninety_days_and_opens_sixty_before_that() -> None:
    story = harbour()
    before, opened = (only(points(story, day), "northfield", "review_due") for day in ("2026-09-30", "2026-10-01"))
    assert (before.state, opened.state) == ("upcoming", "open")
    assert opened.opens_on == on("2026-10-01")
    assert opened.notice_by == on("2026-10-31")
    assert opened.closes_on == on("2026-12-14")
    assert opened.point_id == f"review_due:{ref('harbour')}:{ref('northfield')}:2026-11-30"
    assert before.earliest_leaving_on == on("2026-10-31")
    assert only(points(story, "2026-10-20"), "northfield", "review_due").earliest_leaving_on == on("2026-11-19")


def test_every_partner_has_a_point_of_its_own() -> None:
    kinds = {(one.organisation_id, one.kind) for one in points(harbour(), "2026-10-01")}
    assert kinds == {(ref(one), "review_due") for one in ("northfield", "ashfield", "brookside")}


def test_a_review_closes_on_the_day_it_is_held_and_the_next_is_due_ninety_days_later() -> None:
    story = harbour()
    reviewed(story, "2026-11-25", "ashfield")
    first, second = of(points(story, "2026-11-26"), "northfield", "review_due")
    assert (first.closes_on, first.state, first.earliest_leaving_on) == (on("2026-11-25"), "passed", None)
    assert (second.key, second.state, second.opens_on) == ("2027-02-23", "upcoming", on("2026-12-25"))


def test_a_review_held_before_its_point_opened_leaves_none() -> None:
    story = harbour()
    reviewed(story, "2026-09-20")
    assert only(points(story, "2026-09-21"), "northfield", "review_due").key == "2026-12-19"


def test_an_announced_review_takes_the_place_of_the_usual_one_under_its_own_id() -> None:
    story = harbour().at("2026-10-15")
    story.given(coordinator("hub"), "partnership.review_scheduled", "harbour", review_id="autumn", due_on="2026-12-05")
    usual, autumn = of(points(story, "2026-10-20"), "northfield", "review_due")
    assert (usual.key, usual.state, usual.closes_on) == ("2026-11-30", "passed", on("2026-10-14"))
    assert (autumn.key, autumn.state, autumn.opens_on) == ("autumn", "open", on("2026-10-06"))
    assert [one.key for one in of(points(story, "2026-10-14"), "northfield", "review_due")] == ["2026-11-30"]


def test_two_reviews_announced_for_the_same_day_have_two_points() -> None:
    story = harbour().at("2026-10-01")
    for review_id in ("autumn", "governors"):
        story.given(
            coordinator("hub"), "partnership.review_scheduled", "harbour", review_id=review_id, due_on="2026-12-05"
        )
    found = of(points(story, "2026-10-10"), "northfield", "review_due")
    assert {one.key for one in found if one.state == "open"} == {"autumn", "governors"}
    assert len({one.point_id for one in found}) == len(found)


def test_a_review_not_held_is_overdue_from_the_fifteenth_day_until_the_day_before_it_is() -> None:
    story = harbour()
    assert of(points(story, "2026-12-14"), "northfield", "review_overdue") == []
    overdue = only(points(story, "2026-12-15"), "northfield", "review_overdue")
    assert (overdue.state, overdue.opens_on, overdue.closes_on) == ("open", on("2026-12-15"), None)
    assert (overdue.key, overdue.notice_by) == ("2026-11-30", None)
    reviewed(story, "2027-01-10")
    held = only(points(story, "2027-01-10"), "northfield", "review_overdue")
    assert (held.state, held.closes_on) == ("passed", on("2027-01-09"))


def test_announcing_another_review_does_not_close_one_that_is_overdue() -> None:
    story = harbour().at("2026-12-20")
    story.given(coordinator("hub"), "partnership.review_scheduled", "harbour", review_id="late", due_on="2027-02-01")
    assert only(points(story, "2027-01-31"), "northfield", "review_overdue").state == "open"
    story.at("2027-02-03").given(
        member("northfield"), "partnership.reviewed", "harbour", review_id="late", decision="continue"
    )
    assert only(points(story, "2027-02-03"), "northfield", "review_overdue").closes_on == on("2027-02-02")


def test_holidays_do_not_count_in_how_late_a_review_is() -> None:
    story = harbour(terms={"review_every_days": 100})
    terms_of_school(story, "hub")
    due = only(points(story, "2026-12-11"), "northfield", "review_due")
    assert due.closes_on == on("2027-01-10")  # due on 10 December; eight days to the 18th, six from 5 January
    assert of(points(story, "2027-01-10"), "northfield", "review_overdue") == []
    assert only(points(story, "2027-01-11"), "northfield", "review_overdue").opens_on == on("2027-01-11")


def test_after_its_last_day_a_partnership_has_no_review_due() -> None:
    story = harbour(ends_on="2026-11-15")
    found = points(story, "2026-12-20")
    assert {one.kind for one in found} == {"term_end"}


def test_the_end_and_the_break_dates_are_points() -> None:
    story = harbour(terms={"break_dates": ["2027-01-31"]}, **ENDS)
    found = points(story, "2027-01-15")
    broken, end = only(found, "ashfield", "break_date"), only(found, "ashfield", "term_end")
    assert (broken.opens_on, broken.notice_by, broken.closes_on) == (
        on("2026-12-02"), on("2027-01-01"), on("2027-01-31"),
    )  # fmt: skip
    assert (broken.key, broken.state) == ("2027-01-31", "open")
    assert (end.opens_on, end.notice_by, end.closes_on) == (on("2027-07-02"), on("2027-08-01"), on("2027-08-31"))
    assert end.state == "upcoming"
    assert only(points(story, "2027-02-01"), "ashfield", "break_date").state == "passed"


def test_the_last_day_of_a_one_way_direction_is_a_point() -> None:
    one_way = {"kind": "one_way", "from": ref("northfield"), "until": "2027-03-31"}
    point = only(points(harbour(terms={"intended": one_way}), "2027-02-01"), "brookside", "intended_end")
    assert (point.key, point.opens_on, point.closes_on) == ("2027-03-31", on("2027-01-30"), on("2027-03-31"))


def test_longer_notice_opens_a_point_on_the_day_it_takes_effect() -> None:
    story = harbour(terms={"break_dates": ["2027-03-31"]}).at("2026-12-01")
    story.given(
        coordinator("hub"), "partnership.terms_revised", "harbour", terms={"notice_days": 90},
        effective_on="2027-01-10", reason="A term ahead",
    )  # fmt: skip
    before = only(points(story, "2027-01-09"), "ashfield", "break_date")
    after = only(points(story, "2027-01-10"), "ashfield", "break_date")
    assert (before.state, before.opens_on, before.notice_by) == ("upcoming", on("2027-01-30"), on("2027-03-01"))
    assert (after.state, after.opens_on, after.notice_by) == ("open", on("2027-01-10"), on("2026-12-31"))


def test_a_break_date_taken_out_of_the_terms_closes_the_day_before() -> None:
    story = harbour(terms={"break_dates": ["2027-01-31"]}).at("2026-11-01")
    story.given(
        coordinator("hub"), "partnership.terms_revised", "harbour", terms={"break_dates": ["2027-06-30"]},
        effective_on="2026-12-15", reason="Better in summer",
    )  # fmt: skip
    gone, new = of(points(story, "2026-12-15"), "ashfield", "break_date")
    assert (gone.key, gone.state, gone.closes_on) == ("2027-01-31", "passed", on("2026-12-14"))
    assert (new.key, new.state) == ("2027-06-30", "upcoming")


def test_leaving_ends_what_is_open_and_leaves_out_what_never_opened() -> None:
    story = harbour(terms={"break_dates": ["2027-06-30"]})
    noticed(story, "ashfield", "2026-10-10", "2026-11-09")
    left(story, "ashfield", "2026-11-09")
    found = points(story, "2026-11-20")
    assert [one.kind for one in found if one.organisation_id == ref("ashfield")] == ["review_due"]
    point = only(found, "ashfield", "review_due")
    assert (point.state, point.closes_on) == ("passed", on("2026-11-08"))
    assert only(found, "northfield", "break_date").state == "upcoming"


def test_closing_ends_everything() -> None:
    story = harbour(terms={"break_dates": ["2027-06-30"]})
    closed(story, "2026-11-01")
    found = points(story, "2026-11-01")
    assert {(one.kind, one.state, one.closes_on) for one in found} == {("review_due", "passed", on("2026-10-31"))}
    assert {one.state for one in points(story, "2026-10-31")} == {"open", "upcoming"}


def test_who_may_leave_at_once_may_leave_today() -> None:
    story = harbour(terms={"allow_immediate": True})
    assert only(points(story, "2026-10-20"), "northfield", "review_due").earliest_leaving_on == on("2026-10-20")


def test_a_partner_who_came_later_has_no_point_of_days_before_it_came() -> None:
    story = harbour(terms={"break_dates": ["2026-10-15"]}).at("2026-12-20").schools("westleigh")
    story.given(
        coordinator("hub"), "partnership.partner_invited", "harbour", organisation_id=ref("westleigh"), on="2026-12-20"
    )
    story.given(
        member("westleigh"),
        "partnership.partner_accepted",
        "harbour",
        organisation_id=ref("westleigh"),
        on="2026-12-20",
    )
    found = points(story, "2026-12-21")
    assert of(found, "westleigh", "break_date") == []
    assert of(found, "westleigh", "review_due") == []
    assert only(found, "westleigh", "review_overdue").opens_on == on("2026-12-20")
