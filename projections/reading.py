"""Reading the read models: a pool of connections that cannot write, one snapshot per question.

A snapshot begins by locking the bookmarks, as weakly as there is. Only a swap minds: it waits until no snapshot is
open, and a snapshot begun after it sees all of it. Without the lock a snapshot taken before a swap would find the new
tables by their names, and see of them what they held then.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

import psycopg
from psycopg import errors
from psycopg.rows import tuple_row
from psycopg_pool import ConnectionPool, PoolTimeout

from ledger.eventstore.append import StoreUnavailable
from ledger.eventstore.connection import with_options
from projections.bookmarks import Bookmark, bookmarks
from projections.places import SCHEMA, ids_as_text
from projections.view import View
from projections.waiting import NotYetVisible

Connection = psycopg.Connection[Any]

_SETTINGS: Final = {
    "role": "pledger_reader",
    "pledger.keys": "*",  # a figure rests on facts its reader may not see one by one: who may ask is for the doors
    "search_path": SCHEMA,
    "TimeZone": "UTC",
    "jit": "off",
    "statement_timeout": "30s",
    "max_parallel_workers_per_gather": "0",  # starting them takes longer than a question about one partnership
    "application_name": "pledger_views",
}
_BEGIN: Final = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"
_LOCK: Final = "LOCK TABLE bookmark IN ACCESS SHARE MODE"
"""No query, so that the snapshot is taken after it has been waited for."""


class Snapshots:
    """Hands out transactions as `pledger_reader`, read only, each on one moment's truth of all views."""

    def __init__(self, dsn: str, connections: int) -> None:
        self._pool = ConnectionPool(
            with_options(dsn, _SETTINGS),
            min_size=0,
            max_size=connections,
            timeout=10.0,
            configure=_configure,
            check=ConnectionPool.check_connection,
            open=True,
            name="pledger_views",
        )

    @contextmanager
    def snapshot(self, *, locked: bool = True) -> Iterator[Connection]:
        """A transaction. Raises StoreUnavailable, and NotYetVisible where no worker has made the views yet.

        One that is not `locked` may read bookmarks and the log, and no view.
        """
        try:
            with self._pool.connection() as connection:
                connection.execute(f"{_BEGIN}; {_LOCK}" if locked else _BEGIN)
                yield connection
        except errors.UndefinedTable as error:
            raise NotYetVisible("the views have not been made yet", position=0) from error
        except (psycopg.OperationalError, PoolTimeout) as error:
            raise StoreUnavailable(f"the views cannot be read: {error}") from error

    def close(self) -> None:
        self._pool.close()


def _configure(connection: Connection) -> None:
    connection.autocommit = True  # `snapshot` begins its transactions itself, together with the lock
    connection.row_factory = tuple_row
    ids_as_text(connection)


@dataclass(frozen=True, slots=True)
class Standing:
    """Where the views of this program stand in a snapshot; a view that is not in `marks` answers nothing yet."""

    views: Sequence[View]
    marks: Mapping[str, Bookmark]

    @property
    def position(self) -> int:
        """How far the views that keep up have all come: what is known there is complete.

        Where none keeps up, how far the furthest has come. Raises NotYetVisible where there is none at all.
        """
        working = [mark.position for mark in self.marks.values() if mark.state == "working"]
        if working:
            return min(working)
        if self.marks:
            return max(mark.position for mark in self.marks.values())
        raise NotYetVisible("the views are being built", position=0)

    def missing(self, known_at: int) -> dict[str, NotYetVisible]:
        """By the name of each table that does not know all that was known at a position: why not."""
        found: dict[str, NotYetVisible] = {}
        for view in self.views:
            mark = self.marks.get(view.name)
            at = 0 if mark is None else mark.position
            if mark is None or at < known_at:
                why = NotYetVisible(_why(view, mark), view=view.name, wanted=known_at, position=at)
                found |= dict.fromkeys(view.table_names, why)
        return found


def _why(view: View, mark: Bookmark | None) -> str:
    if mark is None:
        return f"the view {view.name} is being built"
    if mark.failure is None:
        return f"the view {view.name} has come to {mark.position}"
    return (
        f"the view {view.name} stopped before the fact at position {mark.failure.position}, which it cannot apply;"
        f" it answers questions up to known_at=position:{mark.position}"
    )


def standing(connection: Connection, views: Sequence[View]) -> Standing:
    """Where these views stand. Tables of another version are as good as none: their columns may mean other things."""
    stamps = {view.name: view.stamp for view in views}
    found = bookmarks(connection)
    return Standing(views, {name: mark for name, mark in found.items() if mark.stamp == stamps.get(name)})


def position_at(connection: Connection, at: datetime) -> int:
    """The last position recorded by a moment, 0 where nothing was. `recorded_at` never runs backwards."""
    [(high,)] = connection.execute("SELECT position FROM pledger.head").fetchall()
    low = 0
    while low < high:
        middle = (low + high + 1) // 2
        [(by_then,)] = connection.execute(
            "SELECT recorded_at <= %s FROM pledger.log WHERE position = %s", (at, middle)
        ).fetchall()
        low, high = (middle, high) if by_then else (low, middle - 1)
    return low
