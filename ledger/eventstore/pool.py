"""A few connections that step down to one role, and never one that a restarted server has forgotten."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

import psycopg
from psycopg import sql
from psycopg.conninfo import make_conninfo
from psycopg_pool import ConnectionPool

from ledger.eventstore.append import StoreUnavailable
from ledger.eventstore.connection import with_options

WAIT_SECONDS = 5.0

_READING: Final = {
    "role": "pledger_reader",
    "default_transaction_read_only": "on",
    "timezone": "UTC",
    "statement_timeout": "30s",
    "idle_in_transaction_session_timeout": "30s",
    "jit": "off",
    # Few rows are asked for, by their keys, and plans are made once: nested loops over the indexes are right.
    "enable_hashjoin": "off",
    "enable_mergejoin": "off",
}


class RolePool:
    """Connections to `dsn` that act as `role`. Safe for many threads."""

    def __init__(self, dsn: str, role: str, connections: int) -> None:
        def step_down(connection: psycopg.Connection[Any]) -> None:
            connection.execute(sql.SQL("SET ROLE {}").format(sql.Identifier(role)))
            connection.commit()

        self._pool: ConnectionPool[Any] = ConnectionPool(
            dsn,
            min_size=1,
            max_size=connections,
            configure=step_down,
            check=ConnectionPool.check_connection,
            timeout=WAIT_SECONDS,
            name=role,
            open=True,
        )

    @contextmanager
    def connection(self) -> Iterator[psycopg.Connection[Any]]:
        """A connection in a transaction that ends with the block. Raises StoreUnavailable."""
        try:
            with self._pool.connection() as connection:
                yield connection
        except psycopg.OperationalError as error:
            raise StoreUnavailable(f"the database cannot be reached: {error}") from error

    def close(self) -> None:
        self._pool.close()


def reader_pool(dsn: str, connections: int) -> ConnectionPool[psycopg.Connection[Any]]:
    """Connections that read as `pledger_reader`, and see nothing before they say whose reading it is.

    None is opened before it is asked for. From the primary, as whoever posted reads at once what was posted.
    """
    return ConnectionPool(
        make_conninfo(
            with_options(dsn, _READING, connect_timeout=3, application_name="pledger doors"),
            target_session_attrs="primary",
        ),
        kwargs={"autocommit": True},
        min_size=0,
        max_size=connections,
        timeout=WAIT_SECONDS,
        name="pledger_reader",
        open=True,
    )
