"""School days, and when in a week of term a letter is due."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from ledger.domain.calendar.counting import TermCalendar

DAY: Final = timedelta(days=1)
SATURDAY: Final = 5
AT: Final = time(7)
"""When a weekly letter is due on its Monday, in the ledger's zone."""
LATE: Final = timedelta(hours=41)
"""How late it may still leave: up to the end of Tuesday. After that the week goes without."""


def is_school_day(calendar: TermCalendar, day: date) -> bool:
    """Whether a day is one of term, and not of a weekend."""
    return day.weekday() < SATURDAY and calendar.counts(day)


def school_days(calendar: TermCalendar, after: date, until: date, most: int) -> int:
    """How many school days lie after `after`, up to and with `until`: at most `most`."""
    found, day = 0, after
    while day < until and found < most:
        day += DAY
        found += is_school_day(calendar, day)
    return found


def in_term(calendars: Iterable[TermCalendar], monday: date) -> bool:
    """Whether the week that begins with this Monday has a school day for one of these calendars."""
    week = [monday + n * DAY for n in range(SATURDAY)]
    return any(is_school_day(calendar, day) for calendar in calendars for day in week)


def due_monday(now: datetime, zone: ZoneInfo) -> date | None:
    """The Monday whose letters are due at this moment; None when none are, or when it is too late for them."""
    here = now.astimezone(zone)
    monday = here.date() - here.weekday() * DAY
    due = datetime.combine(monday, AT, zone)
    return monday if due <= here < due + LATE else None
