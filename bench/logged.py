"""Facts put straight into the log, as many as a measurement or a test of the views needs."""

from __future__ import annotations

from collections.abc import Iterable
from hashlib import sha256

import psycopg

from ledger.domain.fact import AnyFact
from ledger.eventstore.codec import record_of
from ledger.integrity.tree import leaf_hash

_COLUMNS = (
    "position, version, recorded_at, stream_id, event_id, actor, voice, business_on, stream_kind, type,"
    " idempotency_key, content_mac, leaf_hash, record"
)


def write_log(dsn: str, facts: Iterable[AnyFact]) -> int:
    """Write facts that have their positions, as the log's owner, in one commit; answers the new head."""
    head, recorded_at = 0, None
    with psycopg.connect(dsn) as connection:
        with connection.cursor() as cursor, cursor.copy(f"COPY pledger.log ({_COLUMNS}) FROM STDIN") as copy:
            for fact in facts:
                head, recorded_at = fact.position, fact.recorded_at
                record, key = record_of(fact), sha256(fact.event_id.encode()).digest()
                copy.write_row(
                    (
                        fact.position, fact.version, recorded_at, fact.stream.id, fact.event_id, fact.actor,
                        fact.voice, fact.occurred_at.date(), fact.stream.kind, fact.type, key, key,
                        leaf_hash(record), record,
                    )
                )  # fmt: skip
        if head:
            connection.execute("UPDATE pledger.head SET position = %s, recorded_at = %s", (head, recorded_at))
            connection.execute("SELECT pg_notify('pledger_facts', %s)", (str(head),))
    return head
