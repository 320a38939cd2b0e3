"""Waits, for a bounded time, until the ledger or its views have come as far as a request needs."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Final

from api.asking import Asked
from api.refusals import PositionNotReached, TooManyWaiting
from api.speaking import the_ledger

LOOK_EVERY_SECONDS: Final = 0.05


class Waiting:
    """Where requests wait. At most `most` do at a time, because each holds a thread; they share each look."""

    def __init__(self, head: Callable[[], int], most: int) -> None:
        self._head = head
        self._places = threading.BoundedSemaphore(most)
        self._lock = threading.Lock()
        self._seen = 0
        self._looked_at = 0.0
        self._ended = False

    def end(self) -> None:
        """Nobody waits any longer, as if their time were over: the service is told to stop."""
        self._ended = True

    @contextmanager
    def place(self) -> Iterator[None]:
        """A place to wait in. Raises TooManyWaiting."""
        if not self._places.acquire(blocking=False):
            raise TooManyWaiting
        try:
            yield
        finally:
            self._places.release()

    def beyond(self, position: int, deadline: float) -> bool:
        """Returns when the head is beyond a position (True), or at the deadline (monotonic seconds; False)."""
        while self._look() <= position:
            left = deadline - time.monotonic()
            if left <= 0 or self._ended:
                return False
            time.sleep(min(LOOK_EVERY_SECONDS, left))
        return True

    def _look(self) -> int:
        """The head, asked for once for all who wait."""
        with self._lock:
            if time.monotonic() - self._looked_at >= LOOK_EVERY_SECONDS:
                self._seen = self._head()
                self._looked_at = time.monotonic()
            return self._seen


def as_far_as_asked(asked: Asked) -> None:
    """Returns when the ledger is as far as the request's `min_position`. Raises PositionNotReached."""
    ledger = the_ledger()
    require_position(asked.get("min_position"), ledger.head, ledger.settings.min_position_wait_seconds)


def require_position(wanted: int | None, reached: Callable[[], int], seconds: float) -> None:
    """Returns when `reached()` is at least `wanted`. Raises PositionNotReached after `seconds`."""
    if wanted is None:
        return
    deadline = time.monotonic() + seconds
    while (now := reached()) < wanted:
        if time.monotonic() >= deadline:
            raise PositionNotReached(f"position {wanted} is not visible yet; {now} is", position=now)
        time.sleep(0.01)
