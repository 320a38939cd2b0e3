"""The read models' side of the database: rows read for a fold, and what a page changes written."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from functools import cache
from typing import Any

import orjson
from psycopg import sql

from projections.places import Connection
from projections.tables import END, CannotApply, Changes, R, Sheet, Table, in_key_order


class DatabaseRows:
    """The rows that stand in the database, read in the transaction that will change them."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def rows(self, table: Table[R], column: str, values: Collection[str]) -> list[R]:
        """See `projections.tables.Loader`."""
        if not values:
            return []
        wanted = _ids(values) if _holds_ids(column) else list(values)
        found = self._connection.execute(_select(table, column), (wanted,)).fetchall()
        return list(map(table.row._make, found))  # type: ignore[attr-defined]  # every row is a NamedTuple


def write(connection: Connection, changes: Changes) -> None:
    """Write what a page changes, each table's rows in the order of their keys."""
    for sheet in changes:
        if sheet.added:
            _copy(connection, sheet)
        if sheet.changed:
            _update(connection, sheet)


@cache
def _select(table: Table[Any], column: str) -> bytes:
    live = sql.SQL("") if table.live is None else sql.SQL(" AND {} = {}").format(sql.Identifier(table.live), END)
    kind = sql.SQL("uuid[]" if _holds_ids(column) else "text[]")
    statement = sql.SQL("SELECT {} FROM {} WHERE {} = ANY (%s::{}){} ORDER BY {}").format(
        _names(table.columns), sql.Identifier(table.name), sql.Identifier(column), kind, live, _names(table.key)
    )
    return statement.as_bytes(None)


def _holds_ids(column: str) -> bool:
    return column.endswith("_id")  # a closed period's scope, for one, is none


def _ids(values: Iterable[Any]) -> str:
    """Ids or whole numbers as the server reads an array. None of them has to be quoted, so none is looked through."""
    return f"{{{','.join(values)}}}"


@cache
def _copy_statement(table: Table[Any]) -> bytes:
    return sql.SQL("COPY {} ({}) FROM STDIN").format(sql.Identifier(table.name), _names(table.columns)).as_bytes(None)


def _copy(connection: Connection, sheet: Sheet[Any]) -> None:
    lists = sheet.table.lists
    with connection.cursor() as cursor, cursor.copy(_copy_statement(sheet.table)) as copy:
        for row in in_key_order(sheet.added.items()):
            copy.write_row(_with_lists_as_text(row, lists) if lists else row)


def _with_lists_as_text(row: Sequence[Any], lists: Iterable[int]) -> list[Any]:
    values = list(row)
    for place in lists:
        values[place] = _ids(values[place])
    return values


def _update(connection: Connection, sheet: Sheet[Any]) -> None:
    table = sheet.table
    rows = list(map(table.values_of((*table.key, *table.changing)), in_key_order(sheet.changed.items())))
    as_numbers = all(type(value) is int for value in rows[0])
    parameters = _numbers(rows) if as_numbers else _json(table, rows)
    done = connection.execute(_update_statement(table, as_numbers), parameters)
    if done.rowcount != len(rows):
        raise CannotApply(f"{len(rows)} rows of {table.name} were to change, {done.rowcount} did")


@cache
def _update_statement(table: Table[Any], as_numbers: bool) -> bytes:
    """Changes the rows of a table `n`.

    Whole numbers travel as arrays, the quickest way; anything else as JSON, so that the table says what type it has.
    """
    columns = (*table.key, *table.changing)
    name = sql.Identifier(table.name)
    if as_numbers:
        arrays = sql.SQL(", ").join([sql.SQL("%s::bigint[]")] * len(columns))
        source = sql.SQL("unnest({}) AS n ({})").format(arrays, _names(columns))
    else:
        source = sql.SQL("jsonb_populate_recordset(NULL::{}, %s::jsonb) AS n").format(name)
    setting = sql.SQL(", ").join(sql.SQL("{0} = n.{0}").format(sql.Identifier(each)) for each in table.changing)
    same = sql.SQL(" AND ").join(sql.SQL("t.{0} = n.{0}").format(sql.Identifier(each)) for each in table.key)
    return sql.SQL("UPDATE {} AS t SET {} FROM {} WHERE {}").format(name, setting, source, same).as_bytes(None)


def _numbers(rows: Sequence[tuple[int, ...]]) -> list[str]:
    return [_ids(map(str, column)) for column in zip(*rows, strict=True)]


def _json(table: Table[Any], rows: Sequence[tuple[Any, ...]]) -> list[str]:
    columns = (*table.key, *table.changing)
    return [orjson.dumps([dict(zip(columns, row, strict=True)) for row in rows]).decode()]


def _names(columns: Collection[str]) -> sql.Composed:
    return sql.SQL(", ").join(map(sql.Identifier, columns))
