"""What the clients' own files hold the ledger to, against what the log holds."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

import orjson
import psycopg

from ledger.eventstore.append import Stored
from tests.faults.client import SOURCE


@dataclass(frozen=True, kw_only=True)
class Reckoning:
    """What was counted; from `lost` on, all must be none.

    `unacknowledged` were given up by their clients, `found` of them the log holds all the same. `unasked` facts bear
    no client's intent. `out_of_order`: acknowledged before another was sent, and yet behind it.
    """

    acknowledged: int
    unacknowledged: int
    found: int
    lost: int
    doubled: int
    unasked: int
    out_of_order: int


def reckon(files: list[Path], log: list[Stored]) -> Reckoning:
    """Every client's file against the log."""
    stored: dict[str, list[tuple[int, str]]] = {}
    for fact in log:
        record = orjson.loads(fact.record)
        if record["source"] == SOURCE:
            stored.setdefault(record["client_event_id"], []).append((fact.position, record["event_id"]))
    intents: Counter[str] = Counter()
    receipts: dict[str, tuple[int, str]] = {}
    out_of_order = 0
    for file in files:
        lines = [json.loads(line) for line in file.read_text().splitlines()]
        intents.update(line["intent"] for line in lines if "intent" in line)
        own = [(line["acknowledged"], line["position"], line["event_id"]) for line in lines if "acknowledged" in line]
        receipts |= {name: (position, event_id) for name, position, event_id in own}
        positions = [position for _, position, _ in own]
        out_of_order += sum(later <= earlier for earlier, later in pairwise(positions))
    return Reckoning(
        acknowledged=len(receipts),
        unacknowledged=len(intents) - len(receipts),
        found=len(stored.keys() - receipts.keys()),
        lost=sum(receipt not in stored.get(name, []) for name, receipt in receipts.items()),
        doubled=sum(len(facts) > 1 for facts in stored.values()),
        unasked=sum(name not in intents for name in stored),
        out_of_order=out_of_order,
    )


class Marks:
    """Remembers, after each restart, how far the log had come and a digest of all its leaves up to there."""

    def __init__(self, dsn: str) -> None:
        self._dsn = dsn
        self._digest = hashlib.sha256()
        self.marks: list[tuple[int, str]] = []

    def take(self) -> None:
        """One more mark."""
        after = self.marks[-1][0] if self.marks else 0
        with psycopg.connect(self._dsn, connect_timeout=5) as connection:
            rows = connection.execute(
                "SELECT position, leaf_hash FROM pledger.log WHERE position > %s ORDER BY position", (after,)
            ).fetchall()
        for _, leaf in rows:
            self._digest.update(leaf)
        self.marks.append((rows[-1][0] if rows else after, self._digest.hexdigest()))

    def forks(self, log: list[Stored]) -> int:
        """How many marks the log does not continue."""
        digest, digests = hashlib.sha256(), {0: hashlib.sha256().hexdigest()}
        for fact in log:
            digest.update(fact.leaf_hash)
            digests[fact.position] = digest.hexdigest()
        return sum(digests.get(position) != seen for position, seen in self.marks)


def as_row(name: str, reckoning: Reckoning, **more: Any) -> dict[str, Any]:
    """One row of the certificate."""
    return {"name": name, **more, **vars(reckoning)}
