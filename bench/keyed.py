"""Facts put straight into the log together with the keys they touch, as views that read the log by key need them."""

from __future__ import annotations

from collections.abc import Iterable
from hashlib import sha256
from itertools import islice

import psycopg

from bench.clusters import Written
from ledger.eventstore.codec import record_of
from ledger.integrity.tree import leaf_hash

_COLUMNS = (
    "position, version, recorded_at, stream_id, event_id, actor, voice, business_on, stream_kind, type,"
    " idempotency_key, content_mac, leaf_hash, record"
)
CHUNK = 20_000


def write_keyed_log(dsn: str, facts: Iterable[Written]) -> None:
    """Write facts that have their positions, as the log's owner, and move the head."""
    rest = iter(facts)
    with psycopg.connect(dsn, autocommit=True) as connection:
        while chunk := list(islice(rest, CHUNK)):
            with connection.transaction(), connection.cursor() as cursor:
                _copy_facts(cursor, chunk)
                _copy_keys(cursor, chunk)
                last = chunk[-1].fact
                cursor.execute(
                    "UPDATE pledger.head SET position = %s, recorded_at = %s", (last.position, last.recorded_at)
                )
        connection.execute("VACUUM (ANALYZE) pledger.log, pledger.fact_key")  # as autovacuum would have


def _copy_facts(cursor: psycopg.Cursor, chunk: list[Written]) -> None:
    with cursor.copy(f"COPY pledger.log ({_COLUMNS}) FROM STDIN") as copy:
        for one in chunk:
            fact, record = one.fact, record_of(one.fact)
            key = sha256(fact.event_id.encode()).digest()
            copy.write_row(
                (
                    fact.position, fact.version, fact.recorded_at, fact.stream.id, fact.event_id, fact.actor,
                    fact.voice, one.on, fact.stream.kind, fact.type, key, key, leaf_hash(record), record,
                )
            )  # fmt: skip


def _copy_keys(cursor: psycopg.Cursor, chunk: list[Written]) -> None:
    with cursor.copy("COPY pledger.fact_key (key, position) FROM STDIN") as copy:
        for one in chunk:
            for key in one.keys:
                copy.write_row((key, one.fact.position))
