"""A story's facts in a real log, folded by the real runner, and read as a door reads."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from zoneinfo import ZoneInfo

import psycopg
from psycopg import sql

from bench.logged import write_log
from ledger.domain.fact import AnyFact
from ledger.eventstore.append import Stored
from projections.pace import Pace
from projections.places import SCHEMA
from projections.runner import Runner
from projections.status import ViewStatus, status
from projections.view import View
from projections.views import ReadModels, all_views, open_read_models

LONDON = ZoneInfo("Europe/London")
TODAY = date(2026, 12, 31)


class StoredLog:
    """The log of a database, read as the store reads it."""

    def __init__(self, dsn: str) -> None:
        self._dsn = dsn

    def read_positions(self, after: int, limit: int) -> list[Stored]:
        with psycopg.connect(self._dsn) as connection:
            rows = connection.execute(
                "SELECT position, stream_id::text, version, type, record, leaf_hash, recorded_at FROM pledger.log"
                " WHERE position > %s ORDER BY position LIMIT %s",
                (after, limit),
            ).fetchall()
        return [Stored(*row) for row in rows]


def folded(dsn: str, facts: Sequence[AnyFact], *, page: int = 1_000, views: Sequence[View] | None = None) -> None:
    """Writes the facts and brings every view up to them."""
    write_log(dsn, facts)
    fold_on(dsn, page=page, views=views)


def fold_on(dsn: str, *, page: int = 1_000, views: Sequence[View] | None = None) -> None:
    """Brings every view to the end of the log."""
    Runner(StoredLog(dsn), dsn, views or all_views(LONDON), Pace(page_facts=page, rebuild_facts=page)).run_once()


def statuses(dsn: str, views: Sequence[View] | None = None) -> dict[str, ViewStatus]:
    """How each view is doing, by its name."""
    with psycopg.connect(dsn) as connection:
        return {one.view: one for one in status(connection, views or all_views(LONDON))}


def kept(dsn: str, views: Sequence[View] | None = None) -> int:
    """How far every view has come; 0 while one does not answer."""
    return min(one.position if one.answers else 0 for one in statuses(dsn, views).values())


def reading(dsn: str, today: date = TODAY) -> ReadModels:
    """The read models on a day."""
    return open_read_models(dsn, LONDON, lambda: today, connections=2)


def tables(dsn: str, views: Sequence[View] | None = None) -> dict[str, list[str]]:
    """Every row of every table of the views, as text, in the order of its bytes."""
    with psycopg.connect(dsn) as connection:
        return {
            table.name: [
                row[0]
                for row in connection.execute(
                    sql.SQL('SELECT t::text FROM {} t ORDER BY t::text COLLATE "C"').format(
                        sql.Identifier(SCHEMA, table.name)
                    )
                )
            ]
            for view in views or all_views(LONDON)
            for table in view.tables
        }
