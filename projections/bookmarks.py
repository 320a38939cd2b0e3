"""How far each view has come: one row per view and place, written in the transaction that writes the view's rows.

Every function finds the bookmarks by the search path: those of the views that are read, or of those built beside them.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any, Final, Literal

import psycopg
from psycopg import sql

from projections.places import Connection
from projections.view import View

Kept = Literal["working", "waiting", "stopped"]
"""`waiting`: tried again after it had stopped, and not yet where the others are."""


class BookmarkMoved(Exception):
    """Another worker moved a view's bookmark: nothing of this page was written."""


@dataclass(frozen=True, slots=True)
class Failure:
    """The fact that a view could not apply, and why. `event_id` is None where its record could not be read."""

    position: int
    event_id: str | None
    type: str
    reason: str

    def to_json(self) -> dict[str, Any]:
        """The fact, without the reason."""
        return {"position": self.position, "event_id": self.event_id, "type": self.type}


@dataclass(frozen=True, slots=True)
class Bookmark:
    """A view's tables hold what the facts up to `position` say; `indexed` once they have all their indexes."""

    stamp: str
    position: int
    state: Kept
    indexed: bool
    failure: Failure | None

    @property
    def version(self) -> int:
        """The version of the view that these tables are of."""
        return int(self.stamp.partition("-")[0])


_COLUMNS: Final = (
    "view, stamp, position, state, indexed, reason, failed_position, failed_event::text, failed_type"  # as `_bookmark`
)
_NO_FAILURE: Final = "reason = NULL, failed_position = NULL, failed_event = NULL, failed_type = NULL"


def bookmarks(connection: psycopg.Connection[Any], place: str | None = None) -> dict[str, Bookmark]:
    """The bookmarks of every view, by its name; of the place that is named, else of the search path's.

    Raises psycopg.errors.UndefinedTable where no worker has ever begun.
    """
    table = sql.Identifier("bookmark") if place is None else sql.Identifier(place, "bookmark")
    rows = connection.execute(sql.SQL("SELECT {} FROM {}").format(sql.SQL(_COLUMNS), table)).fetchall()
    return {row[0]: _bookmark(*row[1:]) for row in rows}


def _bookmark(stamp: str, position: int, state: Kept, indexed: bool, *failed: Any) -> Bookmark:
    reason, at, event_id, type_name = failed
    failure = None if at is None else Failure(at, event_id, type_name, reason)
    return Bookmark(stamp, position, state, indexed, failure)


def begin(connection: Connection, view: View) -> None:
    """Make a view's tables, empty, in place of any that stand there, in the caller's transaction."""
    forget(connection, view.name)
    drop(connection, view.table_names)
    connection.execute(view.schema.encode())
    connection.execute(
        "INSERT INTO bookmark (view, stamp, position, state, tables, indexed) VALUES (%s, %s, 0, 'working', %s, %s)",
        (view.name, view.stamp, list(view.table_names), not view.indexes),
    )


def forget(connection: Connection, name: str) -> None:
    """Drop a view's tables and its bookmark, in the caller's transaction. Tables that another view has now are its."""
    rows = connection.execute(
        "SELECT coalesce(array_agg(t), '{}') FROM bookmark, unnest(tables) t WHERE view = %s"
        " AND NOT EXISTS (SELECT FROM bookmark b WHERE b.view <> %s AND t = ANY (b.tables))",
        (name, name),
    ).fetchall()
    drop(connection, rows[0][0])
    connection.execute("DELETE FROM bookmark WHERE view = %s", (name,))


def drop(connection: Connection, tables: Collection[str]) -> None:
    """Drop those of these tables that stand here."""
    for table in tables:
        connection.execute(sql.SQL("DROP TABLE IF EXISTS {} CASCADE").format(sql.Identifier(table)))


def move(connection: Connection, views: Collection[View], before: int, after: int) -> None:
    """Move bookmarks in the caller's transaction. Raises BookmarkMoved when one does not stand where it should."""
    done = connection.execute(
        "UPDATE bookmark SET position = %s WHERE (view, stamp) IN (SELECT * FROM unnest(%s::text[], %s::text[]))"
        " AND position = %s AND state <> 'stopped'",
        (after, [view.name for view in views], [view.stamp for view in views], before),
    )
    if done.rowcount != len(views):
        raise BookmarkMoved(f"{', '.join(view.name for view in views)}: not all stand at {before} any longer")


def stop(connection: Connection, view: View, failure: Failure) -> None:
    """Mark a view as stopped before the fact it cannot apply."""
    connection.execute(
        "UPDATE bookmark SET state = 'stopped', reason = %s, failed_position = %s, failed_event = %s, failed_type = %s"
        " WHERE view = %s",
        (failure.reason, failure.position, failure.event_id, failure.type, view.name),
    )


def try_again(connection: Connection, view: View) -> None:
    """Let a view that had stopped go on: the program may have been put right. What it failed at stays named."""
    connection.execute("UPDATE bookmark SET state = 'waiting' WHERE view = %s AND state = 'stopped'", (view.name,))


def keeps_up(connection: Connection, view: View) -> None:
    """A view that was tried again has come to the end of the log."""
    connection.execute(f"UPDATE bookmark SET state = 'working', {_NO_FAILURE} WHERE view = %s", (view.name,))
