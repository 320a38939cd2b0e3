"""A partnership, its clock, and what the clock wrote down."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date

import psycopg

from ledger.service import Ledger
from projections.daily.clock import Clock
from projections.daily.rows import Done, done
from projections.places import SCHEMA
from projections.runner import Runner
from projections.views import all_views, open_read_models
from tests.projections.inbox.desks import Desks


def follow(ledger: Ledger) -> None:
    """Brings the views to the end of the log."""
    Runner(ledger.store, ledger.dsn, all_views(ledger.zone)).run_once()


@contextmanager
def clock_of(ledger: Ledger) -> Iterator[Clock]:
    with open_read_models(ledger.dsn, ledger.zone, ledger.today) as models:
        yield Clock(ledger.dsn, ledger.zone, ledger.today, models, look_seconds=0.05)


def tick(ledger: Ledger) -> Done:
    """The clock does every day up to today."""
    follow(ledger)
    with clock_of(ledger) as clock:
        return clock.run_once()


def written(ledger: Ledger) -> list[str]:
    """All that it wrote, in order."""
    with psycopg.connect(ledger.dsn) as connection:
        rows = connection.execute(f"SELECT t::text FROM {SCHEMA}.inbox_noticed t ORDER BY day, partnership_id, part")
        return [row[0] for row in rows]


def noticed(ledger: Ledger, kind: str) -> list[tuple[date, str | None, str | None]]:
    """The day, what was so and what is, of every row of a kind (`health_band`, or the kind of a point)."""
    with psycopg.connect(ledger.dsn) as connection:
        return connection.execute(
            f"SELECT DISTINCT day, before, after FROM {SCHEMA}.inbox_noticed WHERE coalesce(point_kind, kind) = %s"
            " ORDER BY day",
            (kind,),
        ).fetchall()


def stands(ledger: Ledger) -> Done | None:
    with psycopg.connect(ledger.dsn, options=f"-c search_path={SCHEMA}") as connection:
        return done(connection)


def busy_days(desks: Desks) -> None:
    """Everybody gives everybody something, which is confirmed and done with."""
    for giver, receiver in (("Northfield", "Ashfield"), ("Ashfield", "Northfield"), ("Oakwood", "Ashfield")):
        support_id = desks.agreed(giver, receiver, 2, 1)
        desks.gave(giver, support_id, 2)
        desks.village.post(receiver, "support.delivery_confirmed", support_id, delivery_id="d1")
        desks.village.post(giver, "support.completed", support_id)


@contextmanager
def torn(ledger: Ledger, type_name: str) -> Iterator[None]:
    """Meanwhile the first record of a type cannot be read, as after a damage of the disk."""
    with psycopg.connect(ledger.dsn, autocommit=True) as connection:
        connection.execute("ALTER TABLE pledger.log DISABLE TRIGGER append_only")
        [(position, whole)] = connection.execute(
            "SELECT position, record FROM pledger.log WHERE type = %s ORDER BY position LIMIT 1", (type_name,)
        ).fetchall()
        change = "UPDATE pledger.log SET record = %s WHERE position = %s"
        connection.execute(change, (b"torn", position))
        yield
        connection.execute(change, (whole, position))
        connection.execute("ALTER TABLE pledger.log ENABLE TRIGGER append_only")
