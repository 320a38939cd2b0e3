"""Who appends: our store, the event sourcing library as it comes, and a bare INSERT by PostgreSQL's own client."""

from __future__ import annotations

import re
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from random import getrandbits, randbytes
from typing import Any
from uuid import UUID

import psycopg
from eventsourcing.application import Application
from psycopg.conninfo import conninfo_to_dict

from ledger.eventstore.append import RECORDED_AT_PLACEHOLDER, Append, Appended, Draft
from ledger.eventstore.binaries import programs
from ledger.eventstore.migrations import migrate
from ledger.eventstore.store import Store, open_store
from ledger.integrity.canonical import encode

_DATA: dict[str, Any] = {
    "amount": {"minutes": 780, "quantity": "2", "unit": "day"},
    "delivered_on": "2026-09-18",
    "delivery_id": "visit-1",
    "people": ["6c1f7a44-6f0e-4c0f-9f0e-1d6f5c0a7b11"],
}


def _ids(count: int) -> list[str]:
    """Random UUIDs, at next to no cost: the load is not what is measured, and `uuid4` hands over between threads."""
    digits = f"{getrandbits(128 * count):0{32 * count}x}"
    return [
        f"{digits[at : at + 8]}-{digits[at + 8 : at + 12]}-4{digits[at + 13 : at + 16]}"
        f"-8{digits[at + 17 : at + 20]}-{digits[at + 20 : at + 32]}"
        for at in range(0, 32 * count, 32)
    ]


def draft(stream_id: str | None = None) -> Draft:
    """The first fact of a new stream, as large as a delivery is, touching two organisations and a partnership."""
    stream, event, actor, voice, partnership = _ids(5)
    stream = stream_id or stream
    record = {
        "actor": actor,
        "client_event_id": event,
        "data": _DATA,
        "event_id": event,
        "format": 1,
        "occurred_at": "2026-09-18T15:00:00.000000Z",
        "recorded_at": RECORDED_AT_PLACEHOLDER.decode(),
        "schema": 1,
        "source": "urn:bench",
        "stream": {"id": stream, "kind": "support"},
        "type": "support.delivered",
        "version": 1,
        "voice": voice,
    }
    return Draft(
        stream_id=stream,
        version=1,
        type="support.delivered",
        record=encode(record),
        keys=(f"stream:{stream}", f"organisation:{voice}", f"organisation:{actor}", f"partnership:{partnership}"),
        idempotency_key=randbytes(32),
        content_mac=randbytes(32),
        stream_kind="support",
        event_id=event,
        actor=actor,
        voice=voice,
        business_on=date(2026, 9, 18),
    )


@dataclass(frozen=True, slots=True)
class Ours:
    """Our store: record, leaf hash, idempotency key, four touched keys, one lean per fact."""

    store: Store

    def append(self, events: int) -> int:
        """Append so many facts in one request."""
        drafts = tuple(draft() for _ in range(events))
        leans = {f"stream:{each.stream_id}": 0 for each in drafts}
        outcome = self.store.append(Append(drafts=drafts, leans=leans, deadline=time.monotonic() + 30))
        if not isinstance(outcome, Appended):
            raise AssertionError(outcome)
        return events


class Delivered:
    """The same event as the library stores it: its own class, no record, no hash, no key."""

    def __init__(self) -> None:
        stream, self.actor, self.voice, self.event_id = _ids(4)
        self.originator_id = UUID(stream)
        self.originator_version = 1
        self.timestamp = datetime.now(UTC)
        self.data = _DATA
        self.source = "urn:bench"
        self.occurred_at = "2026-09-18T15:00:00.000000Z"


@dataclass(frozen=True, slots=True)
class Stock:
    """The library's own application and recorder, in its default configuration."""

    application: Application[UUID]

    def append(self, events: int) -> int:
        """Save so many events in one call."""
        self.application.save(*(Delivered() for _ in range(events)))
        return events


@contextmanager
def ours(dsn: str) -> Iterator[Ours]:
    """Our store in a database that is still empty."""
    migrate(dsn)
    with open_store(dsn) as store:
        yield Ours(store)


def stock_application(dsn: str) -> Application[UUID]:
    """The library's application in a database that is still empty."""
    given = conninfo_to_dict(dsn)
    return Application[UUID](
        {
            "PERSISTENCE_MODULE": "eventsourcing.postgres",
            "POSTGRES_DBNAME": str(given["dbname"]),
            "POSTGRES_HOST": str(given["host"]),
            "POSTGRES_USER": str(given["user"]),
            "POSTGRES_PASSWORD": "",
        }
    )


@contextmanager
def stock(dsn: str) -> Iterator[Stock]:
    """The library in a database that is still empty."""
    with stock_application(dsn) as application:
        yield Stock(application)


def plain_inserts(dsn: str, folder: Path, clients: int, seconds: int) -> float:
    """Autocommit INSERTs per second by `pgbench` into a table with a primary key, records as large as ours."""
    size = len(draft().record)
    with psycopg.connect(dsn) as connection:
        connection.execute(
            "CREATE TABLE IF NOT EXISTS plain (stream_id uuid, version bigint, type text, record bytea,"
            " PRIMARY KEY (stream_id, version))"
        )
    script = folder / "plain.sql"
    script.write_text(
        f"INSERT INTO plain VALUES (gen_random_uuid(), 1, 'support.delivered', '\\x{randbytes(size).hex()}'::bytea);\n"
    )
    given = conninfo_to_dict(dsn)
    command: list[str | Path] = [
        programs() / "pgbench", "-n", "-M", "prepared", "-c", str(clients), "-j", "2", "-T", str(seconds),
        "-f", script, "-h", str(given["host"]), "-U", str(given["user"]), str(given["dbname"]),
    ]  # fmt: skip
    printed = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    found = re.search(r"tps = ([0-9.]+)", printed)
    if found is None:
        raise AssertionError(printed)
    return float(found[1])
