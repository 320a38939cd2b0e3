"""What becomes a day in a calendar, and what does not."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from projections.diary.entries import AHEAD, BEHIND, MOST_ENTRIES, Entry, diary_of, of_points, of_review
from projections.reviews.records import PeerReview
from projections.withdrawal.points import Point, Standing

NORTHFIELD, ASHFIELD, HARBOUR = "northfield", "ashfield", "harbour"
TODAY = date(2026, 9, 1)
END = Point(
    kind="term_end", partnership_id=HARBOUR, organisation_id=NORTHFIELD, key="2027-07-31", opens_on=date(2027, 6, 1),
    closes_on=date(2027, 7, 31), notice_by=date(2027, 7, 1), says="The partnership ends.", event_ids=(),
)  # fmt: skip
QUIET = Point(
    kind="quiet", partnership_id=HARBOUR, organisation_id=NORTHFIELD, key="2026-08-20", opens_on=date(2026, 8, 20),
    closes_on=None, says="Nothing was confirmed for a while.", event_ids=(),
)  # fmt: skip
PLANNED = PeerReview(
    review_id="r1", reviewed_id=ASHFIELD, reviewer_ids=frozenset({NORTHFIELD}), lead_id=NORTHFIELD, moderator_id=None,
    partnership_id=None, framework_id=None, support_id=None, planned_on=date(2026, 10, 8), scheduled_on=TODAY,
    scheduled_event="e1", event_ids=("e1",),
)  # fmt: skip


def day(on: date, key: str = "r1") -> Entry:
    return Entry(on=on, kind="review", key=key, partnership_id=HARBOUR)


def test_a_point_of_a_day_has_a_last_day_for_notice_and_a_day_on_which_it_opens() -> None:
    found = [(one.kind, one.on, one.organisation_id) for one in of_points([END], together=False)]
    assert found == [
        ("notice_by", date(2027, 7, 1), NORTHFIELD),
        ("point_opens", date(2027, 6, 1), NORTHFIELD),
    ]


def test_a_state_has_no_last_day_for_notice() -> None:
    assert [one.kind for one in of_points([QUIET], together=False)] == ["point_opens"]


def test_the_same_day_of_all_partners_is_told_once_and_a_state_of_one_for_itself() -> None:
    points = [replace(one, organisation_id=whose) for one in (END, QUIET) for whose in (NORTHFIELD, ASHFIELD)]
    found = diary_of(of_points(points, together=True), TODAY)
    assert [(one.kind, one.organisation_id) for one in found] == [
        ("point_opens", ASHFIELD), ("point_opens", NORTHFIELD), ("point_opens", None), ("notice_by", None),
    ]  # fmt: skip


def test_what_is_made_up_for_elsewhere_is_no_point_yet() -> None:
    assert list(of_points([replace(QUIET, elsewhere=Standing(0, 600))], together=False)) == []


def test_a_peer_review_stands_in_the_calendar_until_it_was_held_or_taken_back() -> None:
    assert [(one.on, one.organisation_id) for one in of_review(PLANNED)] == [(date(2026, 10, 8), ASHFIELD)]
    assert list(of_review(replace(PLANNED, held_on=date(2026, 10, 8)))) == []
    assert list(of_review(replace(PLANNED, withdrawn=True))) == []


def test_a_calendar_reaches_from_a_month_ago_to_a_year_and_a_month_from_now() -> None:
    days = [TODAY - BEHIND - timedelta(1), TODAY - BEHIND, TODAY + AHEAD, TODAY + AHEAD + timedelta(1)]
    found = diary_of([day(on, key=str(on)) for on in days], TODAY)
    assert [one.on for one in found] == [TODAY - BEHIND, TODAY + AHEAD]


def test_one_thing_is_told_once() -> None:
    assert diary_of([day(TODAY), replace(day(TODAY), organisation_id=ASHFIELD)], TODAY) == [day(TODAY)]


def test_what_is_ahead_goes_before_what_is_past_where_there_is_too_much() -> None:
    past = [day(TODAY - timedelta(number), key=f"past {number}") for number in (1, 2, 3)]
    ahead = [day(TODAY + timedelta(number % 300), key=f"ahead {number}") for number in range(MOST_ENTRIES - 1)]
    found = diary_of([*past, *ahead], TODAY)
    assert len(found) == MOST_ENTRIES
    assert [one.on for one in found if one.on < TODAY] == [TODAY - timedelta(1)]
