"""What became of each sending: the newest of every webhook are kept."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

import psycopg
from psycopg.rows import class_row

from api.webhooks.sender import Outcome

KEPT: Final = 1000
"""Rows kept of each webhook."""


@dataclass(frozen=True, slots=True)
class Tried:
    """One try: `state` is delivered or failing."""

    position: int
    event_id: str
    state: str
    outcome: Outcome
    at: datetime
    again_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """A sent fact: delivered, failing or skipped; `status`, `failure`, `duration_ms` are the last try's."""

    position: int
    event_id: str
    state: str
    attempts: int
    first_tried_at: datetime
    tried_at: datetime
    next_try_at: datetime | None
    status: int | None
    failure: str | None
    duration_ms: int


def write(connection: psycopg.Connection[Any], webhook_id: str, tried: Tried) -> None:
    """Counts a try; a fact that is sent again keeps its row."""
    connection.execute(
        "INSERT INTO pledger.webhook_delivery AS d (webhook_id, position, event_id, state, attempts, first_tried_at,"
        " tried_at, next_try_at, status, failure, duration_ms)"
        " VALUES (%(id)s, %(position)s, %(event)s, %(state)s, 1, %(at)s, %(at)s, %(again)s, %(status)s, %(failure)s,"
        " %(ms)s) ON CONFLICT (webhook_id, position) DO UPDATE SET state = %(state)s, attempts = d.attempts + 1,"
        " tried_at = %(at)s, next_try_at = %(again)s, status = %(status)s, failure = %(failure)s, duration_ms = %(ms)s",
        {
            "id": webhook_id, "position": tried.position, "event": tried.event_id, "state": tried.state,
            "at": tried.at, "again": tried.again_at, "status": tried.outcome.status, "failure": tried.outcome.failure,
            "ms": tried.outcome.duration_ms,
        },
    )  # fmt: skip


def prune(connection: psycopg.Connection[Any], webhook_id: str) -> None:
    """Forgets all rows but the newest."""
    connection.execute(
        "DELETE FROM pledger.webhook_delivery WHERE webhook_id = %(id)s AND position < (SELECT position"
        " FROM pledger.webhook_delivery WHERE webhook_id = %(id)s ORDER BY position DESC OFFSET %(kept)s LIMIT 1)",
        {"id": webhook_id, "kept": KEPT - 1},
    )


def page(connection: psycopg.Connection[Any], webhook_id: str, after: int, limit: int) -> tuple[list[Delivery], bool]:
    """The sendings after a position in ledger order, and whether there are more."""
    with connection.cursor(row_factory=class_row(Delivery)) as cursor:
        found: list[Delivery] = cursor.execute(
            "SELECT position, event_id::text, state, attempts, first_tried_at, tried_at, next_try_at, status, failure,"
            " duration_ms FROM pledger.webhook_delivery WHERE webhook_id = %s AND position > %s"
            " ORDER BY position LIMIT %s",
            (webhook_id, after, limit + 1),
        ).fetchall()
    return found[:limit], len(found) > limit
