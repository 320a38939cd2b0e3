"""How each view is doing, for those who operate the ledger."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

import psycopg
from psycopg import sql

from projections.bookmarks import Bookmark, Failure, bookmarks
from projections.places import NEXT, SCHEMA
from projections.view import View

State = Literal["working", "stopped", "rebuilding", "waiting"]


@dataclass(frozen=True, slots=True, kw_only=True)
class RebuildStatus:
    """What is being built beside: up to which position, and the fact at which it stopped, if it did."""

    position: int
    head: int
    failure: Failure | None

    def to_json(self) -> dict[str, Any]:
        """`progress` is the part of the log that is done, from 0 to 1."""
        return {
            "position": self.position,
            "progress": 1.0 if self.position >= self.head else round(self.position / self.head, 4),
            **failed(self.failure),
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class ViewStatus:
    """How far a view has come.

    `version` is this program's. `position` is that of the tables it reads, before there are any that of the rebuild.
    `lag_seconds` is for how long the first fact that is missing has been recorded. `answers` says whether questions
    are answered up to the position where all views are. `standing` is the position of tables of another version, which
    stand still and which this program does not read. `asked` says that a rebuild was asked for and has not begun.
    """

    view: str
    version: int
    state: State
    position: int
    head: int
    lag_seconds: float
    answers: bool
    failure: Failure | None
    rebuild: RebuildStatus | None
    standing: Bookmark | None
    asked: bool

    @property
    def lag(self) -> int:
        """How many facts the view has not looked at yet."""
        return max(0, self.head - self.position)

    def to_json(self) -> dict[str, Any]:
        """As `/readyz`, `/v1/projections` and `pledger projections status` show it."""
        rebuild, other = self.rebuild, self.standing
        return {
            "view": self.view,
            "version": self.version,
            "state": self.state,
            "answers": self.answers,
            "position": self.position,
            "head": self.head,
            "lag": self.lag,
            "lag_seconds": round(self.lag_seconds, 3),
            **failed(self.failure),
            **({} if rebuild is None else {"rebuild": rebuild.to_json()}),
            "rebuild_asked": self.asked,
            **({} if other is None else {"standing": {"version": other.version, "position": other.position}}),
        }


def failed(failure: Failure | None) -> dict[str, Any]:
    """The fact that could not be applied, and why not; nothing where there is none."""
    return {} if failure is None else {"failed": failure.to_json(), "reason": failure.reason}


def status(connection: psycopg.Connection[Any], views: Iterable[View]) -> list[ViewStatus]:
    """How far each of these views has come, and where the log ends; any connection that may read the places."""
    [(head,)] = connection.execute("SELECT position FROM pledger.head").fetchall()
    live, building, asked = _marks(connection)
    found = [
        _status(view, head, live.get(view.name), building.get(view.name), asked=view.name in asked) for view in views
    ]
    return _with_seconds(connection, found)


def _marks(connection: psycopg.Connection[Any]) -> tuple[dict[str, Bookmark], dict[str, Bookmark], set[str]]:
    """What is read, what is being built, and what is asked for; nothing at all before the first worker."""
    [(begun,)] = connection.execute(
        "SELECT to_regclass(%s) IS NOT NULL AND to_regclass(%s) IS NOT NULL", (f"{SCHEMA}.bookmark", f"{NEXT}.bookmark")
    ).fetchall()
    if not begun:
        return {}, {}, set()
    asked = connection.execute(sql.SQL("SELECT view FROM {}").format(sql.Identifier(NEXT, "rebuild_request")))
    return bookmarks(connection, SCHEMA), bookmarks(connection, NEXT), {row[0] for row in asked}


def _status(view: View, head: int, live: Bookmark | None, building: Bookmark | None, *, asked: bool) -> ViewStatus:
    mine = live if live is not None and live.stamp == view.stamp else None
    built = building if building is not None and building.stamp == view.stamp else None
    shown = mine or built
    return ViewStatus(
        view=view.name,
        version=view.version,
        state=_state(mine, built),
        position=0 if shown is None else shown.position,
        head=head,
        lag_seconds=0.0,
        answers=mine is not None and mine.state == "working",
        failure=None if shown is None else shown.failure,
        rebuild=None if built is None else RebuildStatus(position=built.position, head=head, failure=built.failure),
        standing=None if mine is not None else live,
        asked=asked,
    )


def _state(mine: Bookmark | None, built: Bookmark | None) -> State:
    if built is not None and built.state != "stopped":
        return "rebuilding"
    shown = mine or built
    return "waiting" if shown is None else shown.state


def _with_seconds(connection: psycopg.Connection[Any], found: Sequence[ViewStatus]) -> list[ViewStatus]:
    wanted = sorted({one.position + 1 for one in found})
    seconds: Mapping[int, float] = dict(
        connection.execute(
            "SELECT position, greatest(0, extract(epoch FROM clock_timestamp() - recorded_at))::float8"
            " FROM pledger.log WHERE position = ANY (%s)",
            (wanted,),
        ).fetchall()
    )
    return [replace(one, lag_seconds=seconds.get(one.position + 1, 0.0)) for one in found]
