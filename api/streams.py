"""How many event streams a process holds open, and their end when it stops: each of them holds a thread."""

from __future__ import annotations

import threading
import time
import weakref
from collections import Counter
from typing import Any, Final

from api.heads import Heads
from api.refusals import TooManyStreams
from ledger.service import Ledger

PATIENCE_SECONDS: Final = 2.0
"""How long a new stream waits for a place: those whose client has gone are found out meanwhile."""


class Streams:
    """The places of one process, `most` in all and `most_each` for one principal; and the head that all follow."""

    def __init__(self, ledger: Ledger) -> None:
        settings = ledger.settings
        self.most, self.most_each = settings.streams_max, settings.streams_per_principal
        self.heads = Heads(ledger.dsn, ledger.head, settings.poll_seconds)
        self._freed = threading.Condition()
        self._held: Counter[str] = Counter()
        self._ended = False

    def place(self, principal: str, holder: Any) -> weakref.finalize[[str], Any]:
        """A place, until what it answers is called or `holder` is gone. Raises TooManyStreams."""
        until = time.monotonic() + PATIENCE_SECONDS
        with self._freed:
            while not self._is_free(principal):
                left = until - time.monotonic()
                if left <= 0 or self._ended:
                    raise TooManyStreams(principal=principal)
                self.heads.nudge()  # whoever looks up notices that its client has gone
                self._freed.wait(min(left, PATIENCE_SECONDS / 8))
            self._held[principal] += 1
        self.heads.enter()
        given = weakref.finalize(holder, self._give_back, principal)
        given.atexit = False
        return given

    def end(self) -> None:
        """Every stream ends now, and none begins any more."""
        self._ended = True
        self.heads.nudge()

    @property
    def open(self) -> int:
        """How many streams are open."""
        with self._freed:
            return self._held.total()

    @property
    def ended(self) -> bool:
        return self._ended

    def _is_free(self, principal: str) -> bool:
        if self._ended:
            return False
        return self._held.total() < self.most and self._held[principal] < self.most_each

    def _give_back(self, principal: str) -> None:
        self.heads.leave()
        with self._freed:
            self._held[principal] -= 1
            if not self._held[principal]:
                del self._held[principal]
            self._freed.notify_all()
