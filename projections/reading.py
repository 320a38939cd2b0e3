"""Reading the read models: a pool of connections that cannot write, one snapshot per question."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any, Final

import psycopg
from psycopg import IsolationLevel, errors
from psycopg.rows import tuple_row
from psycopg_pool import ConnectionPool, PoolTimeout

from ledger.eventstore.append import StoreUnavailable
from ledger.eventstore.connection import with_options
from projections.database import SCHEMA, ids_as_text
from projections.waiting import NotYetVisible

Connection = psycopg.Connection[Any]

_SETTINGS: Final = {
    "role": "pledger_reader",
    "search_path": SCHEMA,
    "TimeZone": "UTC",
    "jit": "off",
    "statement_timeout": "30s",
    "application_name": "pledger_views",
}


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
    def snapshot(self) -> Iterator[Connection]:
        """A transaction. Raises StoreUnavailable, and NotYetVisible where no worker has made the views yet."""
        try:
            with self._pool.connection() as connection:
                yield connection
        except errors.UndefinedTable as error:
            raise NotYetVisible("the views have not been made yet", position=0) from error
        except (psycopg.OperationalError, PoolTimeout) as error:
            raise StoreUnavailable(f"the views cannot be read: {error}") from error

    def close(self) -> None:
        self._pool.close()


def _configure(connection: Connection) -> None:
    connection.isolation_level = IsolationLevel.REPEATABLE_READ
    connection.read_only = True
    connection.row_factory = tuple_row
    ids_as_text(connection)


def position(connection: Connection, names: Collection[str]) -> int:
    """How far all of these views have come: what is known there is complete. 0 where one has not begun."""
    [(least, begun)] = connection.execute(
        "SELECT min(position), count(*) FROM bookmark WHERE view = ANY (%s)", (list(names),)
    ).fetchall()
    return int(least) if begun == len(names) else 0


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
