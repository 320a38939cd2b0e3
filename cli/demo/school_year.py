"""School terms of an invented authority for any year, worked out the way English term dates usually fall."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from typing import Any


@dataclass(frozen=True, slots=True)
class SchoolYear:
    """An academic year: its terms as (name, first day, last day) and the days inside them without school."""

    name: str
    terms: tuple[tuple[str, date, date], ...]
    closed: frozenset[date]

    def is_school_day(self, day: date) -> bool:
        inside = any(first <= day <= last for _, first, last in self.terms)
        return inside and day.weekday() < 5 and day not in self.closed

    def as_data(self, for_: str) -> dict[str, Any]:
        """The data of `calendar.terms_set`."""
        return {
            "for": for_,
            "academic_year": self.name,
            "terms": [
                {"name": name, "starts_on": first.isoformat(), "ends_on": last.isoformat()}
                for name, first, last in self.terms
            ],
            "closed_days": sorted(day.isoformat() for day in self.closed),
        }


@cache
def school_year(first_year: int, shift_days: int) -> SchoolYear:
    """The year from September of `first_year`; `shift_days` moves its beginning and its half-terms."""
    second_year = first_year + 1
    sunday = easter(second_year)
    weeks_earlier = timedelta(days=7 if shift_days > 1 else 0)
    terms = (
        ("Autumn", on_or_after(date(first_year, 9, 1), 2) + timedelta(days=shift_days), friday(first_year, 12, 20)),
        ("Spring", on_or_after(date(second_year, 1, 3), 1), sunday - timedelta(days=3)),
        ("Summer", sunday + timedelta(days=15), date(second_year, 7, 21) + timedelta(days=shift_days % 3)),
    )
    half_terms = (
        monday_of(date(first_year, 10, 28)) - weeks_earlier,
        monday_of(date(second_year, 2, 18)),
        monday_of(date(second_year, 5, 31)),
    )
    closed = frozenset(day for monday in half_terms for day in week_from(monday) if in_terms(day, terms))
    return SchoolYear(f"{first_year}/{second_year % 100:02d}", terms, closed)


def in_terms(day: date, terms: tuple[tuple[str, date, date], ...]) -> bool:
    return any(first <= day <= last for _, first, last in terms)


def year_of(day: date) -> int:
    """The year in which the academic year of a day begins."""
    return day.year if day.month >= 9 else day.year - 1


def is_school_day(day: date, shift_days: int) -> bool:
    return school_year(year_of(day), shift_days).is_school_day(day)


def monday_of(day: date) -> date:
    return day - timedelta(days=day.weekday())


def week_from(monday: date) -> Iterator[date]:
    return (monday + timedelta(days=n) for n in range(7))


def on_or_after(day: date, weekday: int) -> date:
    return day + timedelta(days=(weekday - day.weekday()) % 7)


def friday(year: int, month: int, latest: int) -> date:
    day = date(year, month, latest)
    return day - timedelta(days=(day.weekday() - 4) % 7)


def easter(year: int) -> date:
    """Easter Sunday by the anonymous Gregorian algorithm (Meeus, Astronomical Algorithms, chapter 8)."""
    a, (b, c) = year % 19, divmod(year, 100)
    d, e = divmod(b, 4)
    f = (8 * b + 13) // 25
    h = (19 * a + b - d - f + 15) % 30
    i, k = divmod(c, 4)
    weekday = (32 + 2 * e + 2 * i - h - k) % 7
    m = (a + 11 * h + 22 * weekday) // 451
    month, day = divmod(h + weekday - 7 * m + 114, 31)
    return date(year, month, day + 1)
