"""The runner: follows the log and keeps every view, page by page, on whichever worker holds the lock."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from threading import Event
from typing import ClassVar, Final

import psycopg

from ledger.errors import Busy
from projections import bookmarks
from projections.bookmarks import BookmarkMoved
from projections.database import Connection, connect_worker
from projections.folding import Bookmarked
from projections.pages import Log, Pages
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """Facts in a page; seconds between looks at the log where no notice comes; bounds of the waits after trouble."""

    page_facts: int = 1_000
    poll_seconds: float = 1.0
    first_wait_seconds: float = 0.1
    longest_wait_seconds: float = 5.0


class Runner:
    """Keeps views. Any number of workers may run one: one works, the others stand by and take over."""

    def __init__(self, log: Log, dsn: str, views: Sequence[View], pace: Pace | None = None) -> None:
        self._log = log
        self._dsn = dsn
        self._views = tuple(views)
        self._pace = pace or Pace()

    def run(self, stop: Event) -> None:
        """Follow the log until `stop` is set. Trouble with the database is waited out; anything else is raised."""
        pace = self._pace
        wait = pace.first_wait_seconds
        while not stop.is_set():
            try:
                with self._connected() as (connection, notices), self._pages() as pages:
                    if self._stand_by(connection, stop):
                        wait = pace.first_wait_seconds
                        self._follow(connection, notices, pages, stop)
            except BookmarkMoved as moved:
                LOG.info("the views are looked at anew: %s", moved)
            except (psycopg.Error, Busy) as error:
                LOG.warning("projections wait %.1f seconds: %s", wait, error)
                stop.wait(wait)
                wait = min(2 * wait, pace.longest_wait_seconds)

    def run_once(self) -> None:
        """Bring every view to the end of the log and return. Raises AnotherWorker, psycopg's errors and the store's."""
        connection = connect_worker(self._dsn)
        try:
            if not _try_lock(connection):
                raise AnotherWorker
            with self._pages() as pages:
                self._catch_up(connection, self._begin(connection), pages, Event())
        finally:
            connection.close()

    @contextmanager
    def _connected(self) -> Iterator[tuple[Connection, Connection]]:
        """The connection that holds the lock and writes, and the one that listens."""
        connection = connect_worker(self._dsn)
        try:
            notices = psycopg.connect(self._dsn, autocommit=True, application_name="pledger_projections_listen")
            try:
                yield connection, notices
            finally:
                notices.close()
        finally:
            connection.close()

    def _stand_by(self, connection: Connection, stop: Event) -> bool:
        """Wait for the lock; False when it is time to stop. The server gives it back when its holder is gone."""
        while not stop.is_set():
            if _try_lock(connection):
                return True
            stop.wait(self._pace.poll_seconds)
        return False

    def _pages(self) -> closing[Pages]:
        return closing(Pages(self._log, self._pace.page_facts))

    def _follow(self, connection: Connection, notices: Connection, pages: Pages, stop: Event) -> None:
        notices.execute(f"LISTEN {CHANNEL}")
        views = self._begin(connection)
        while not stop.is_set():
            self._catch_up(connection, views, pages, stop)
            bookmarks.confirm(connection, self._views)
            self._wait(notices, stop)

    def _begin(self, connection: Connection) -> list[Bookmarked]:
        return [Bookmarked(view, bookmarks.prepare(connection, view)) for view in self._views]

    def _catch_up(self, connection: Connection, views: Sequence[Bookmarked], pages: Pages, stop: Event) -> None:
        """Page after page, until no view finds anything new. A view that is far behind does not hold up the others."""
        moved = True
        while moved and not stop.is_set():
            moved = False
            for position in sorted({view.position for view in views if view.is_working}, reverse=True):
                at_it = [view for view in views if view.is_working and view.position == position]
                moved |= _turn(connection, at_it, pages)
        for view in views:
            view.analyse(connection)

    def _wait(self, notices: Connection, stop: Event) -> None:
        """Until a notice comes, the poll is due or it is time to stop."""
        left = self._pace.poll_seconds
        while left > 0 and not stop.is_set():
            for _ in notices.notifies(timeout=min(left, _SLICE_SECONDS), stop_after=1):
                return
            left -= _SLICE_SECONDS


def _try_lock(connection: Connection) -> bool:
    row = connection.execute("SELECT pg_try_advisory_lock(hashtextextended(%s, 0))", (_LOCK,)).fetchone()
    return row is not None and bool(row[0])


def _turn(connection: Connection, views: Sequence[Bookmarked], pages: Pages) -> bool:
    """One page for the views that stand at the same position; whether there was one."""
    page = pages.read(views[0].position, frozenset[str]().union(*(view.view.types for view in views)))
    if page is None:
        return False
    for view in views:
        view.advance(connection, page)
        if view.failure is not None:
            LOG.error(
                "the view %s stopped at position %d (%s): %s",
                view.view.name, view.failure.position, view.failure.type, view.failure.reason,
            )  # fmt: skip
    return True
