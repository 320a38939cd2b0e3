"""Where the read models stand: the schema readers see, and the one beside it in which views are built anew.

Every statement finds its tables by the search path. What is the same for both places, folding above all, never says
where it is.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256
from typing import Any, Final

import psycopg
from psycopg import sql
from psycopg.pq import Format
from psycopg.rows import tuple_row

from ledger.eventstore.connection import with_options

SCHEMA: Final = "views"
NEXT: Final = "views_next"

Connection = psycopg.Connection[tuple[Any, ...]]

_BOOKMARK: Final = """
CREATE TABLE bookmark (
    view text PRIMARY KEY,
    stamp text NOT NULL,
    position bigint NOT NULL,
    state text NOT NULL CHECK (state IN ('working', 'waiting', 'stopped')),
    tables text[] NOT NULL,
    indexed boolean NOT NULL,
    reason text,
    failed_position bigint,
    failed_event uuid,
    failed_type text
)
"""
_SEGMENT: Final = """
CREATE TABLE evidence_segment (
    partnership_id uuid NOT NULL,
    first bigint NOT NULL,
    last bigint NOT NULL,
    form text NOT NULL,
    facts bytea NOT NULL,
    PRIMARY KEY (partnership_id, first)
)
"""
_REQUEST: Final = "CREATE TABLE rebuild_request (view text PRIMARY KEY, asked_at timestamptz NOT NULL DEFAULT now())"
_MADE: Final = {SCHEMA: (_BOOKMARK, _SEGMENT), NEXT: (_BOOKMARK, _REQUEST)}
_LAYOUT: Final = sha256(repr(_MADE).encode()).hexdigest()[:16]

WORKING: Final = {
    "search_path": SCHEMA,
    "TimeZone": "UTC",
    "synchronous_commit": "off",
    "jit": "off",
    "application_name": "pledger_projections",
}


def connect_worker(dsn: str) -> Connection:
    """A connection that may write the read models. Raises psycopg.OperationalError.

    Its commits do not wait for the disk: a crash loses the last of them together with their bookmarks, so that the
    same facts are folded again.
    """
    connection = psycopg.connect(with_options(dsn, WORKING), autocommit=True, row_factory=tuple_row)
    try:
        connection.execute("SET ROLE pledger_worker")
        _prepare(connection)
    except BaseException:
        connection.close()
        raise
    return ids_as_text(connection)


@contextmanager
def inside(connection: Connection, place: str) -> Iterator[None]:
    """A transaction in which names are found in one of the two places."""
    with connection.transaction():
        if place != SCHEMA:
            connection.execute(sql.SQL("SET LOCAL search_path TO {}").format(sql.Identifier(place)))
        yield


def ids_as_text(connection: psycopg.Connection[Any]) -> Connection:
    """The same connection, on which ids are read as text is, which is also the fastest way."""
    as_text = connection.adapters.get_loader(connection.adapters.types["text"].oid, Format.TEXT)
    if as_text is not None:
        connection.adapters.register_loader("uuid", as_text)
    return connection


def _prepare(connection: Connection) -> None:
    """Make both places where they are missing or of another layout: what stands in them can always be built again."""
    if all(_is_right(connection, place) for place in _MADE):
        return
    with connection.transaction():
        connection.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", (SCHEMA,))
        for place in _MADE:
            if not _is_right(connection, place):
                _make(connection, place)


def _is_right(connection: Connection, place: str) -> bool:
    row = connection.execute("SELECT obj_description(to_regclass(%s), 'pg_class')", (f"{place}.bookmark",)).fetchone()
    return row is not None and row[0] == _LAYOUT


def _make(connection: Connection, place: str) -> None:
    """A schema that belongs to the worker, though the database's owner makes it; readers may read all it will hold."""
    name = sql.Identifier(place)
    connection.execute(sql.SQL("DROP SCHEMA IF EXISTS {} CASCADE").format(name))
    connection.execute("SET LOCAL ROLE none")
    connection.execute(sql.SQL("CREATE SCHEMA {} AUTHORIZATION pledger_worker").format(name))
    connection.execute("SET LOCAL ROLE pledger_worker")
    connection.execute(sql.SQL("GRANT USAGE ON SCHEMA {} TO pledger_reader").format(name))
    connection.execute(
        sql.SQL("ALTER DEFAULT PRIVILEGES IN SCHEMA {} GRANT SELECT ON TABLES TO pledger_reader").format(name)
    )
    connection.execute(sql.SQL("SET LOCAL search_path TO {}").format(name))
    for statement in _MADE[place]:
        connection.execute(statement.encode())
    connection.execute(sql.SQL("COMMENT ON TABLE bookmark IS {}").format(_LAYOUT))
