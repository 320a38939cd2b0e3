"""Batches of 1,000 events in process: ours is one request and one commit.

The library's `save` gets 200 events at a time: a call of 1,000 sends more than the buffer of a Unix socket holds, and
psycopg's pipeline (3.3) then waits for ever, because it stops flushing when its last command has been handed over.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from bench.contenders import ours, stock
from bench.rows import Row, interleaved, rate
from ledger.eventstore.embedded import Embedded

ROUNDS = 7
SECONDS = 1.0
EVENTS = 1_000
LIBRARY_EVENTS = 200


def measure(server: Embedded, folder: Path) -> Iterator[Row]:
    """Our store against the library's `save` of as many events."""
    with ours(server.database("batch_ours")) as we, stock(server.database("batch_stock")) as they:
        found = interleaved(
            {
                "ours": lambda: rate(lambda: we.append(EVENTS), 1, SECONDS),
                "stock": lambda: rate(lambda: they.append(LIBRARY_EVENTS), 1, SECONDS),
            },
            ROUNDS,
        )
    yield Row(
        name="batches of 1,000 events in process, against the library's save",
        ours=found["ours"],
        other=found["stock"],
        unit="events/s",
        target=0.8,
    )
