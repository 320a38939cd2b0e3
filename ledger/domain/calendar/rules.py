"""What may be said of a term calendar."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from ledger.domain.calendar.facts import TermsSet
from ledger.domain.calendar.state import (
    CalendarState,
    academic_year_of,
    calendar_stream_id,
    first_year,
    organisation_of,
    school_days,
)
from ledger.domain.context import Context
from ledger.domain.fact import AnyClaim
from ledger.domain.refusals import UnknownOrganisation, WrongStream, require_sound
from ledger.errors import FieldError


def parties(state: CalendarState | None, claim: AnyClaim, context: Context) -> Mapping[str, frozenset[str]]:
    organisation_id = organisation_of(claim.data.for_)
    return {"itself": frozenset() if organisation_id is None else frozenset({organisation_id})}


def admit(state: CalendarState | None, claim: AnyClaim, context: Context) -> Any:
    """The data of the fact, or a Refusal."""
    data = claim.data
    if not isinstance(data, TermsSet):
        raise TypeError(f"{claim.type} is no event of a calendar")
    if claim.stream.id != calendar_stream_id(data.for_):
        raise WrongStream(id=calendar_stream_id(data.for_))
    require_known(data.for_, context)
    require_sound(unsound(data))
    return data


def require_known(for_: str, context: Context) -> None:
    organisation_id = organisation_of(for_)
    if organisation_id is not None and context.organisation(organisation_id) is None:
        errors = (FieldError("/data/for", "unknown-organisation", "names an organisation the ledger does not know"),)
        raise UnknownOrganisation(errors=errors, ids=(organisation_id,))


def unsound(data: TermsSet) -> Iterator[FieldError]:
    year = first_year(data.academic_year)
    if int(data.academic_year[5:]) != (year + 1) % 100:
        yield FieldError("/data/academic_year", "not-one-year", "the second year must follow the first, as in 2026/27")
        return
    yield from unsound_terms(data, year)
    for index, day in enumerate(data.closed_days or ()):
        yield from outside(day, year, f"/data/closed_days/{index}")
    if not any(school_days(data)):
        yield FieldError("/data/closed_days", "no-day-left", "leave no day of the terms open")


def unsound_terms(data: TermsSet, year: int) -> Iterator[FieldError]:
    previous: date | None = None
    for index, term in enumerate(data.terms):
        pointer = f"/data/terms/{index}"
        yield from outside(term.starts_on, year, f"{pointer}/starts_on")
        yield from outside(term.ends_on, year, f"{pointer}/ends_on")
        if term.ends_on < term.starts_on:
            yield FieldError(f"{pointer}/ends_on", "before-its-start", "must not lie before starts_on")
        if previous is not None and term.starts_on <= previous:
            yield FieldError(f"{pointer}/starts_on", "out-of-order", "must lie after the end of the term before")
        previous = term.ends_on


def outside(day: date, year: int, pointer: str) -> Iterator[FieldError]:
    if academic_year_of(day) != year:
        yield FieldError(pointer, "outside-the-year", f"must lie from {year}-09-01 to {year + 1}-08-31")
