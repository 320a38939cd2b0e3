"""A webhook as the database has it, and the connections to there."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final, LiteralString

import psycopg

from ledger.eventstore.append import StoreUnavailable
from ledger.eventstore.pool import RolePool

CHANNEL: Final = "pledger_webhooks"
"""Who changes a webhook says so there, so that the sender need not look often."""

COLUMNS: Final[LiteralString] = (
    "w.id::text, w.credential_id::text, w.url, w.root, w.filters, w.texts, w.people, w.secret, w.earlier_secret,"
    " w.earlier_until, w.state, w.why, w.revision, w.position, w.blocking_position, w.attempts, w.failing_since,"
    " w.next_try_at, w.held_until, w.answered, w.test_asked_at, w.tested, w.made_at, w.changed_at"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Webhook:
    """A bookmark on the log: everything up to `position` is done with.

    `state` is challenged (its endpoint has not answered the challenge yet), live, paused or ended, and `why` says why
    of the last two. `blocking_position` is the fact that fails, `attempts` how often it did since `failing_since`.
    `answered` and `tested` are the last answers, as JSON. `held_until` marks the sender that may send.
    """

    id: str
    credential_id: str
    url: str
    root: str
    filters: dict[str, Any]
    texts: bool
    people: bool
    secret: bytes
    earlier_secret: bytes | None
    earlier_until: datetime | None
    state: str
    why: str | None
    revision: int
    position: int
    blocking_position: int | None
    attempts: int
    failing_since: datetime | None
    next_try_at: datetime
    held_until: datetime
    answered: dict[str, Any] | None
    test_asked_at: datetime | None
    tested: dict[str, Any] | None
    made_at: datetime
    changed_at: datetime


def courier_pool(dsn: str, connections: int) -> RolePool:
    """Connections that may read credentials and keep webhooks, and nothing else."""
    return RolePool(dsn, "pledger_courier", connections)


@contextmanager
def courier(dsn: str) -> Iterator[psycopg.Connection[Any]]:
    """One such connection, for a transaction. Raises StoreUnavailable."""
    try:
        with psycopg.connect(dsn, connect_timeout=5, application_name="pledger webhooks") as connection:
            connection.execute("SET ROLE pledger_courier")
            yield connection
    except psycopg.OperationalError as error:
        raise StoreUnavailable(f"the database cannot be reached: {error}") from error


def machine_now() -> datetime:
    """The machine's time: signatures, gaps and waiting are about the world outside, whatever day a ledger shows."""
    return datetime.now(UTC)
