"""The lines of an account, read from the entries: those known at a position, up to a business date, in order.

A line stands at its business date (a reversal at the day it takes effect), then at the position of its fact.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final, NamedTuple
from zoneinfo import ZoneInfo

import psycopg

from projections.directory.queries import Closing, closings
from projections.question import Question
from projections.statement.measures import LATE_AFTER, Line, Side, Totals, Written, total

Connection = psycopg.Connection[Any]


class Place(NamedTuple):
    """Where a line stands: pages go on after the place of their last line."""

    on: date
    position: int
    part: int


BEGINNING: Final = Place(date.min, 0, -1)

_GIVES: Final = "e.giver_id = ANY (%(ids)s::uuid[])"
_GETS: Final = "e.receiver_id = ANY (%(ids)s::uuid[])"
_OTHER: Final = (
    "(%(others)s::uuid[] IS NULL OR e.giver_id = ANY (%(others)s::uuid[]) OR e.receiver_id = ANY (%(others)s::uuid[]))"
)
_ACCOUNT: Final = f"""
    ({_GIVES} OR {_GETS}) AND NOT ({_GIVES} AND {_GETS}) AND {_OTHER}
    AND e.known_from + 0 <= %(known_at)s AND e.known_until > %(known_at)s
    AND e.effective_from <= least(%(as_of)s::date, coalesce(%(to)s::date, %(as_of)s::date))
"""
_PLACE: Final = "(e.effective_from, e.position, e.part)"
_SIDE: Final = f"CASE WHEN {_GIVES} THEN 'gave' ELSE 'got' END"


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """Whose statement: the registrations of one organisation, with one other only where `others` names it."""

    ids: Collection[str]
    others: Collection[str] | None = None

    @property
    def parameters(self) -> dict[str, Any]:
        return {"ids": sorted(self.ids), "others": None if self.others is None else sorted(self.others)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """Lines in order, the totals of the whole window, and the place to go on from while there are more."""

    lines: Sequence[Line]
    totals: Totals
    last: Place | None
    has_more: bool


def page(
    connection: Connection, account: Account, question: Question, zone: ZoneInfo, *, after: Place | None, limit: int
) -> Page:
    """At most `limit` lines of the window, following those up to the place `after`."""
    first = BEGINNING if question.from_ is None else BEGINNING._replace(on=question.from_)
    start = first if after is None else max(after, first)
    before = total(_written(connection, account, question, BEGINNING, first)).change
    moved = total(_written(connection, account, question, first, None))
    carried = 0 if start == first else total(_written(connection, account, question, first, start)).change
    rows = _rows(connection, account, question, start, limit + 1)
    marks = closings(connection, account.ids, question.known_at)
    lines = _lines(rows[:limit], before + carried, zone, marks)
    last = None if not lines else Place(lines[-1].on, lines[-1].position, lines[-1].part)
    totals = Totals(opening=before, moved=moved)
    return Page(lines=lines, totals=totals, last=last or after, has_more=len(rows) > limit)


def _written(
    connection: Connection, account: Account, question: Question, after: Place, until: Place | None
) -> list[Written]:
    """What stands between two places (the second included), summed by what decides what it counts for."""
    bound = "" if until is None else f" AND {_PLACE} <= (%(until_on)s, %(until_position)s, %(until_part)s)"
    rows = connection.execute(
        f"SELECT {_SIDE}, e.kind, e.basis, e.status, e.was, sum(e.minutes)::bigint FROM reciprocity_entry e"
        f" WHERE {_ACCOUNT} AND {_PLACE} > (%(on)s, %(position)s, %(part)s){bound}"
        " GROUP BY 1, 2, 3, 4, 5".encode(),
        {**question.parameters, **account.parameters, **after._asdict(), **_until(until)},
    )
    return [Written(*row) for row in rows]


def _until(place: Place | None) -> dict[str, Any]:
    return {} if place is None else {f"until_{name}": value for name, value in place._asdict().items()}


def _rows(connection: Connection, account: Account, question: Question, after: Place, limit: int) -> list[Any]:
    return connection.execute(
        f"SELECT e.effective_from, e.recorded_at, e.position, e.part, {_SIDE}, e.kind, e.basis, e.status, e.was,"
        f" e.minutes, CASE WHEN {_GIVES} THEN e.receiver_id ELSE e.giver_id END, e.partnership_id, e.category,"
        " e.support_id, e.delivery_id, e.disposal, e.said_minutes, e.events, e.status_position FROM reciprocity_entry e"
        f" WHERE {_ACCOUNT} AND {_PLACE} > (%(on)s, %(position)s, %(part)s)"
        " ORDER BY e.effective_from, e.position, e.part LIMIT %(limit)s".encode(),
        {**question.parameters, **account.parameters, **after._asdict(), "limit": limit},
    ).fetchall()


def _lines(rows: Sequence[Any], balance: int, zone: ZoneInfo, marks: Sequence[Closing]) -> list[Line]:
    lines = []
    for row in rows:
        line = _line(row, balance, zone, marks)
        balance = line.balance
        lines.append(line)
    return lines


def _line(row: Sequence[Any], before: int, zone: ZoneInfo, marks: Sequence[Closing]) -> Line:
    on, recorded_at, position, part, side, kind, basis, status, was, minutes, *rest = row
    counterpart, partnership, category, support, delivery, disposal, said, events, told_at = rest
    gave_or_got: Side = side
    written = Written(gave_or_got, kind, basis, status, was, minutes)
    return Line(
        on=on,
        recorded_at=recorded_at,
        position=position,
        part=part,
        written=written,
        counterpart_id=counterpart,
        partnership_id=partnership,
        category=category,
        support_id=support,
        delivery_id=delivery,
        disposal=disposal,
        said_minutes=said,
        events=tuple(events),
        is_late=recorded_at.astimezone(zone).date() - on > LATE_AFTER,
        is_after_closing=any(mark.covers(on, told_at) for mark in marks),
        balance=before + written.effect.change,
    )
