"""Reading: how long the views of one partnership take in a ledger of a million facts, against one of a tenth."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from random import Random
from statistics import quantiles
from zoneinfo import ZoneInfo

from api.server import settle_down
from bench.clusters import BEGINNING, DAYS, clusters_of, written
from bench.keyed import write_keyed_log
from bench.rows import Row
from ledger.domain.partnership.facts import Formed
from ledger.eventstore.embedded import Embedded
from ledger.eventstore.migrations import migrate
from ledger.eventstore.store import open_store
from projections.health.answering import health
from projections.reader import PartnershipReader
from projections.runner import Runner
from projections.views import Asked, ReadModels, all_views, open_read_models
from projections.withdrawal.answering import Asked as AskedFor
from projections.withdrawal.answering import withdrawal_points

LARGE = int(os.environ.get("BENCH_FACTS", "1000000"))
SMALL = LARGE // 10
READS = 300
ZONE = ZoneInfo("Europe/London")
LAST = BEGINNING + timedelta(days=DAYS)
MOST_MS = 30.0

READER = PartnershipReader(organisations=frozenset(), is_coordinator=True)
ALL = AskedFor()

Read = Callable[[ReadModels, str, str], object]
READS_BY_NAME: dict[str, Read] = {
    "balances": lambda models, one, _: models.partnership_balances(one).to_json(),
    "statement of a partner": lambda models, _, partner: models.statement(partner).to_json(),
    "health": lambda models, one, _: models.answer(health, Asked(), one, READER).to_json(),
    "withdrawal points": lambda models, one, _: models.answer(withdrawal_points, Asked(), one, READER, ALL).to_json(),
}


def measure(server: Embedded, folder: Path) -> Iterator[Row]:
    """p99 over partnerships at random, most of which nobody has asked about yet, in both sizes."""
    settle_down()
    found = {facts: reads(server.database(f"read_{facts}"), facts) for facts in (SMALL, LARGE)}
    for name in READS_BY_NAME:
        large, small = found[LARGE][name], found[SMALL][name]
        yield Row(
            name=f"{name}: p99 at {LARGE:,} facts, against at {SMALL:,}",
            ours=large, other=small, unit="ms", target=1.5, at_most=True,
        )  # fmt: skip
        yield Row(
            name=f"{name}: p99 at {LARGE:,} facts, against {MOST_MS:g} ms",
            ours=large, other=MOST_MS, unit="ms", target=1.0, at_most=True,
        )  # fmt: skip


def reads(dsn: str, facts: int) -> dict[str, float]:
    """The p99 in milliseconds of each read."""
    migrate(dsn)
    write_keyed_log(dsn, written(facts))
    with open_store(dsn) as store:
        Runner(store, dsn, all_views(ZONE)).run_once()
    with open_read_models(dsn, ZONE, lambda: LAST) as models:
        first, *asked = partnerships(facts)
        for read in READS_BY_NAME.values():
            read(models, *first)  # what a service loads once is loaded
        return {name: p99(models, read, asked) for name, read in READS_BY_NAME.items()}


def partnerships(facts: int) -> list[tuple[str, str]]:
    """Partnerships with one of their partners, in a shuffled order, as often as there are reads, and one more."""
    formed = (one.fact for one in written(facts) if isinstance(one.fact.data, Formed))
    found = [
        (one.stream.id, one.data.partners[1].organisation_id)
        for _, one in zip(range(clusters_of(facts)), formed, strict=False)
    ]
    return Random(7).choices(found, k=READS + 1)


def p99(models: ReadModels, read: Read, asked: list[tuple[str, str]]) -> float:
    taken = []
    for partnership_id, partner_id in asked:
        started = time.perf_counter()
        read(models, partnership_id, partner_id)
        taken.append((time.perf_counter() - started) * 1000)
    return quantiles(taken, n=100)[98]
