"""Asking for views to be built from nothing: whichever worker keeps them does it, at once."""

from __future__ import annotations

from collections.abc import Collection

from psycopg import errors

from projections.bookmarks import ASKED_FOR
from projections.database import connect_worker


def request_rebuild(dsn: str, names: Collection[str]) -> list[str]:
    """Have these views built anew; answers the names of those that exist. Raises psycopg.OperationalError.

    A view that has stopped is tried again from its beginning. Where no worker runs, the next one begins with it.
    """
    connection = connect_worker(dsn)
    try:
        rows = connection.execute(
            "UPDATE bookmark SET stamp = %s WHERE view = ANY (%s) RETURNING view", (ASKED_FOR, list(names))
        ).fetchall()
        connection.execute("SELECT pg_notify('pledger_facts', '')")
    except errors.UndefinedTable:
        return []
    finally:
        connection.close()
    return sorted(row[0] for row in rows)
