"""The clock is an argument: the system's, or one that is set by hand in demonstrations and tests."""

from __future__ import annotations

import threading
import time
from datetime import UTC, datetime, timedelta
from typing import Protocol


class Clock(Protocol):
    """Says what time it is."""

    def now(self) -> datetime:
        """The present moment in UTC, with an offset."""
        ...


class SystemClock:
    """The machine's clock."""

    def now(self) -> datetime:
        return datetime.now(UTC)


class SetClock:
    """A clock for demonstration and test ledgers: it shows what it was set to, and runs on from there if told to.

    Safe to use from several threads.
    """

    def __init__(self, at: datetime, *, running: bool = False) -> None:
        """`at` needs an offset (ValueError without); a clock that is not `running` moves only when told."""
        self._running = running
        self._lock = threading.Lock()
        self.set(at)

    def now(self) -> datetime:
        with self._lock:
            return self._reading()

    def set(self, at: datetime) -> None:
        """Show `at` from now on; backwards is allowed."""
        if at.tzinfo is None:
            raise ValueError(f"{at} has no offset")
        with self._lock:
            self._show(at)

    def advance(self, by: timedelta) -> datetime:
        """Move by this much and say what it shows then."""
        with self._lock:
            self._show(self._reading() + by)
            return self._reading()

    def _show(self, at: datetime) -> None:
        self._at, self._since = at.astimezone(UTC), time.monotonic()

    def _reading(self) -> datetime:
        passed = timedelta(seconds=time.monotonic() - self._since) if self._running else timedelta()
        return self._at + passed
