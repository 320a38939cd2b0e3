"""Token buckets: so many in a minute, the minute's worth at once if nobody was there before. Of this process only.

Each bucket is one number, the moment at which it is full again (the generic cell rate algorithm), so that a full one is
the same as none and can be forgotten.
"""

from __future__ import annotations

import math
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

WINDOW_SECONDS: Final = 60
MOST_BUCKETS: Final = 10_000
ROUNDING: Final = 1e-6


@dataclass(frozen=True, slots=True)
class Level:
    """What is `left` after a request; it is refused when `wait_seconds` is not 0. `full_seconds` until it is full."""

    left: int
    full_seconds: int
    wait_seconds: int = 0


class Buckets:
    """A bucket for each key, of `quota` a minute; at most MOST_BUCKETS. Safe for many threads."""

    def __init__(self, quota: int, now: Callable[[], float] = time.monotonic) -> None:
        self.quota, self._now = quota, now
        self._each = WINDOW_SECONDS / quota
        self._lock = threading.Lock()
        self._full_at: dict[str, float] = {}

    @property
    def count(self) -> int:
        """How many buckets are not full, and some that are."""
        return len(self._full_at)

    def take(self, key: str, cost: int = 1) -> Level:
        """Takes `cost`, or nothing where that is not there. What costs more than a full bucket takes all of it."""
        now = self._now()
        with self._lock:
            before = max(self._full_at.get(key, now), now)
            after = before + min(cost, self.quota) * self._each
            late = after - now - WINDOW_SECONDS
            if late > ROUNDING:
                return self._level(before - now, math.ceil(late))
            if len(self._full_at) >= MOST_BUCKETS and key not in self._full_at:
                self._make_room(now)
            self._full_at[key] = after
        return self._level(after - now)

    def _level(self, missing: float, wait: int = 0) -> Level:
        """`missing`: the seconds until the bucket is full."""
        return Level(int((WINDOW_SECONDS - missing) / self._each + ROUNDING), math.ceil(missing), wait)

    def _make_room(self, now: float) -> None:
        """Forgets the full ones; where there are none, the half that is nearest to it."""
        kept = {key: at for key, at in self._full_at.items() if at > now}
        if len(kept) >= MOST_BUCKETS:
            emptiest = sorted(kept, key=lambda key: kept[key], reverse=True)[: MOST_BUCKETS // 2]
            kept = {key: kept[key] for key in emptiest}
        self._full_at = kept
