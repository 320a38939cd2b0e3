"""A few connections that step down to one role, and never one that a restarted server has forgotten."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
from psycopg import sql
from psycopg_pool import ConnectionPool

from ledger.eventstore.append import StoreUnavailable

WAIT_SECONDS = 5.0


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
