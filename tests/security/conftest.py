"""One ledger for all that is asked here: two clusters that must not see each other, in a service that keeps views."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from ledger.clock import SetClock
from ledger.eventstore.embedded import Embedded
from ledger.settings import load
from tests.conftest import fresh

if TYPE_CHECKING:
    from ledger.service import Ledger
    from tests.api.calls import Town
    from tests.security.world import World


@pytest.fixture(scope="session")
def shared_town(postgres: Embedded, kept_template: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    """A service with nobody in it, for the whole session; what asks it changes nothing."""
    from api.app import create_app
    from ledger.service import open_ledger
    from ledger.setting_up import set_up
    from projections.views import open_read_models
    from tests.api.calls import Town

    home: Path = tmp_path_factory.mktemp("security") / "home"
    home.mkdir(mode=0o700)
    for url in fresh(postgres, kept_template):
        given = {"PLEDGER_DATABASE_URL": url, "PLEDGER_HOME": str(home), "PLEDGER_ORIGIN": "test.example"}
        settings = replace(load(given), reads_per_minute=0, reports_per_minute=0, failures_per_minute=0)
        settings = replace(settings, webhook_allow=("127.0.0.0/8",), stream_heartbeat_seconds=1)
        clock = SetClock(datetime(2026, 9, 1, 9, 0, tzinfo=UTC))
        set_up(settings, kind="test", clock=clock)
        with (
            open_ledger(settings, clock=clock) as ledger,
            open_read_models(ledger.dsn, ledger.zone, ledger.today) as read_models,
            keeping(Town(create_app(ledger, read_models), ledger)) as town,
        ):
            yield town


@pytest.fixture
def database_url(postgres: Embedded, kept_template: str) -> Iterator[str]:
    """A fresh database whose views have been made, for a test that changes things."""
    yield from fresh(postgres, kept_template)


@pytest.fixture
def town(ledger: Ledger) -> Iterator[Town]:
    """A service of a test's own, whose views nobody keeps."""
    from api.app import create_app
    from projections.views import open_read_models
    from tests.api.calls import Town

    with open_read_models(ledger.dsn, ledger.zone, ledger.today) as read_models:
        yield Town(create_app(ledger, read_models), ledger)


@pytest.fixture(scope="session")
def world(shared_town: Town) -> World:
    """Tamar and Lune, each with all that happens to a cluster; and who belongs to neither."""
    from tests.security.world import built

    return built(shared_town)


@contextmanager
def keeping(town: Town) -> Iterator[Town]:
    """Keeps the views of a service until the block ends."""
    from projections.runner import Runner
    from projections.views import all_views

    stop, ledger = threading.Event(), town.ledger
    runner = Runner(ledger.store, ledger.dsn, all_views(ledger.zone))
    runner.run_once()
    thread = threading.Thread(target=runner.run, args=(stop,))
    thread.start()
    try:
        yield town
    finally:
        stop.set()
        thread.join()
