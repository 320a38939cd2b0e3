"""School days, Mondays on which letters are due, and whom a waiting delivery is told to as the days go by."""

from __future__ import annotations

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from ledger.domain.calendar.counting import EVERY_DAY, TermCalendar
from projections.messages.confirming import is_reminder, told
from projections.messages.school_days import due_monday, in_term, school_days

LONDON = ZoneInfo("Europe/London")
AUTUMN = TermCalendar(
    {2026: tuple(range(date(2026, 9, 1).toordinal(), date(2026, 10, 24).toordinal()))},
)
"""A term from Tuesday 1 September to Friday 23 October 2026, and no other day in that year."""


@pytest.mark.parametrize(
    ("after", "until", "days"),
    [
        (date(2026, 9, 3), date(2026, 9, 3), 0),
        (date(2026, 9, 3), date(2026, 9, 4), 1),
        (date(2026, 9, 4), date(2026, 9, 7), 1),  # a weekend is no school day, though term goes on
        (date(2026, 9, 4), date(2026, 9, 14), 6),
        (date(2026, 10, 22), date(2026, 11, 2), 1),  # half-term
    ],
)
def test_school_days_are_those_of_term_without_weekends(after: date, until: date, days: int) -> None:
    assert school_days(AUTUMN, after, until, 100) == days


def test_counting_ends_where_it_makes_no_difference() -> None:
    assert school_days(EVERY_DAY, date(1990, 1, 1), date(2026, 1, 1), 25) == 25


def test_a_week_is_of_term_when_one_of_its_days_is_a_school_day() -> None:
    assert in_term([AUTUMN], date(2026, 8, 31))  # term begins on its Tuesday
    assert not in_term([AUTUMN], date(2026, 10, 26))
    assert not in_term([], date(2026, 9, 7))
    assert in_term([AUTUMN, EVERY_DAY], date(2026, 10, 26))


@pytest.mark.parametrize(
    ("now", "monday"),
    [
        (datetime(2026, 9, 7, 5, 59, 59, tzinfo=UTC), None),  # 06:59 in summer time
        (datetime(2026, 9, 7, 6, 0, tzinfo=UTC), date(2026, 9, 7)),
        (datetime(2026, 9, 8, 22, 59, tzinfo=UTC), date(2026, 9, 7)),  # late, still on Tuesday
        (datetime(2026, 9, 8, 23, 0, tzinfo=UTC), None),
        (datetime(2026, 9, 11, 7, 0, tzinfo=UTC), None),
        (datetime(2026, 11, 2, 6, 59, tzinfo=UTC), None),  # in winter London is on UTC
        (datetime(2026, 11, 2, 7, 0, tzinfo=UTC), date(2026, 11, 2)),
    ],
)
def test_letters_are_due_on_monday_at_seven_in_the_ledgers_zone(now: datetime, monday: date | None) -> None:
    assert due_monday(now, LONDON) == monday


@pytest.mark.parametrize(
    ("waited", "one", "two", "nobody"),
    [
        (0, "first", "first", "coordinator"),
        (4, "first", "first", "coordinator"),
        (5, "first", "first", "nobody"),
        (10, "first", "first", "nobody"),
        (14, "first", "first", "nobody"),
        (15, "coordinator", "second", "nobody"),
        (19, "coordinator", "second", "nobody"),
        (20, "nobody", "coordinator", "nobody"),
        (25, "nobody", "nobody", "nobody"),
        (400, "nobody", "nobody", "nobody"),
    ],
)
def test_the_first_is_reminded_twice_then_another_then_the_coordinator(
    waited: int, one: str, two: str, nobody: str
) -> None:
    assert (told(waited, 1), told(waited, 2), told(waited, 0)) == (one, two, nobody)
    assert told(waited, 3) == two


def test_the_first_time_is_no_reminder() -> None:
    assert [is_reminder(waited) for waited in (0, 4, 5, 10)] == [False, False, True, True]
