"""The end of the log as it moves on: one listener of a process wakes all who wait for it."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Final

import psycopg

from ledger.errors import Busy
from ledger.eventstore.append import CHANNEL
from ledger.eventstore.connection import with_options

SETTINGS: Final = {"role": "pledger_reader", "application_name": "pledger_heads"}
LOG: Final = logging.getLogger(__name__)
SLICE_SECONDS: Final = 0.25
"""How long the listener listens before it looks whether anybody still waits."""
LINGER_SECONDS: Final = 2.0
"""How long it stays when nobody follows any more: who comes back in a moment finds it there."""


class Heads:
    """Follows the head while somebody does. A lost notice costs `poll_seconds`, as long as the database answers."""

    def __init__(self, dsn: str, head: Callable[[], int], poll_seconds: float) -> None:
        self._dsn, self._head, self._poll_seconds = with_options(dsn, SETTINGS), head, poll_seconds
        self._moved = threading.Condition()
        self._position = 0
        self._nudges = 0
        self._followers = 0
        self._idle_since = 0.0
        self._listening = False

    @contextmanager
    def followed(self) -> Iterator[None]:
        """The head is followed until the block ends."""
        self.enter()
        try:
            yield
        finally:
            self.leave()

    def enter(self) -> None:
        """One more follows the head."""
        with self._moved:
            self._followers += 1
            if self._listening:
                return
            self._listening = True
        threading.Thread(target=self._listen, name="heads", daemon=True).start()

    def leave(self) -> None:
        """One of them follows it no longer."""
        with self._moved:
            self._followers -= 1
            self._idle_since = time.monotonic()

    def beyond(self, position: int, seconds: float) -> int:
        """The head, as soon as it lies beyond a position, after so many seconds at the latest, or when all are nudged.

        Nothing but the caller's own `enter` keeps it moving.
        """
        with self._moved:
            nudges, until = self._nudges, time.monotonic() + seconds
            while self._position <= position and self._nudges == nudges and (left := until - time.monotonic()) > 0:
                self._moved.wait(left)
            return self._position

    def nudge(self) -> None:
        """Everybody who waits looks up."""
        with self._moved:
            self._nudges += 1
            self._moved.notify_all()

    def _has(self, position: int) -> None:
        with self._moved:
            if position > self._position:
                self._position = position
                self._moved.notify_all()

    def _wanted(self) -> bool:
        """Whether anybody follows, or did a moment ago; whoever comes after a no begins anew."""
        with self._moved:
            if self._followers == 0 and time.monotonic() - self._idle_since >= LINGER_SECONDS:
                self._listening = False
            return self._listening

    def _listen(self) -> None:
        while self._wanted():
            try:
                with psycopg.connect(self._dsn, autocommit=True) as notices:
                    notices.execute(f"LISTEN {CHANNEL}")
                    self._follow(notices)
            except psycopg.Error as error:
                if self._followers:
                    LOG.warning("no notices of new facts; they are looked for: %s", error)
                self._look()
                time.sleep(min(SLICE_SECONDS, self._poll_seconds))

    def _follow(self, notices: psycopg.Connection[object]) -> None:
        looked_at = -self._poll_seconds
        while self._wanted():
            if time.monotonic() - looked_at >= self._poll_seconds:
                looked_at = time.monotonic()
                self._look()
            for notice in notices.notifies(timeout=min(SLICE_SECONDS, self._poll_seconds), stop_after=1):
                self._has(int(notice.payload))

    def _look(self) -> None:
        """Ask for the head. Where the database does not answer, the next look may find it."""
        try:
            self._has(self._head())
        except Busy as error:
            LOG.info("the head is not known at this moment: %s", error)
