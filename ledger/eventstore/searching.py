"""The filters over the log: which facts, in ledger order, page by page."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, LiteralString

from ledger.domain.fact import AnyFact
from ledger.eventstore.codec import decode
from ledger.eventstore.reading import LogReader


@dataclass(frozen=True, slots=True, kw_only=True)
class FactQuery:
    """Facts after a position, at most `limit`; every filter that is given must hold.

    `visible` are fact keys one of which must be touched: what the reader may see; None lets everything through.
    """

    after: int = 0
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


TOUCHES: LiteralString = "EXISTS (SELECT FROM pledger.fact_key k WHERE k.position = l.position AND k.key = ANY (%b))"


def search(reader: LogReader, query: FactQuery) -> FactPage:
    """One page of facts. What was recorded up to the page's `head` is complete in it."""
    conditions, parameters = conditions_of(query)
    head = reader.head()[0]
    where = " AND ".join(conditions)
    rows = reader.rows(
        f"SELECT l.position, l.record FROM pledger.log l WHERE l.position > %b AND l.position <= %b AND {where}"
        " ORDER BY l.position LIMIT %b",
        query.after,
        head,
        *parameters,
        query.limit + 1,
    )
    facts = [decode(record, position) for position, record in rows[: query.limit]]
    has_more = len(rows) > query.limit
    last = facts[-1].position if has_more else max(head, query.after)
    return FactPage(facts, last, has_more, head)


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
