"""How often a call is tried again, and how long it rests in between: bounded, and never all at the same moment."""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

DICE = random.SystemRandom()


@dataclass(frozen=True, slots=True)
class Patience:
    """At most `tries` times in all; rests grow from `first_seconds` to `most_seconds`, each shortened at random.

    Where the ledger says how long to wait, that is kept to, unless it is more than `longest_wait_seconds`.
    """

    tries: int = 8
    first_seconds: float = 0.2
    most_seconds: float = 10.0
    longest_wait_seconds: float = 90.0

    def rest(self, number: int, wanted: float | None) -> float | None:
        """How many seconds to rest after so many tries; None: it has been tried enough, or would take too long."""
        if number >= self.tries or (wanted or 0) > self.longest_wait_seconds:
            return None
        grown = min(self.most_seconds, self.first_seconds * 2.0 ** (number - 1))
        return max(grown * DICE.uniform(0.5, 1), wanted or 0)


def seconds_of(retry_after: str | None) -> float | None:
    """`Retry-After` in seconds, from either of its two forms; None where it says nothing."""
    if retry_after is None:
        return None
    if retry_after.isdecimal():
        return float(retry_after)
    try:
        return max(0.0, (parsedate_to_datetime(retry_after) - datetime.now(UTC)).total_seconds())
    except (ValueError, TypeError):
        return None
