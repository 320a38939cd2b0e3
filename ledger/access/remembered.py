"""What was looked up lately: kept for a short, stated time, bounded, and forgotten all at once when it may be wrong."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Hashable
from typing import Generic, TypeVar

V = TypeVar("V")


class Remembered(Generic[V]):
    """Values by key, each for `seconds` after it was looked up; at most `most` of them. Safe for many threads."""

    def __init__(self, seconds: float, most: int, now: Callable[[], float] = time.monotonic) -> None:
        self._seconds, self._most, self._now = seconds, most, now
        self._lock = threading.Lock()
        self._held: dict[Hashable, tuple[float, V]] = {}
        self._generation = 0

    def get(self, key: Hashable, look_up: Callable[[], V | None]) -> V | None:
        """The value of a key, looked up where it is not remembered; None, which is not remembered, where there is none.

        What `forget` overtook while it was being looked up is answered, and not remembered.
        """
        held = self._held.get(key)  # one operation of a dict: it needs no lock
        if held is not None and held[0] > self._now():
            return held[1]
        generation = self._generation
        found = look_up()
        if found is not None:
            self._keep(key, found, generation)
        return found

    def _keep(self, key: Hashable, value: V, generation: int) -> None:
        with self._lock:
            if generation != self._generation:
                return
            if len(self._held) >= self._most:
                self._held.clear()
            self._held[key] = (self._now() + self._seconds, value)

    def forget(self) -> None:
        """Forgets everything."""
        with self._lock:
            self._generation += 1
            self._held.clear()
