"""The academic year, or the term, in which a day falls: windows that people name instead of two days."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import ClassVar, Final, Literal, get_args

from ledger.domain.calendar.facts import Term
from ledger.domain.calendar.state import CalendarState, academic_year_of, calendar_stream_id, evolve
from ledger.errors import FieldError, Kind, Refusal
from projections.asking import Asking
from projections.evidence.reading import facts_with

Window = Literal["all", "academic_year", "term"]
WINDOWS: Final[tuple[Window, ...]] = get_args(Window)


class NoTermOnThatDay(Refusal):
    """No term is known in which the day falls. Fields: `as_of`, `academic_year`."""

    code = "no-term-on-that-day"
    kind: ClassVar[Kind] = "claim"
    title = "No term is known for that day"


class WindowTwice(Refusal):
    """A window is named, and days are given as well."""

    code = "window-twice"
    kind: ClassVar[Kind] = "claim"
    title = "Name a window or give its days, not both"


def within(asking: Asking, window: Window, nearest: Sequence[str]) -> Asking:
    """The same question over a named window; `nearest` are those whose calendar counts, the nearest first, before that
    of the ledger: organisations and codes of local authorities. Raises WindowTwice, NoTermOnThatDay."""
    question = asking.question
    if window == "all":
        return asking
    if question.from_ is not None or question.to is not None:
        error = FieldError("/window", "window-twice", "is given together with from or to")
        raise WindowTwice("choose a window, or from and to", errors=(error,))
    first, last = _academic_year(question.as_of) if window == "academic_year" else _term(asking, (*nearest, "ledger"))
    return replace(asking, question=replace(question, from_=first, to=last))


def _academic_year(day: date) -> tuple[date, date]:
    """From 1 September to 31 August."""
    year = academic_year_of(day)
    return date(year, 9, 1), date(year + 1, 8, 31)


def _term(asking: Asking, nearest: Sequence[str]) -> tuple[date, date]:
    """The term of a day by the first calendar that has terms for its academic year. Raises NoTermOnThatDay."""
    day = asking.question.as_of
    year = academic_year_of(day)
    terms = next((found for found in _terms_of_year(asking, nearest, year) if found), ())
    for term in terms:
        if term.starts_on <= day <= term.ends_on:
            return term.starts_on, term.ends_on
    told = f"{year}/{(year + 1) % 100:02}"
    why = "falls in none of the terms set" if terms else "is in an academic year for which no terms are set"
    raise NoTermOnThatDay(
        f"{day.isoformat()} {why} ({told})",
        errors=(FieldError("/window", "no-term-on-that-day", why),),
        as_of=day.isoformat(),
        academic_year=told,
    )


def _terms_of_year(asking: Asking, nearest: Sequence[str], year: int) -> list[tuple[Term, ...]]:
    keys = [f"stream:{calendar_stream_id(one)}" for one in nearest]
    facts = facts_with(asking, keys)
    found = []
    for key in keys:
        state: CalendarState | None = None
        for noted in facts[key]:
            state = evolve(state, noted.fact)
        known = None if state is None else state.years.get(year)
        found.append(() if known is None else known.terms)
    return found
