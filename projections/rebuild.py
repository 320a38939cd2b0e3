"""Rebuilding beside the tables that are read: asked for by anybody, done by the worker, ended by one swap."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from contextlib import closing
from difflib import get_close_matches
from typing import ClassVar

from psycopg import errors, sql

from ledger.errors import Kind, Refusal
from projections import bookmarks
from projections.places import NEXT, SCHEMA, Connection, connect_worker, inside
from projections.view import View


class NoSuchView(Refusal):
    """No view is kept under this name. Fields: `name`, `near` (the name that may be meant, or null)."""

    code = "no-such-view"
    kind: ClassVar[Kind] = "absent"
    title = "There is no such view"


def named(name: str, views: Iterable[View]) -> View:
    """The view of this name. Raises NoSuchView."""
    known = {view.name: view for view in views}
    if name in known:
        return known[name]
    near = next(iter(get_close_matches(name, known, n=1)), None)
    meant = "" if near is None else f"did you mean {near}? "
    raise NoSuchView(f"no view is called {name[:80]}; {meant}there are {', '.join(known)}", name=name[:80], near=near)


def request_rebuild(dsn: str, names: Collection[str]) -> None:
    """Have these views built anew. Raises psycopg.OperationalError.

    The worker that keeps them begins at once, where none runs the next one does. A view that is being rebuilt already
    is not begun again, unless its rebuild has stopped.
    """
    with closing(connect_worker(dsn)) as connection, inside(connection, NEXT):
        connection.execute(
            "INSERT INTO rebuild_request (view) SELECT unnest(%s::text[]) ON CONFLICT DO NOTHING", (sorted(names),)
        )
        connection.execute("SELECT pg_notify('pledger_facts', '')")


def requested(connection: Connection) -> set[str]:
    """The views somebody wants built anew."""
    table = sql.Identifier(NEXT, "rebuild_request")
    return {row[0] for row in connection.execute(sql.SQL("SELECT view FROM {}").format(table))}


def take_request(connection: Connection, view: View, *, begin: bool) -> None:
    """Take the request for a view away, and, in the same transaction, begin with it."""
    with inside(connection, NEXT):
        connection.execute("DELETE FROM rebuild_request WHERE view = %s", (view.name,))
        if begin:
            bookmarks.begin(connection, view)


def index(connection: Connection, view: View) -> None:
    """Make the indexes that the fold had no use for, once, and tell the planner what the tables hold."""
    with inside(connection, NEXT):
        [(indexed,)] = connection.execute(
            "SELECT indexed FROM bookmark WHERE view = %s FOR UPDATE", (view.name,)
        ).fetchall()
        if not indexed:
            connection.execute(view.indexes.encode())
            connection.execute("UPDATE bookmark SET indexed = true WHERE view = %s", (view.name,))
        for name in view.table_names:
            connection.execute(sql.SQL("ANALYZE {}").format(sql.Identifier(name)))


def swap(connection: Connection, views: Collection[View], patience_seconds: float) -> bool:
    """Put what was built in the place of what is read, in one transaction; False when it cannot be now.

    Readers lock the bookmarks before they look at anything (`projections.reading`): here it is waited for those under
    way, no longer than `patience_seconds`, because all others wait behind. So a reader sees the tables of before or
    those of after, and never a table of the one beside a bookmark of the other. Not done while a view that is read
    has come further: no position ever goes back.
    """
    try:
        with inside(connection, SCHEMA):
            connection.execute(sql.SQL("SET LOCAL lock_timeout = {}").format(f"{round(1000 * patience_seconds)}ms"))
            connection.execute("LOCK TABLE bookmark IN ACCESS EXCLUSIVE MODE")
            if _are_behind(connection, [view.name for view in views]):
                return False
            for view in views:
                bookmarks.forget(connection, view.name)
                bookmarks.drop(connection, view.table_names)
            for view in views:
                _move_here(connection, view)
    except errors.LockNotAvailable:
        return False
    return True


def _are_behind(connection: Connection, names: list[str]) -> bool:
    """Whether some view, one of these above all, stands further than one of the rebuilds."""
    [(further,)] = connection.execute(
        sql.SQL(
            "SELECT EXISTS (SELECT FROM bookmark b, {next} n WHERE n.view = ANY (%s) AND b.position > n.position"
            " AND (b.state = 'working' OR b.view = n.view))"
        ).format(next=_BOOKMARK),
        (names,),
    ).fetchall()
    return bool(further)


def _move_here(connection: Connection, view: View) -> None:
    for name in view.table_names:
        connection.execute(sql.SQL("ALTER TABLE {} SET SCHEMA {}").format(sql.Identifier(NEXT, name), _HERE))
    connection.execute(
        sql.SQL(
            "WITH built AS (DELETE FROM {next} WHERE view = %s RETURNING *) INSERT INTO bookmark TABLE built"
        ).format(next=_BOOKMARK),
        (view.name,),
    )


_BOOKMARK = sql.Identifier(NEXT, "bookmark")
_HERE = sql.Identifier(SCHEMA)
