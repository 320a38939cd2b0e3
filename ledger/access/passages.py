"""What a sign-in carries from one page to the next: sealed, for minutes, and taken once."""

from __future__ import annotations

import hashlib
import json
from datetime import timedelta
from typing import Any, ClassVar, Final

from ledger.access.factors import SealingBox
from ledger.clock import Clock
from ledger.errors import Busy
from ledger.eventstore.pool import RolePool

MOST: Final = 10_000
LASTS: Final = timedelta(minutes=15)


class TooManyPassages(Busy):
    """More sign-ins are under way than are kept."""

    code: ClassVar[str] = "too-many-under-way"
    title: ClassVar[str] = "Too many sign-ins are under way"


class Passages:
    """Keeps a few values under a secret key that only one browser knows."""

    def __init__(self, pool: RolePool, clock: Clock, box: SealingBox) -> None:
        self._pool = pool
        self._clock = clock
        self._box = box

    def keep(self, kind: str, key: str, carried: dict[str, Any]) -> None:
        """Keeps values for fifteen minutes. Raises TooManyPassages."""
        now, hashed = self._clock.now(), key_hash(kind, key)
        sealed = self._box.seal(json.dumps(carried).encode(), hashed.hex())
        with self._pool.connection() as connection:
            connection.execute("DELETE FROM pledger.passage WHERE ends_at <= %s", (now,))
            counted = connection.execute("SELECT count(*) FROM pledger.passage").fetchone()
            if counted is not None and counted[0] >= MOST:
                raise TooManyPassages
            connection.execute(
                "INSERT INTO pledger.passage (key_hash, carried, ends_at) VALUES (%s, %s, %s) ON CONFLICT (key_hash)"
                " DO UPDATE SET carried = excluded.carried, ends_at = excluded.ends_at",
                (hashed, sealed, now + LASTS),
            )

    def read(self, kind: str, key: str) -> dict[str, Any] | None:
        """The values, None when there are none any more."""
        return self._found("SELECT carried FROM pledger.passage WHERE key_hash = %s AND ends_at > %s", kind, key)

    def take(self, kind: str, key: str) -> dict[str, Any] | None:
        """The values, for the last time."""
        return self._found(
            "DELETE FROM pledger.passage WHERE key_hash = %s AND ends_at > %s RETURNING carried", kind, key
        )

    def _found(self, query: str, kind: str, key: str) -> dict[str, Any] | None:
        hashed = key_hash(kind, key)
        with self._pool.connection() as connection:
            row = connection.execute(query.encode(), (hashed, self._clock.now())).fetchone()
        content = None if row is None else self._box.open(bytes(row[0]), hashed.hex())
        return None if content is None else dict(json.loads(content))


def key_hash(kind: str, key: str) -> bytes:
    return hashlib.sha256(f"{kind}:{key}".encode()).digest()
