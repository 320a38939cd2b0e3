"""The filters over the log: which facts, in ledger order, page by page."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any, Final, LiteralString

from ledger.domain.fact import AnyFact
from ledger.eventstore.codec import decode
from ledger.eventstore.reading import LogReader


@dataclass(frozen=True, slots=True, kw_only=True)
class FactQuery:
    """Facts after a position, at most `limit`, none after `until`; every filter that is given must hold.

    `visible` are fact keys one of which must be touched: what the reader may see; None lets everything through.
    """

    after: int = 0
    until: int | None = None
    limit: int = 100
    types: tuple[str, ...] = ()
    stream: str | None = None
    organisation: str | None = None
    voice: str | None = None
    partnership: str | None = None
    actor: str | None = None
    correlation_id: str | None = None
    recorded_from: datetime | None = None
    recorded_to: datetime | None = None
    on_from: date | None = None
    on_to: date | None = None
    visible: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True)
class FactPage:
    """`last_position` is the last one looked at: a reader goes on from there, also after an empty page."""

    facts: list[AnyFact]
    last_position: int
    has_more: bool
    head: int


FEW_KEYS: Final = 32
FIRST_LOOK: Final = 10
GROWTH: Final = 4
MOST_LOOKED_AT: Final = 20_000
"""A page that is filtered is looked for in pieces, each larger than the one before."""

TOUCHES: LiteralString = "EXISTS (SELECT FROM pledger.fact_key k WHERE k.position = l.position AND k.key = ANY (%b))"
# From each key as many positions as are looked at, at most: together they hold the first of all of them.
_BY_KEY: LiteralString = (
    "SELECT c.position, l.record FROM (SELECT DISTINCT p.position FROM unnest(%b::text[]) AS v (key) CROSS JOIN LATERAL"
    " (SELECT k.position FROM pledger.fact_key k WHERE k.key = v.key AND k.position > %b AND k.position <= %b"
    " ORDER BY k.position LIMIT %b) p ORDER BY p.position LIMIT %b) c"
    " LEFT JOIN pledger.log l ON l.position = c.position AND "
)
_IN_ORDER: LiteralString = (
    "SELECT l.position, l.record FROM pledger.log l WHERE l.position > %b AND l.position <= %b AND "
)

Row = tuple[int, bytes]


def search(reader: LogReader, query: FactQuery) -> FactPage:
    """One page of facts. What was recorded up to the page's `head` is complete in it."""
    head = reader.head()[0]
    end = head if query.until is None else min(query.until, head)
    rows = found_in(reader, query, end)
    facts = [decode(record, position) for position, record in rows[: query.limit]]
    has_more = len(rows) > query.limit
    last = facts[-1].position if has_more else max(end, query.after)
    return FactPage(facts, last, has_more, head)


def found_in(reader: LogReader, query: FactQuery, end: int) -> list[Row]:
    """The facts up to a position, one more than asked for where there are more: found by the narrowest of their keys
    that is known, else by going along the log."""
    match query:
        case FactQuery(stream=str()):
            return in_order(reader, query, end, "l.version")  # that of the positions, and of an index of the stream
        case FactQuery(partnership=str(one)):
            return by_key(reader, replace(query, partnership=None), [f"partnership:{one}"], end)
        case FactQuery(organisation=str(one)):
            return by_key(reader, replace(query, organisation=None), [f"organisation:{one}"], end)
        case FactQuery(visible=tuple(several)):
            return by_key(reader, replace(query, visible=None), list(several), end)
    return in_order(reader, query, end, "l.position")


def in_order(reader: LogReader, query: FactQuery, end: int, order: LiteralString) -> list[Row]:
    """The facts in order, found by going along the log or a stream."""
    conditions, parameters = conditions_of(query)
    where = " AND ".join(conditions)
    return reader.rows(f"{_IN_ORDER}{where} ORDER BY {order} LIMIT %b", query.after, end, *parameters, query.limit + 1)


def by_key(reader: LogReader, query: FactQuery, keys: list[str], end: int) -> list[Row]:
    """The facts in order that touch one of some keys."""
    conditions, parameters = conditions_of(query)
    statement: LiteralString = _BY_KEY + " AND ".join(conditions) + " ORDER BY c.position"
    rows: list[Row] = []
    after, most = query.after, query.limit + 1
    # Each of many keys costs a search, though a few positions have enough facts of them.
    step = end if len(keys) <= FEW_KEYS else FIRST_LOOK * query.limit
    while after < end and len(rows) <= query.limit:
        until = min(end, after + step)
        found = reader.rows(statement, keys, after, until, most, most, *parameters)
        rows += [(position, record) for position, record in found if record is not None]
        after = found[-1][0] if len(found) == most else until
        most, step = min(GROWTH * most, MOST_LOOKED_AT), GROWTH * step
    return rows[: query.limit + 1]


def conditions_of(query: FactQuery) -> tuple[list[LiteralString], list[Any]]:
    plain: list[tuple[LiteralString, Any]] = [
        ("l.type = ANY (%b)", list(query.types) or None),
        ("l.stream_id = %b::uuid", query.stream),
        ("l.voice = %b::uuid", query.voice),
        ("l.actor = %b::uuid", query.actor),
        ("l.correlation_id = %b", query.correlation_id),
        ("l.recorded_at >= %b", query.recorded_from),
        ("l.recorded_at < %b", query.recorded_to),
        ("l.business_on >= %b", query.on_from),
        ("l.business_on <= %b", query.on_to),
        (TOUCHES, None if query.organisation is None else [f"organisation:{query.organisation}"]),
        (TOUCHES, None if query.partnership is None else [f"partnership:{query.partnership}"]),
        (TOUCHES, None if query.visible is None else list(query.visible)),
    ]
    given = [(condition, value) for condition, value in plain if value is not None]
    return [condition for condition, _ in given] or ["true"], [value for _, value in given]
