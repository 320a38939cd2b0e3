"""Waiting, for a bounded time, until the views have come as far as a reader needs."""

from __future__ import annotations

import time
from collections.abc import Callable
from threading import Condition
from typing import ClassVar, Final

from ledger.errors import Busy

_STEP_SECONDS: Final = 0.01


class NotYetVisible(Busy):
    """The views have not come that far in time. Fields: `wanted`, `position` (how far they have come)."""

    code: ClassVar[str] = "not-yet-visible"
    title = "The views have not come that far yet"


class Waiting:
    """Many readers may wait; one of them looks every 10 ms for all, so that their number costs the database nothing."""

    def __init__(self, position: Callable[[], int]) -> None:
        self._look = position
        self._changed = Condition()
        self._looking = False
        self._position = 0

    def wait_for(self, wanted: int, seconds: float) -> int:
        """The position of the views as soon as it is `wanted` or later. Raises NotYetVisible after so many seconds."""
        until = time.monotonic() + seconds
        position = self._look()
        while position < wanted:
            if time.monotonic() >= until:
                raise NotYetVisible(f"wanted {wanted}, come to {position}", wanted=wanted, position=position)
            position = self._step(until)
        return position

    def _step(self, until: float) -> int:
        with self._changed:
            if self._looking:
                self._changed.wait(max(0.0, until - time.monotonic()))
                return self._position
            self._looking = True
        position = 0
        try:
            time.sleep(_STEP_SECONDS)
            position = self._look()
        finally:
            with self._changed:
                self._looking = False
                self._position = position
                self._changed.notify_all()
        return position
