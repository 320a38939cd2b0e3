"""The access log: requests wait in a queue of this process, a thread writes them, and none is lost for want of room."""

from __future__ import annotations

import logging
import threading
import time
from collections import deque
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any, Final

import psycopg

from ledger.access import entries
from ledger.access.entries import AccessQuery, Entry, Read
from ledger.clock import Clock
from ledger.errors import Busy
from ledger.eventstore.append import StoreUnavailable
from ledger.eventstore.pool import RolePool
from ledger.eventstore.store import Store

LOG: Final = logging.getLogger(__name__)
LINGER_SECONDS: Final = 0.2
"""How long a request may wait for others to be written with it; what is lost when the process is killed is no older."""
BATCH: Final = 1_000
WAIT_SECONDS: Final = 5.0
PAUSE_SECONDS: Final = 0.5
PRUNE_EVERY_SECONDS: Final = 3_600.0
PRUNED_AT_ONCE: Final = 10_000


class AccessLogBusy(Busy):
    """What is read cannot be noted at the moment, so nothing is shown."""

    code = "access-log-busy"
    title = "Reading cannot be noted at the moment"


class AccessLog:
    """Who read what. Safe for any number of threads; its own thread begins with the first request."""

    def __init__(self, pool: RolePool, store: Store, clock: Clock, *, days: int, waiting: int) -> None:
        self._pool, self._store, self._clock = pool, store, clock
        self._days, self._most = days, waiting
        self._changed = threading.Condition()
        self._queue: deque[Read] = deque()
        self._added = self._done = self._hurry = 0
        self._thread: threading.Thread | None = None
        self._closing = False
        self._prune_at = 0.0

    @property
    def waiting(self) -> int:
        """How many entries wait to be written."""
        return len(self._queue)

    def note(self, read: Read, *, durably: bool = False) -> None:
        """Takes a request down. Waits while the queue is full; `durably` also until it is written.

        Raises AccessLogBusy when that takes too long.
        """
        deadline = time.monotonic() + WAIT_SECONDS
        with self._changed:
            self._wait(lambda: len(self._queue) < self._most or self._closing, deadline)
            if self._closing:
                raise AccessLogBusy("the access log is closed")
            self._queue.append(read)
            self._added += 1
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name="access log", daemon=True)
                self._thread.start()
            if durably:
                self._hurry_to(self._added, deadline)
            elif len(self._queue) == 1:
                self._changed.notify_all()

    def settle(self) -> None:
        """Returns when everything noted before is written. Raises AccessLogBusy when that takes too long."""
        with self._changed:
            self._hurry_to(self._added, time.monotonic() + WAIT_SECONDS)

    def find(self, query: AccessQuery, keys: Iterable[str] | None) -> tuple[list[Entry], bool]:
        """A page of the entries about one of some fact keys (None: all entries), and whether there are more."""
        self.settle()
        return entries.find(self._store.seen_by(keys), query)

    def openings(self, stream_id: str) -> list[tuple[datetime, str]]:
        """When and why somebody opened a stream with a reason, oldest first: all that was answered."""
        return entries.openings(self._store.seen_by(None), stream_id)

    def close(self) -> None:
        """Writes what waits, for a while at most where the database is away."""
        with self._changed:
            self._closing = True
            self._changed.notify_all()
        if self._thread is not None:
            self._thread.join(2 * WAIT_SECONDS)

    def _hurry_to(self, number: int, deadline: float) -> None:
        self._hurry = max(self._hurry, number)
        self._changed.notify_all()
        self._wait(lambda: self._done >= number, deadline)

    def _wait(self, until: Callable[[], bool], deadline: float) -> None:
        if not self._changed.wait_for(until, max(0.0, deadline - time.monotonic())):
            raise AccessLogBusy("the access log cannot be written at the moment; try again")

    def _run(self) -> None:
        while batch := self._next():
            self._write(batch)
            with self._changed:
                self._done += len(batch)
                self._changed.notify_all()
            if not self._closing and time.monotonic() >= self._prune_at:
                self._prune()

    def _next(self) -> list[Read]:
        """What waits, at most a batch of it; nothing only when the log is being closed."""
        with self._changed:
            self._changed.wait_for(lambda: self._queue or self._closing)
            self._changed.wait_for(
                lambda: self._closing or self._hurry > self._done or len(self._queue) >= BATCH, LINGER_SECONDS
            )
            batch = [self._queue.popleft() for _ in range(min(BATCH, len(self._queue)))]
            self._changed.notify_all()
            return batch

    def _write(self, batch: list[Read]) -> None:
        """Writes a batch, as often as it takes. What the database will not have stands in the service's own log."""
        gives_up = None
        while True:
            try:
                return self._insert(batch)
            except StoreUnavailable as error:
                if self._closing:
                    gives_up = gives_up or time.monotonic() + WAIT_SECONDS
                    if time.monotonic() > gives_up:
                        return LOG.error("%d entries of the access log are lost: %s", len(batch), error)
                LOG.warning("the access log waits for the database: %s", error)
                time.sleep(PAUSE_SECONDS)
            except psycopg.Error as error:
                if len(batch) == 1:
                    return LOG.error("an entry of the access log was refused: %r (%s)", batch[0], error)
                for one in batch:
                    self._write([one])
                return None

    def _insert(self, batch: list[Read]) -> None:
        unnamed = {read.thing for read in batch if read.thing is not None and not read.about}
        concerned = self._concerned(unnamed.union(*(read.opened for read in batch)))
        with self._pool.connection() as connection:
            entries.write(connection, [(read, about(read, concerned)) for read in batch])

    def _concerned(self, ids: set[str]) -> Mapping[str, set[str]]:
        return self._store.concerned(ids) if ids else {}

    def _prune(self) -> None:
        self._prune_at = time.monotonic() + PRUNE_EVERY_SECONDS
        before = self._clock.now() - timedelta(days=self._days)
        try:
            with self._pool.connection() as connection:
                entries.prune(connection, before, PRUNED_AT_ONCE)
        except (StoreUnavailable, psycopg.Error) as error:
            LOG.warning("the access log was not pruned: %s", error)


def about(read: Read, concerned: Mapping[str, set[str]]) -> frozenset[str]:
    """Every key that a request is about: of what it named, and of the thing in its path and what it opened."""
    things: list[Any] = [] if read.thing is None else [read.thing]
    return read.about.union(*(concerned.get(one, ()) for one in (*things, *read.opened)))
