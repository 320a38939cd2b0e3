"""The facts of a calendar's stream: one per ledger, local authority or organisation."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Annotated

from ledger.domain.values import AcademicYear, Items, Name, Pattern

UUID = r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"
CalendarFor = Annotated[
    str, Pattern(rf"ledger|\d{{3}}|{UUID}", '"ledger", a local authority code or an organisation\'s id')
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Term:
    name: Name
    starts_on: date
    ends_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class TermsSet:
    """The terms of one academic year; a later fact for the same year replaces them."""

    for_: CalendarFor
    academic_year: AcademicYear
    terms: Annotated[tuple[Term, ...], Items(1, 12)]
    closed_days: Annotated[tuple[date, ...], Items(0, 100)] | None = None
