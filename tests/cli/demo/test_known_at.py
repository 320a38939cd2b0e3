"""As known at a position, every view says what it would say in a ledger that holds the first facts alone."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from random import Random
from typing import Any

import psycopg
import pytest

from ledger.eventstore.embedded import Embedded
from ledger.service import Ledger
from projections.evidence.cutting import Cutter
from projections.health.answering import health
from projections.places import connect_worker
from projections.reader import PartnershipReader
from projections.runner import Runner
from projections.views import Asked, ReadModels, all_views, open_read_models
from projections.withdrawal.answering import Asked as AskedFor
from projections.withdrawal.answering import withdrawal_points
from tests.cli.demo.conftest import TODAY, Made, opened

View = Callable[[ReadModels, Asked, str], Any]

READER = PartnershipReader(organisations=frozenset(), is_coordinator=True)
ALL = AskedFor(limit=1_000)

OF_A_PARTNERSHIP: dict[str, View] = {
    "balances": lambda models, asked, one: models.partnership_balances(one, asked),
    "health": lambda models, asked, one: models.answer(health, asked, one, READER),
    "withdrawal points": lambda models, asked, one: models.answer(withdrawal_points, asked, one, READER, ALL),
}
OF_AN_ORGANISATION: dict[str, View] = {
    "balance": lambda models, asked, one: models.balance(one, asked),
    "statement": lambda models, asked, one: models.statement(one, asked=asked),
    "partners": lambda models, asked, one: models.partners(one, asked),
}
POSITIONS = sorted(Random(2026).sample(range(1_500, 6_000), 3))


@pytest.fixture(scope="module")
def whole(made: Made) -> Iterator[ReadModels]:
    """The views of the whole demonstration, every fact of a partnership in a segment."""
    for models in views_of(made.ledger):
        with closing(connect_worker(made.ledger.dsn)) as connection:
            cutter = Cutter(connection, least_facts=1)
            while cutter.cut():
                pass
        yield models


@pytest.fixture(scope="module", params=POSITIONS)
def first(
    request: pytest.FixtureRequest, made: Made, postgres: Embedded, template: str, tmp_path_factory: Any
) -> Iterator[tuple[int, ReadModels]]:
    """The views of a ledger that holds the first facts of the demonstration and no others."""
    folder: Path = tmp_path_factory.mktemp("first") / "home"
    with opened(postgres, template, f"demo_first_{request.param}", folder) as (ledger, _):
        copy_log(made.ledger.dsn, ledger.dsn, request.param)
        for models in views_of(ledger):
            yield request.param, models


def views_of(ledger: Ledger) -> Iterator[ReadModels]:
    Runner(ledger.store, ledger.dsn, all_views(ledger.zone)).run_once()
    with open_read_models(ledger.dsn, ledger.zone, lambda: TODAY) as models:
        yield models


def copy_log(source: str, target: str, until: int) -> None:
    """The first facts of one log, with their keys, in place of what stands in another."""
    with psycopg.connect(source) as one, psycopg.connect(target) as other:
        other.execute("ALTER TABLE pledger.log DISABLE TRIGGER USER")
        other.execute("ALTER TABLE pledger.fact_key DISABLE TRIGGER USER")
        other.execute("DELETE FROM pledger.fact_key")
        other.execute("DELETE FROM pledger.log")
        for table in ("log", "fact_key"):
            select = f"COPY (SELECT * FROM pledger.{table} WHERE position <= {until}) TO STDOUT (FORMAT binary)"
            with (
                one.cursor().copy(select.encode()) as read,
                other.cursor().copy(f"COPY pledger.{table} FROM STDIN (FORMAT binary)".encode()) as write,
            ):
                for block in read:
                    write.write(block)
        last = "SELECT recorded_at FROM pledger.log WHERE position = %(until)s"
        other.execute(
            f"UPDATE pledger.head SET position = %(until)s, recorded_at = ({last})".encode(), {"until": until}
        )


def told(answer: Any) -> Any:
    """The answer without how far the views had come."""
    body = answer.to_json()
    return {name: value for name, value in body.items() if name != "position"}


@pytest.mark.parametrize("view", OF_A_PARTNERSHIP)
def test_partnerships_are_known_from_the_first_facts(
    made: Made, whole: ReadModels, first: tuple[int, ReadModels], view: str
) -> None:
    until, models = first
    compared = 0
    for fact in made.of("partnership.formed"):
        if fact.position <= until:
            ask = OF_A_PARTNERSHIP[view]
            now = ask(whole, Asked(known_at=until), fact.stream.id)
            assert told(now) == told(ask(models, Asked(known_at=until), fact.stream.id))
            compared += 1
    assert compared >= 10


@pytest.mark.parametrize("view", OF_AN_ORGANISATION)
def test_organisations_are_known_from_the_first_facts(
    made: Made, whole: ReadModels, first: tuple[int, ReadModels], view: str
) -> None:
    until, models = first
    dice = Random(until)
    schools = [fact.stream.id for fact in made.of("organisation.registered") if fact.position <= until]
    for one in dice.sample(schools, 20):
        ask = OF_AN_ORGANISATION[view]
        assert told(ask(whole, Asked(known_at=until), one)) == told(ask(models, Asked(known_at=until), one))
