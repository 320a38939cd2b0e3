"""Slows down who tries: after some failures each further try has to wait longer, and nobody is shut out for good."""

from __future__ import annotations

import hashlib
import ipaddress
import math
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import ClassVar, Final

from ledger.clock import Clock
from ledger.errors import Kind, Refusal
from ledger.eventstore.pool import RolePool

FORGOTTEN_AFTER: Final = timedelta(hours=24)
MOST_WAIT_SECONDS: Final = 300
IPV6_NETWORK: Final = 64

# The try is counted before it is looked at: many at the same time do not get more of them than one after the other.
_COUNT: Final = """
INSERT INTO pledger.throttle AS t (key_hash, failures, last_at, free_at) VALUES (%(key)s, 1, %(now)s, %(now)s)
ON CONFLICT (key_hash) DO UPDATE SET
    failures = CASE WHEN t.last_at < %(forgotten)s THEN 1 ELSE t.failures + 1 END,
    last_at = %(now)s,
    free_at = %(now)s + CASE WHEN t.last_at < %(forgotten)s OR t.failures + 1 < %(free)s THEN interval '0'
        ELSE least(%(most)s, 2 ^ least(30, t.failures + 1 - %(free)s)) * interval '1 second' END
WHERE t.free_at <= %(now)s OR t.last_at < %(forgotten)s
RETURNING failures
"""
_FREE_AT: Final = "SELECT free_at FROM pledger.throttle WHERE key_hash = %s"


class TooManyTries(Refusal):
    """Somebody tried too often. Fields: `retry_after_seconds` until the next try is looked at."""

    code: ClassVar[str] = "too-many-tries"
    kind: ClassVar[Kind] = "limited"
    retryable: ClassVar[bool] = True
    title: ClassVar[str] = "Too many tries"


@dataclass(frozen=True, slots=True)
class Guarded:
    """What tries are counted for: `free` of them may fail before waiting begins."""

    key: str
    free: int

    @property
    def hashed(self) -> bytes:
        return hashlib.sha256(self.key.encode()).digest()


def by_login(login: str) -> Guarded:
    """Tries for a login, whether there is an account of that name or not."""
    return Guarded(f"login:{login}", 5)


def by_factor(account_id: str) -> Guarded:
    """Tries for the second factor of an account."""
    return Guarded(f"factor:{account_id}", 5)


def by_address(address: str) -> Guarded:
    """Tries from an address; of IPv6 from its network of 64 bits, which one household or school has to itself."""
    try:
        known = ipaddress.ip_address(address)
    except ValueError:
        return Guarded(f"address:{address}", 30)
    if known.version == 6:
        return Guarded(f"address:{ipaddress.ip_network((known, IPV6_NETWORK), strict=False)}", 30)
    return Guarded(f"address:{known}", 30)


class Throttle:
    """Counts failures in the database, so that every process of the service knows them."""

    def __init__(self, pool: RolePool, clock: Clock) -> None:
        self._pool = pool
        self._clock = clock

    def attempt(self, guarded: Guarded) -> None:
        """Counts a try as one that failed, until `succeeded` takes that back. Raises TooManyTries."""
        now = self._clock.now()
        given = {"key": guarded.hashed, "now": now, "free": guarded.free, "most": MOST_WAIT_SECONDS}
        with self._pool.connection() as connection:
            counted = connection.execute(_COUNT, given | {"forgotten": now - FORGOTTEN_AFTER}).fetchone()
            if counted is None:
                known = connection.execute(_FREE_AT, (guarded.hashed,)).fetchone()
                raise too_many(known, now)

    def succeeded(self, guarded: Guarded) -> None:
        """Nothing stands against this login or account any more."""
        with self._pool.connection() as connection:
            connection.execute("DELETE FROM pledger.throttle WHERE key_hash = %s", (guarded.hashed,))

    def spared(self, guarded: Guarded) -> None:
        """Takes one try back: who gets in once has not earned further guesses about others."""
        with self._pool.connection() as connection:
            connection.execute(
                "UPDATE pledger.throttle SET failures = greatest(0, failures - 1), free_at = last_at"
                " WHERE key_hash = %s",
                (guarded.hashed,),
            )

    def sweep(self) -> None:
        """Forgets what nobody has to wait for any more."""
        with self._pool.connection() as connection:
            connection.execute(
                "DELETE FROM pledger.throttle WHERE last_at < %s", (self._clock.now() - FORGOTTEN_AFTER,)
            )


def too_many(row: tuple[datetime] | None, now: datetime) -> TooManyTries:
    seconds = 1 if row is None else max(1, math.ceil((row[0] - now).total_seconds()))
    return TooManyTries(f"Wait {seconds} seconds, then try again.", retry_after_seconds=seconds)
