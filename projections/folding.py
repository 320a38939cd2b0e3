"""One page into one view: rows and bookmark in one transaction; where that fails, the fact it fails at is found."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import psycopg
from psycopg import sql

from ledger.domain.fact import AnyFact
from projections import bookmarks
from projections.bookmarks import BookmarkMoved, Failure
from projections.database import DatabaseRows, write
from projections.pages import Page
from projections.places import SCHEMA, Connection, inside
from projections.view import View

_ANOTHER_TIME: Final = frozenset({"08", "25", "40", "53", "55", "57", "58"})
"""Classes of SQLSTATE that say nothing about the facts: no connection, no room, a conflict, a server going away."""

MANY: Final = 20_000
"""Facts after which the planner's statistics are out of date."""


class Bookmarked:
    """A view whose tables stand in a place, and the position up to which they have applied the log."""

    def __init__(self, view: View, place: str = SCHEMA, position: int = 0, *, is_behind: bool = False) -> None:
        self.view = view
        self.place = place
        self.position = position
        self.is_behind = is_behind
        self.failure: Failure | None = None
        self._unanalysed = 0

    @property
    def is_working(self) -> bool:
        return self.failure is None

    def advance(self, connection: Connection, page: Page) -> None:
        """Apply a page that follows this view's position, as far as possible.

        Raises psycopg's errors and BookmarkMoved where the trouble is not with the facts: nothing is lost then.
        """
        facts, unreadable = page.of(self.view.types)
        if unreadable is None:
            self._apply(connection, facts, page.until)
            return
        self._apply(connection, facts, unreadable.position - 1)
        if self.is_working:
            self._stop(connection, unreadable)

    def _apply(self, connection: Connection, facts: Sequence[AnyFact], until: int) -> None:
        """Apply facts up to a position; where they cannot be, halve them until the one that cannot is alone."""
        if until == self.position:
            return
        try:
            self._write(connection, facts, until)
        except BookmarkMoved:
            raise
        except Exception as error:
            if _is_elsewhere(connection, error):
                raise
            self._halve(connection, facts, until, error)

    def _halve(self, connection: Connection, facts: Sequence[AnyFact], until: int, error: Exception) -> None:
        if not facts:
            raise error
        if len(facts) == 1:
            fact = facts[0]
            self._apply(connection, (), fact.position - 1)
            reason = f"{type(error).__name__}: {error}"
            self._stop(connection, Failure(fact.position, fact.event_id, fact.type, reason))
            return
        middle = len(facts) // 2
        self._apply(connection, facts[:middle], facts[middle].position - 1)
        if self.is_working:
            self._apply(connection, facts[middle:], until)

    def _write(self, connection: Connection, facts: Sequence[AnyFact], until: int) -> None:
        with inside(connection, self.place):
            if facts:
                write(connection, self.view.fold(facts, DatabaseRows(connection)))
            bookmarks.move(connection, [self.view], self.position, until)
        self.position = until
        self._unanalysed += len(facts)

    def analyse(self, connection: Connection) -> None:
        """After many facts, tell the planner what the tables hold now; the server would do it some minutes later."""
        if self._unanalysed < MANY:
            return
        for name in self.view.table_names:
            connection.execute(sql.SQL("ANALYZE {}").format(sql.Identifier(self.place, name)))
        self._unanalysed = 0

    def has_come_to_the_end(self, connection: Connection) -> None:
        """Where the view had been tried again after a stop: it is as far as the others, and readers may rely on it."""
        if self.is_behind:
            with inside(connection, self.place):
                bookmarks.keeps_up(connection, self.view)
            self.is_behind = False

    def _stop(self, connection: Connection, failure: Failure) -> None:
        with inside(connection, self.place):
            bookmarks.stop(connection, self.view, failure)
        self.failure = failure


def pass_over(connection: Connection, views: Sequence[Bookmarked], page: Page) -> None:
    """Move views of one place and position past a page that holds nothing for them, all at once."""
    if views:
        with inside(connection, views[0].place):
            bookmarks.move(connection, [view.view for view in views], views[0].position, page.until)
        for view in views:
            view.position = page.until


def _is_elsewhere(connection: Connection, error: Exception) -> bool:
    """Whether the trouble is with the database and not with the facts."""
    if connection.closed or connection.broken:
        return True
    if isinstance(error, psycopg.OperationalError | psycopg.InterfaceError):
        return True
    return isinstance(error, psycopg.Error) and (error.sqlstate or "")[:2] in _ANOTHER_TIME
