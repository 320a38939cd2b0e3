"""How far each view has come: one row per view, written in the transaction that writes the view's rows."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final, Literal

import psycopg
from psycopg import sql

from projections.database import SCHEMA, Connection
from projections.view import View

State = Literal["working", "stopped", "absent"]

ASKED_FOR: Final = "to be built anew"
"""The stamp of a view that somebody wants rebuilt: no version bears it."""

_TABLE: Final = """
CREATE TABLE IF NOT EXISTS bookmark (
    view text PRIMARY KEY,
    stamp text NOT NULL,
    position bigint NOT NULL,
    state text NOT NULL CHECK (state IN ('working', 'stopped')),
    reason text,
    failed_position bigint,
    failed_event uuid,
    failed_type text
)
"""


class BookmarkMoved(Exception):
    """Another worker moved a view's bookmark: nothing of this page was written."""


@dataclass(frozen=True, slots=True)
class Failure:
    """The fact that a view could not apply, and why. `event_id` is None where its record could not be read."""

    position: int
    event_id: str | None
    type: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ViewStatus:
    """How far a view has come. `lag` counts the facts it has not looked at yet; `absent` means never begun."""

    view: str
    position: int
    head: int
    state: State
    stamp: str | None
    failure: Failure | None

    @property
    def lag(self) -> int:
        return max(0, self.head - self.position)

    def to_json(self) -> dict[str, Any]:
        """As `/readyz` and `pledger projections status` show it."""
        failed = self.failure
        return {
            "view": self.view,
            "position": self.position,
            "head": self.head,
            "lag": self.lag,
            "state": self.state,
            "failed": None
            if failed is None
            else {"position": failed.position, "event_id": failed.event_id, "type": failed.type},
            "reason": None if failed is None else failed.reason,
        }


def prepare(connection: Connection, view: View) -> int:
    """The position a view goes on from. A view of another version loses its tables and begins again at 0.

    A view that had stopped is tried again: the program may have been put right.
    """
    with connection.transaction():
        connection.execute(_TABLE)
        row = connection.execute("SELECT stamp, position FROM bookmark WHERE view = %s", (view.name,)).fetchone()
        if row is not None and row[0] == view.stamp:
            connection.execute(
                "UPDATE bookmark SET state = 'working', reason = NULL, failed_position = NULL, failed_event = NULL,"
                " failed_type = NULL WHERE view = %s AND state = 'stopped'",
                (view.name,),
            )
            return int(row[1])
        begin_again(connection, view)
    return 0


def begin_again(connection: Connection, view: View) -> None:
    """Drop what the view holds and set its bookmark to the beginning, in the caller's transaction."""
    for table in view.tables:
        connection.execute(sql.SQL("DROP TABLE IF EXISTS {} CASCADE").format(sql.Identifier(table.name)))
    connection.execute(view.schema.encode())
    connection.execute(
        "INSERT INTO bookmark (view, stamp, position, state) VALUES (%s, %s, 0, 'working')"
        " ON CONFLICT (view) DO UPDATE SET stamp = excluded.stamp, position = 0, state = 'working', reason = NULL,"
        " failed_position = NULL, failed_event = NULL, failed_type = NULL",
        (view.name, view.stamp),
    )


def move(connection: Connection, view: View, before: int, after: int) -> None:
    """Move a bookmark in the caller's transaction. Raises BookmarkMoved when it does not stand where it should."""
    done = connection.execute(
        "UPDATE bookmark SET position = %s WHERE view = %s AND stamp = %s AND position = %s AND state = 'working'",
        (after, view.name, view.stamp, before),
    )
    if done.rowcount != 1:
        raise BookmarkMoved(f"{view.name} no longer stands at {before}")


def confirm(connection: Connection, views: Iterable[View]) -> None:
    """Return while every bookmark is of its view's version. Raises BookmarkMoved where a rebuild was asked for."""
    stamps: dict[str, str] = dict(connection.execute("SELECT view, stamp FROM bookmark").fetchall())
    for view in views:
        if stamps.get(view.name) != view.stamp:
            raise BookmarkMoved(f"{view.name} is to be built anew")


def stop(connection: Connection, view: View, failure: Failure) -> None:
    """Mark a view as stopped before the fact it cannot apply."""
    connection.execute(
        "UPDATE bookmark SET state = 'stopped', reason = %s, failed_position = %s, failed_event = %s, failed_type = %s"
        " WHERE view = %s",
        (failure.reason, failure.position, failure.event_id, failure.type, view.name),
    )


def status(connection: psycopg.Connection[Any], names: Iterable[str]) -> list[ViewStatus]:
    """How far each of these views has come, and where the log ends, at one moment; any connection that may read."""
    [(head,)] = connection.execute("SELECT position FROM pledger.head").fetchall()
    rows = {row[0]: row for row in _rows(connection)}
    return [_status(name, rows.get(name), head) for name in names]


def _rows(connection: psycopg.Connection[Any]) -> list[tuple[Any, ...]]:
    table = sql.Identifier(SCHEMA, "bookmark")
    known = connection.execute("SELECT to_regclass(%s) IS NOT NULL", (f"{SCHEMA}.bookmark",)).fetchone()
    if known is None or not known[0]:
        return []
    return connection.execute(
        sql.SQL(
            "SELECT view, position, state, stamp, reason, failed_position, failed_event::text, failed_type FROM {}"
        ).format(table)
    ).fetchall()


def _status(name: str, row: tuple[Any, ...] | None, head: int) -> ViewStatus:
    if row is None:
        return ViewStatus(view=name, position=0, head=head, state="absent", stamp=None, failure=None)
    _, position, state, stamp, reason, failed_position, failed_event, failed_type = row
    failure = None if failed_position is None else Failure(failed_position, failed_event, failed_type, reason)
    return ViewStatus(view=name, position=position, head=head, state=state, stamp=stamp, failure=failure)
