"""The runner: follows the log and keeps every view, page by page, on whichever worker holds the lock."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from threading import Event
from typing import ClassVar, Final

import psycopg

from ledger.errors import Busy
from ledger.eventstore.standing_by import stand_by, try_lock
from projections.bookmarks import BookmarkMoved
from projections.evidence.cutting import Cutter
from projections.pace import Pace
from projections.pages import Log
from projections.places import Connection, connect_worker
from projections.shift import Seen, Shift
from projections.view import View

LOG: Final = logging.getLogger(__name__)
CHANNEL: Final = "pledger_facts"
_LOCK: Final = "pledger projections"
_SLICE_SECONDS: Final = 0.25
"""How long a wait may go on before it is asked whether to stop."""


class AnotherWorker(Busy):
    """Another worker keeps the views at this moment."""

    code: ClassVar[str] = "another-worker"
    title = "Another worker keeps the views"


def unseen(_view: str, _positions: int, _seconds: float) -> None:
    """Nobody looks at the pages."""


class Runner:
    """Keeps views. Any number of workers may run one: one works, the others stand by and take over.

    `trouble` says what it is waiting out at this moment, None while it works or stands by; `interruptions` counts how
    often something came between. `seen` is told of every page.
    """

    def __init__(
        self, log: Log, dsn: str, views: Sequence[View], pace: Pace | None = None, seen: Seen = unseen
    ) -> None:
        self._log = log
        self._dsn = dsn
        self._views = tuple(views)
        self._pace = pace or Pace()
        self._seen = seen
        self._wait_seconds = self._pace.first_wait_seconds
        self.trouble: str | None = None
        self.interruptions = 0

    def run(self, stop: Event) -> None:
        """Follow the log until `stop` is set. Whatever happens, the work is begun again from the bookmarks, after
        waits that grow; what nobody expected is logged with its traceback."""
        while not stop.is_set():
            try:
                self._work(stop)
            except BookmarkMoved as moved:
                LOG.info("the views are looked at anew: %s", moved)
            except (psycopg.Error, Busy) as error:
                LOG.warning("projections wait %.1f seconds: %s", self._wait_seconds, error)
                self._wait_out(error, stop)
            except Exception as error:
                LOG.exception("projections broke off, and begin again in %.1f seconds", self._wait_seconds)
                self._wait_out(error, stop)

    def run_once(self) -> None:
        """Bring every view to the end of the log, finish every rebuild, and return.

        Raises AnotherWorker, psycopg's errors and the store's.
        """
        with closing(connect_worker(self._dsn)) as connection:
            if not try_lock(connection, _LOCK):
                raise AnotherWorker
            with _giving_back(connection), self._shift(connection) as shift:
                shift.catch_up(never := Event())
                while (soon := shift.soon_seconds) is not None:
                    never.wait(soon)
                    shift.catch_up(never)
                cutter = Cutter(connection)
                while cutter.cut():
                    pass

    def _work(self, stop: Event) -> None:
        with self._connected() as (connection, notices):
            self.trouble = None
            if stand_by(connection, _LOCK, stop, self._pace.poll_seconds):
                with self._shift(connection) as shift:
                    self._follow(connection, shift, notices, stop)

    def _wait_out(self, error: Exception, stop: Event) -> None:
        self.trouble = f"{type(error).__name__}: {error}"
        self.interruptions += 1
        stop.wait(self._wait_seconds)
        self._wait_seconds = min(2 * self._wait_seconds, self._pace.longest_wait_seconds)

    @contextmanager
    def _connected(self) -> Iterator[tuple[Connection, Connection]]:
        """The connection that holds the lock and writes, and the one that listens."""
        with (
            closing(connect_worker(self._dsn)) as connection,
            closing(
                psycopg.connect(self._dsn, autocommit=True, application_name="pledger_projections_listen")
            ) as notices,
        ):
            yield connection, notices

    def _shift(self, connection: Connection) -> closing[Shift]:
        return closing(Shift(connection, self._log, self._dsn, self._views, self._pace, self._seen))

    def _follow(self, connection: Connection, shift: Shift, notices: Connection, stop: Event) -> None:
        notices.execute(f"LISTEN {CHANNEL}")
        cutter = Cutter(connection)
        while not stop.is_set():
            shift.catch_up(stop)
            self._wait_seconds = self._pace.first_wait_seconds
            self.trouble = None
            if not cutter.cut():
                self._wait(notices, stop, shift.soon_seconds or self._pace.poll_seconds)

    def _wait(self, notices: Connection, stop: Event, seconds: float) -> None:
        """Until a notice comes, so many seconds are over or it is time to stop."""
        left = min(seconds, self._pace.poll_seconds)
        while left > 0 and not stop.is_set():
            for _ in notices.notifies(timeout=min(left, _SLICE_SECONDS), stop_after=1):
                return
            left -= _SLICE_SECONDS


@contextmanager
def _giving_back(connection: Connection) -> Iterator[None]:
    """The lock is free when the block has ended; the server alone would free it a moment after the connection's end."""
    try:
        yield
    finally:
        with suppress(psycopg.Error):
            connection.execute("SELECT pg_advisory_unlock_all()")
