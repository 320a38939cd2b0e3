"""Counting days where only days inside the terms count."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache

from ledger.domain.calendar.state import CalendarState, academic_year_of


@dataclass(frozen=True, slots=True)
class TermCalendar:
    """The days that count, as ordinals in order, by the year in which each academic year begins.

    In an academic year that is not among `years` every day counts. Weekends inside a term count.
    """

    years: Mapping[int, tuple[int, ...]]

    def counts(self, day: date) -> bool:
        return self._up_to(day, academic_year_of(day)) > self._up_to_ordinal(day.toordinal() - 1, academic_year_of(day))

    def days_between(self, after: date, until: date) -> int:
        """How many days count after `after`, up to and with `until`; 0 when `until` is not later."""
        if until <= after:
            return 0
        first, last = academic_year_of(after), academic_year_of(until)
        if first == last:
            return self._up_to(until, last) - self._up_to(after, last)
        whole = sum(self._all(year) for year in range(first, last))
        return whole - self._up_to(after, first) + self._up_to(until, last)

    def add(self, day: date, n: int) -> date:
        """The day on which the `n`-th counted day after `day` falls; `day` itself when `n` is 0 or less."""
        if n <= 0:
            return day
        year = academic_year_of(day)
        wanted = n + self._up_to(day, year)
        while wanted > self._all(year):
            wanted -= self._all(year)
            year += 1
        days = self.years.get(year)
        return date.fromordinal(_eve(year) + wanted if days is None else days[wanted - 1])

    def _all(self, year: int) -> int:
        days = self.years.get(year)
        return _eve(year + 1) - _eve(year) if days is None else len(days)

    def _up_to(self, day: date, year: int) -> int:
        return self._up_to_ordinal(day.toordinal(), year)

    def _up_to_ordinal(self, ordinal: int, year: int) -> int:
        days = self.years.get(year)
        return ordinal - _eve(year) if days is None else bisect_right(days, ordinal)


@cache
def _eve(year: int) -> int:
    """The ordinal of the day before an academic year begins: 31 August."""
    return date(year, 8, 31).toordinal()


EVERY_DAY = TermCalendar({})


def nearest(calendars: Iterable[CalendarState | None]) -> TermCalendar:
    """One calendar out of several, the nearest first: each academic year is taken from the first that has it."""
    years: dict[int, tuple[int, ...]] = {}
    for calendar in calendars:
        if calendar is not None:
            for year, school_year in calendar.years.items():
                years.setdefault(year, school_year.days)
    return TermCalendar(years) if years else EVERY_DAY
