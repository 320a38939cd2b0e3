"""The state of a calendar: the terms of each academic year that was set."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from uuid import NAMESPACE_URL, uuid5

from ledger.domain.calendar.facts import Term, TermsSet
from ledger.domain.fact import AnyFact
from ledger.domain.values import UUID_FORM


@dataclass(frozen=True, slots=True, kw_only=True)
class SchoolYear:
    """One academic year; `days` are the ordinals (`date.toordinal`) of the days that count, in order."""

    terms: tuple[Term, ...]
    days: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class TermDates:
    """`years` by the calendar year in which each begins: 2026 for 2026/27."""

    for_: str
    years: Mapping[int, SchoolYear]


CalendarState = TermDates


def calendar_stream_id(for_: str) -> str:
    """The stream that holds the terms for `ledger`, a local authority's code or an organisation's id."""
    return str(uuid5(NAMESPACE_URL, f"urn:pledger:calendar:{for_}"))


def first_year(academic_year: str) -> int:
    """The calendar year in which an academic year such as `2026/27` begins."""
    return int(academic_year[:4])


def school_days(data: TermsSet) -> Iterator[int]:
    closed = {day.toordinal() for day in data.closed_days or ()}
    for term in data.terms:
        for day in range(term.starts_on.toordinal(), term.ends_on.toordinal() + 1):
            if day not in closed:
                yield day


def evolve(state: CalendarState | None, fact: AnyFact) -> CalendarState:
    """The state after a fact of this stream: terms for a year replace the former ones of that year."""
    data = fact.data
    if not isinstance(data, TermsSet):
        raise TypeError(f"{fact.type} is no event of a calendar")
    before = {} if state is None else state.years
    year = SchoolYear(terms=data.terms, days=tuple(school_days(data)))
    return TermDates(for_=data.for_, years={**before, first_year(data.academic_year): year})


def organisation_of(for_: str) -> str | None:
    """The organisation a calendar is for; None where it is for the ledger or a local authority."""
    return for_ if UUID_FORM.fullmatch(for_) else None


def concerned(state: CalendarState) -> frozenset[str]:
    organisation_id = organisation_of(state.for_)
    return frozenset() if organisation_id is None else frozenset({organisation_id})


def partnership(state: CalendarState | None) -> str | None:  # a calendar belongs to no partnership
    return None


def academic_year_of(day: date) -> int:
    """The calendar year in which the academic year of a day begins: academic years run from 1 September."""
    return day.year if day.month >= 9 else day.year - 1
