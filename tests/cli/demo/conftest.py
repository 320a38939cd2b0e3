"""The programme, made once for all tests of the demonstration, in a ledger of its own."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from cli.demo.run import Programme, make_programme, plan_programme
from ledger.clock import SetClock
from ledger.domain.fact import AnyFact
from ledger.eventstore.embedded import Embedded
from ledger.eventstore.searching import FactQuery
from ledger.service import Ledger, open_ledger
from ledger.setting_up import set_up
from ledger.settings import load

SEED = 7
TODAY = date(2026, 6, 24)


@dataclass(frozen=True)
class Made:
    """A ledger with its programme and everything that stands in it."""

    ledger: Ledger
    programme: Programme
    facts: list[AnyFact]

    def of(self, type_name: str) -> list[AnyFact]:
        return [fact for fact in self.facts if fact.type == type_name]


@contextmanager
def opened(postgres: Embedded, template: str, name: str, home: Path) -> Iterator[tuple[Ledger, SetClock]]:
    """A demonstration's ledger in a fresh database, before anything is told in it."""
    home.mkdir(mode=0o700)
    address = postgres.database(name, template)
    settings = load({"PLEDGER_DATABASE_URL": address, "PLEDGER_HOME": str(home), "PLEDGER_ORIGIN": "demo.example"})
    first = plan_programme(SEED, TODAY).stage.first
    clock = SetClock(datetime(first.year, first.month, first.day, tzinfo=UTC))
    set_up(settings, kind="demo", clock=clock)
    with open_ledger(settings, clock=clock) as ledger:
        yield ledger, clock


def everything(ledger: Ledger) -> list[AnyFact]:
    facts: list[AnyFact] = []
    while (page := ledger.facts(FactQuery(after=len(facts), limit=1000))).facts:
        facts.extend(page.facts)
    return facts


@pytest.fixture(scope="session")
def made(postgres: Embedded, template: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Made]:
    home = tmp_path_factory.mktemp("demo") / "home"
    with opened(postgres, template, "demo_made", home) as (ledger, clock):
        programme = make_programme(ledger, clock, seed=SEED, today=TODAY, progress=None)
        yield Made(ledger, programme, everything(ledger))
