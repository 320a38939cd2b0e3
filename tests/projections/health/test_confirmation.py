"""Confirmation: what was answered in time, and whose silence it is where it was not."""

from __future__ import annotations

from fractions import Fraction

import pytest

from tests.ledger.domain.calendar.stories import AUTUMN, SPRING, set_by, terms
from tests.projections.giving import Story
from tests.projections.health.stories import dimension, harbour, on
from tests.scenario import ADMIN, member, ref


@pytest.fixture
def story() -> Story:
    """An hour given and recorded on 1 October; to be answered by 15 October."""
    story = harbour().at("2026-10-01")
    story.gave("northfield", "ashfield", 60, "2026-10-01", "s1", "harbour")
    return story


def f(story: Story, day: str) -> Fraction | None:
    return dimension(story, "confirmation", day).f


def test_unanswered_it_counts_from_the_day_after_its_last(story: Story) -> None:
    assert f(story, "2026-10-15") is None
    assert dimension(story, "confirmation", "2026-10-15").counted["waiting"] == 1
    assert f(story, "2026-10-16") == 0
    assert dimension(story, "confirmation", "2026-10-16").counted["unanswered"] == 1


@pytest.mark.parametrize(("day", "answered_in_time"), [("2026-10-15", 1), ("2026-10-16", 0)])
def test_the_last_day_is_in_time(story: Story, day: str, answered_in_time: int) -> None:
    story.at(day).confirmed("ashfield", "s1")
    assert f(story, "2026-10-16") == answered_in_time


def test_a_query_is_an_answer_and_an_answer_taken_back_is_none(story: Story) -> None:
    story.gave("northfield", "brookside", 60, "2026-10-01", "s2", "harbour")
    story.at("2026-10-05").disputed("ashfield", "s1")
    story.confirmed("brookside", "s2")
    taking_back = {"delivery_id": "d1", "reason": "Another day"}
    story.given(member("brookside"), "support.confirmation_withdrawn", "s2", **taking_back)
    assert f(story, "2026-10-19") == 1  # fourteen days from the day it was taken back
    assert f(story, "2026-10-20") == Fraction(1, 2)
    assert dimension(story, "confirmation", "2026-10-20").counted["unanswered"] == 1
    story.at("2026-10-19").confirmed("brookside", "s2")
    assert f(story, "2026-10-20") == 1


def test_what_is_recorded_late_is_answered_from_then(story: Story) -> None:
    story.at("2026-11-20").gave("northfield", "brookside", 60, "2026-09-10", "s2", "harbour")
    story.at("2026-12-04").confirmed("brookside", "s2")
    assert on(story, "2026-12-04").confirmation_by_receiver[ref("brookside")].in_time == 1


def test_it_is_seen_whose_silence_it_is(story: Story) -> None:
    story.exchanged("northfield", "brookside", 60, "2026-10-01", "s2", "harbour")
    story.exchanged("ashfield", "brookside", 60, "2026-10-01", "s3", "harbour")
    health = on(story, "2026-10-16")
    assert health.dimensions["confirmation"].f == Fraction(2, 3)
    shares = {one: answers.f for one, answers in health.confirmation_by_receiver.items()}
    assert shares == {ref("ashfield"): Fraction(0), ref("brookside"): Fraction(1)}


def test_gifts_what_was_reversed_and_what_lies_a_year_back_are_out(story: Story) -> None:
    story.gave("northfield", "ashfield", 60, "2026-10-01", "gift", "harbour", basis="gift")
    story.at("2026-11-01").reversed("northfield", "s1", "2026-11-01")
    assert f(story, "2026-10-31") == 0
    assert f(story, "2026-11-01") is None
    story.gave("northfield", "ashfield", 60, "2026-10-02", "s2", "harbour")
    assert f(story, "2027-10-01") == 0
    assert f(story, "2027-10-02") is None


def test_holidays_of_the_receiver_do_not_count_against_it() -> None:
    """Recorded on 10 December: 8 days of that term and 6 of the next one, which begins on 4 January."""
    story = harbour()
    set_by(ADMIN, terms(AUTUMN, SPRING), story)
    story.at("2026-12-10").gave("northfield", "ashfield", 60, "2026-12-10", "s1", "harbour")
    assert f(story, "2027-01-09") is None
    assert f(story, "2027-01-10") == 0
    story.at("2027-01-09").confirmed("ashfield", "s1")
    assert f(story, "2027-01-10") == 1


def test_the_receiver_with_a_calendar_of_its_own_is_asked_by_that() -> None:
    story = harbour()
    later = terms(AUTUMN, SPRING | {"starts_on": "2027-01-11"}, for_=ref("ashfield"))
    set_by(member("ashfield"), later, story)
    story.at("2026-12-10")
    for receiver in ("ashfield", "brookside"):
        story.gave("northfield", receiver, 60, "2026-12-10", f"to {receiver}", "harbour")
    health = on(story, "2026-12-25")
    assert health.confirmation_by_receiver[ref("ashfield")].waiting == 1
    assert health.confirmation_by_receiver[ref("brookside")].unanswered == 1
    assert on(story, "2027-01-16").confirmation_by_receiver[ref("ashfield")].waiting == 1
    assert on(story, "2027-01-17").confirmation_by_receiver[ref("ashfield")].unanswered == 1


def test_the_days_agreed_count() -> None:
    story = harbour(terms={"confirm_within_days": 3}).at("2026-10-01")
    story.gave("northfield", "ashfield", 60, "2026-10-01", "s1", "harbour")
    assert f(story, "2026-10-04") is None
    assert f(story, "2026-10-05") == 0
