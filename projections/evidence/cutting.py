"""The worker's part of the segments: it cuts new ones from the end of a partnership's facts as they come to be many."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import psycopg

from ledger.eventstore.codec import decode
from projections.evidence.noted import Noted
from projections.evidence.segments import FORM, written

Connection = psycopg.Connection[Any]

LEAST_FACTS: Final = 256
"""With fewer than these after its last segment, a partnership's facts are read from the log."""

MOST_FACTS: Final = 1_000
"""Facts of one segment at most."""

AT_ONCE: Final = 8
"""Partnerships looked after in one go: the views must not wait long for it."""

MOVED: Final = 2_000
"""How far the log moves on before anybody looks again whether some partnership has enough new facts."""


class Cutter:
    """Cuts segments, a few at each call. `connection` is the worker's: one worker at a time."""

    def __init__(self, connection: Connection, least_facts: int = LEAST_FACTS) -> None:
        self._connection = connection
        self._least = least_facts
        self._looked_at: int | None = None

    def cut(self) -> bool:
        """A few segments, where there is enough for them; whether there may be more to do at once."""
        head = self._head()
        if self._looked_at is None:
            self._connection.execute("DELETE FROM evidence_segment WHERE form <> %s", (FORM,))
        elif head < self._looked_at + MOVED:
            return False
        if not self._knows_partnerships():
            return False
        found = self._connection.execute(_WAITING, {"head": head, "least": self._least, "at_once": AT_ONCE}).fetchall()
        for partnership_id, last in found:
            self._cut_all(partnership_id, last, head)
        is_done = len(found) < AT_ONCE
        self._looked_at = head if is_done else (self._looked_at or -MOVED)
        return not is_done

    def _knows_partnerships(self) -> bool:
        """Whether the directory is among the views that are kept."""
        row = self._connection.execute("SELECT to_regclass('directory_partnership') IS NOT NULL").fetchone()
        return row is not None and bool(row[0])

    def _head(self) -> int:
        row = self._connection.execute("SELECT position FROM pledger.head").fetchone()
        return 0 if row is None else int(row[0])

    def _cut_all(self, partnership_id: str, last: int, head: int) -> None:
        while True:
            notes = self._facts(partnership_id, last, head)
            if len(notes) < self._least:
                return
            last = notes[-1].position
            self._connection.execute(
                "INSERT INTO evidence_segment (partnership_id, first, last, form, facts) VALUES (%s, %s, %s, %s, %s)",
                (partnership_id, notes[0].position, last, FORM, written(notes)),
            )

    def _facts(self, partnership_id: str, after: int, head: int) -> Sequence[Noted]:
        rows = self._connection.execute(_FACTS, (f"partnership:{partnership_id}", after, head, MOST_FACTS), binary=True)
        return [Noted(position, on, decode(record, position)) for position, on, record in rows]


_WAITING: Final = """
SELECT p.partnership_id, p.last FROM (
    SELECT d.partnership_id, coalesce((SELECT max(s.last) FROM evidence_segment s
                                       WHERE s.partnership_id = d.partnership_id), 0) AS last
    FROM (SELECT DISTINCT partnership_id FROM directory_partnership) d
) p WHERE EXISTS (
    SELECT FROM pledger.fact_key k
    WHERE k.key = 'partnership:' || p.partnership_id AND k.position > p.last AND k.position <= %(head)s
    OFFSET %(least)s - 1
) LIMIT %(at_once)s
"""
_FACTS: Final = (
    "SELECT k.position, l.business_on, l.record FROM pledger.fact_key k JOIN pledger.log l USING (position)"
    " WHERE k.key = %s AND k.position > %s AND k.position <= %s ORDER BY k.position LIMIT %s"
)
