"""Rebuilding every view from nothing, against the library's own projection runner with one view."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from statistics import median
from typing import Any, NamedTuple
from uuid import UUID
from zoneinfo import ZoneInfo

from eventsourcing.application import Application
from eventsourcing.dispatch import singledispatchmethod
from eventsourcing.persistence import Tracking
from eventsourcing.postgres import PostgresDatastore, PostgresTrackingRecorder
from eventsourcing.projection import Projection, ProjectionRunner
from psycopg.conninfo import conninfo_to_dict
from psycopg.sql import SQL

from bench.contenders import Delivered, stock
from bench.giving import facts
from bench.logged import write_log
from bench.rows import Row
from ledger.eventstore.embedded import Embedded
from ledger.eventstore.migrations import migrate
from projections.views import all_views

FACTS = int(os.environ.get("BENCH_FACTS", "1000000"))
SCHOOLS = 500
EVENTS = 2_000
ROUNDS = 3
LEAST_PER_SECOND = 15_000.0
MOST_MB = 300.0


class Built(NamedTuple):
    """How fast the views were built, and how much memory the process that did it took at most."""

    facts_per_second: float
    peak_mb: float


def measure(server: Embedded, folder: Path) -> Iterator[Row]:
    """Facts × views per second; the library's view is a table of balances with one upsert per event."""
    small = built(server.database("project_small"), FACTS // 10)
    large = built(server.database("project_large"), FACTS)
    theirs = median(library(server.database(f"project_library_{number}")) for number in range(ROUNDS))
    views = len(all_views(ZoneInfo("UTC")))
    yield Row(
        name=f"rebuild of {views} views, {FACTS:,} facts, against the library's ProjectionRunner with one",
        ours=large.facts_per_second * views, other=theirs, unit="facts × views/s", target=40.0,
    )  # fmt: skip
    yield Row(
        name=f"rebuild of {views} views, {FACTS:,} facts, all together",
        ours=large.facts_per_second, other=LEAST_PER_SECOND, unit="facts/s", target=1.0,
    )  # fmt: skip
    yield Row(
        name=f"rebuild of {views} views: seconds for a fact of {FACTS:,}, against of {FACTS // 10:,}",
        ours=1e6 / large.facts_per_second, other=1e6 / small.facts_per_second, unit="µs", target=1.3, at_most=True,
    )  # fmt: skip
    yield Row(
        name=f"rebuild of {views} views, {FACTS:,} facts: memory at most",
        ours=large.peak_mb, other=MOST_MB, unit="MB", target=1.0, at_most=True,
    )  # fmt: skip


def built(dsn: str, count: int) -> Built:
    """What a worker in a process of its own does, whose log is there and whose views are not."""
    migrate(dsn)
    write_log(dsn, facts(count, SCHOOLS))
    command = [sys.executable, "-m", "bench.rebuilding", dsn]
    told = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    seconds, peak_mb = map(float, told.split())
    return Built(count / seconds, peak_mb)


class Given(Delivered):
    """The event of the other measurements, in the form in which the library reads one back."""

    originator_id: UUID


class Balances(PostgresTrackingRecorder):
    """A view as the library's documentation shows one: a table, and tracking in the transaction of its rows."""

    def __init__(self, datastore: PostgresDatastore, **kwargs: Any) -> None:
        super().__init__(datastore, **kwargs)
        self.sql_create_statements.append(
            SQL("CREATE TABLE IF NOT EXISTS balances (organisation text PRIMARY KEY, minutes bigint NOT NULL)").format()
        )

    def add(self, organisation: str, minutes: int, tracking: Tracking) -> None:
        """One delivery."""
        with self.datastore.transaction(commit=True) as cursor:
            self._insert_tracking(cursor, tracking=tracking)
            cursor.execute(
                "INSERT INTO balances VALUES (%s, %s) ON CONFLICT (organisation)"
                " DO UPDATE SET minutes = balances.minutes + excluded.minutes",
                (organisation, minutes),
            )


class Giving(Projection[Balances]):
    """The library's projection: each event by itself."""

    @singledispatchmethod
    def process_event(self, domain_event: Any, tracking: Tracking) -> None:
        """Every event is a delivery here."""
        raise TypeError(domain_event)

    @process_event.register
    def delivered(self, domain_event: Given, tracking: Tracking) -> None:
        """Adds the minutes to what its giver gave."""
        self.view.add(domain_event.voice, domain_event.data["amount"]["minutes"], tracking)


def library(dsn: str) -> float:
    """Events per second of one view."""
    given = conninfo_to_dict(dsn)
    environment = {
        "PERSISTENCE_MODULE": "eventsourcing.postgres",
        "POSTGRES_DBNAME": str(given["dbname"]),
        "POSTGRES_HOST": str(given["host"]),
        "POSTGRES_USER": str(given["user"]),
        "POSTGRES_PASSWORD": "",
    }
    with stock(dsn) as they:
        for _ in range(EVENTS // 100):
            they.application.save(*(Given() for _ in range(100)))
        last = they.application.recorder.max_notification_id()
    started = time.perf_counter()
    with ProjectionRunner(
        application_class=Application[UUID], view_class=Balances, projection_class=Giving, env=environment
    ) as runner:
        runner.wait(last, timeout=120)
    return EVENTS / (time.perf_counter() - started)
