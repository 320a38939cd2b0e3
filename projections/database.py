"""The read models' side of the database: the worker's connection, rows read for a fold, and changes written."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any, Final

import orjson
import psycopg
from psycopg import sql
from psycopg.pq import Format
from psycopg.rows import tuple_row

from ledger.eventstore.connection import with_options
from projections.tables import END, CannotApply, Changes, R, Sheet, Table, in_key_order

SCHEMA: Final = "views"
"""Where the read models stand: the one place that names it. Every statement finds its tables by the search path."""

Connection = psycopg.Connection[tuple[Any, ...]]


def connect_worker(dsn: str) -> Connection:
    """A connection that may write the read models. Raises psycopg.OperationalError.

    Its commits do not wait for the disk: a crash loses the last of them together with their bookmarks, so that the
    same facts are folded again.
    """
    connection = psycopg.connect(with_options(dsn, WORKING), autocommit=True, row_factory=tuple_row)
    try:
        prepare_schema(connection)
        connection.execute("SET ROLE pledger_worker")
    except BaseException:
        connection.close()
        raise
    return ids_as_text(connection)


WORKING: Final = {
    "search_path": SCHEMA,
    "TimeZone": "UTC",
    "synchronous_commit": "off",
    "jit": "off",
    "application_name": "pledger_projections",
}


def prepare_schema(connection: Connection) -> None:
    """Make the schema where it is missing: it belongs to the worker, and readers may read all that will stand in it."""
    name = sql.Identifier(SCHEMA)
    known = connection.execute("SELECT to_regnamespace(%s) IS NOT NULL", (SCHEMA,)).fetchone()
    if known is not None and known[0]:
        return
    with connection.transaction():
        connection.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", (SCHEMA,))
        connection.execute(sql.SQL("CREATE SCHEMA IF NOT EXISTS {} AUTHORIZATION pledger_worker").format(name))
        connection.execute("SET LOCAL ROLE pledger_worker")
        connection.execute(sql.SQL("GRANT USAGE ON SCHEMA {} TO pledger_reader").format(name))
        connection.execute(
            sql.SQL("ALTER DEFAULT PRIVILEGES IN SCHEMA {} GRANT SELECT ON TABLES TO pledger_reader").format(name)
        )


def ids_as_text(connection: psycopg.Connection[Any]) -> Connection:
    """The same connection, on which ids are read as text is, which is also the fastest way."""
    as_text = connection.adapters.get_loader(connection.adapters.types["text"].oid, Format.TEXT)
    if as_text is not None:
        connection.adapters.register_loader("uuid", as_text)
    return connection


class DatabaseRows:
    """The rows that stand in the database, read in the transaction that will change them."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def rows(self, table: Table[R], column: str, values: Collection[str]) -> list[R]:
        """See `projections.tables.Loader`."""
        if not values:
            return []
        found = self._connection.execute(_select(table, column), (list(values),))
        return [table.row(*row) for row in found]


def write(connection: Connection, changes: Changes) -> None:
    """Write what a page changes, each table's rows in the order of their keys."""
    for sheet in changes:
        if sheet.added:
            _copy(connection, sheet)
        if sheet.changed:
            _update(connection, sheet)


def _select(table: Table[Any], column: str) -> sql.Composed:
    live = sql.SQL("") if table.live is None else sql.SQL(" AND {} = {}").format(sql.Identifier(table.live), END)
    kind = sql.SQL("uuid[]" if column.endswith("_id") else "text[]")  # a closed period's scope is no id
    return sql.SQL("SELECT {} FROM {} WHERE {} = ANY (%s::{}){} ORDER BY {}").format(
        _names(table.columns), sql.Identifier(table.name), sql.Identifier(column), kind, live, _names(table.key)
    )


def _copy(connection: Connection, sheet: Sheet[Any]) -> None:
    table = sheet.table
    statement = sql.SQL("COPY {} ({}) FROM STDIN").format(sql.Identifier(table.name), _names(table.columns))
    with connection.cursor() as cursor, cursor.copy(statement) as copy:
        for row in in_key_order(sheet.added.items()):
            # Lists hold ids alone here: written out at once, they need not be searched for what must be quoted.
            copy.write_row([f"{{{','.join(value)}}}" if type(value) is list else value for value in row])


def _update(connection: Connection, sheet: Sheet[Any]) -> None:
    table = sheet.table
    columns = (*table.key, *table.changing)
    rows = [[getattr(row, name) for name in columns] for row in in_key_order(sheet.changed.items())]
    setting = sql.SQL(", ").join(sql.SQL("{0} = n.{0}").format(sql.Identifier(name)) for name in table.changing)
    same = sql.SQL(" AND ").join(sql.SQL("t.{0} = n.{0}").format(sql.Identifier(name)) for name in table.key)
    source, parameters = _source(table, columns, rows)
    statement = sql.SQL("UPDATE {} AS t SET {} FROM {} WHERE {}")
    done = connection.execute(statement.format(sql.Identifier(table.name), setting, source, same), parameters)
    if done.rowcount != len(rows):
        raise CannotApply(f"{len(rows)} rows of {table.name} were to change, {done.rowcount} did")


def _source(table: Table[Any], columns: Sequence[str], rows: Sequence[list[Any]]) -> tuple[sql.Composed, list[Any]]:
    """The rows as a table `n`, and its parameters.

    Whole numbers travel as arrays, the quickest way; anything else as JSON, so that the table says what type it has.
    """
    if all(type(value) is int for value in rows[0]):
        arrays = sql.SQL(", ").join([sql.SQL("%s::bigint[]")] * len(columns))
        return sql.SQL("unnest({}) AS n ({})").format(arrays, _names(columns)), [
            list(each) for each in zip(*rows, strict=True)
        ]
    text = orjson.dumps([dict(zip(columns, row, strict=True)) for row in rows]).decode()
    name = sql.Identifier(table.name)
    return sql.SQL("jsonb_populate_recordset(NULL::{}, %s::jsonb) AS n").format(name), [text]


def _names(columns: Collection[str]) -> sql.Composed:
    return sql.SQL(", ").join(map(sql.Identifier, columns))
