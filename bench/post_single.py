"""Single events in process, durable: one thread, 32 and 128 of them."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from pathlib import Path

from bench.contenders import ours, plain_inserts, stock
from bench.rows import Row, interleaved, rate
from ledger.eventstore.embedded import Embedded

ROUNDS = 9
SECONDS = 1.0
TARGETS = {1: 0.95, 32: 4.0, 128: 4.0}


def measure(server: Embedded, folder: Path) -> Iterator[Row]:
    """Our store against the library's `save` and against bare INSERTs on the same server."""
    with ours(server.database("single_ours")) as we, stock(server.database("single_stock")) as they:
        for threads, target in TARGETS.items():
            single = {"ours": partial(we.append, 1), "stock": partial(they.append, 1)}
            found = interleaved(
                {name: partial(rate, once, threads, SECONDS) for name, once in single.items()},
                ROUNDS,
            )
            yield Row(
                name=f"single events in process, {threads} threads, against the library's save",
                ours=found["ours"],
                other=found["stock"],
                unit="events/s",
                target=target,
            )
        plain = server.database("single_plain")
        found = interleaved(
            {
                "ours": lambda: rate(lambda: we.append(1), 32, SECONDS),
                "plain": lambda: plain_inserts(plain, folder, 32, round(SECONDS)),
            },
            ROUNDS,
        )
        yield Row(
            name="single events in process, 32 threads, against plain INSERT by 32 pgbench clients",
            ours=found["ours"],
            other=found["plain"],
            unit="events/s",
            target=0.4,
        )
