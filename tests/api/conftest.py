"""A service over a real database: its views follow the log in a thread, as they do when it is served."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

from ledger.eventstore.embedded import Embedded
from tests.conftest import fresh

if TYPE_CHECKING:
    from ledger.service import Ledger
    from tests.api.calls import Town


@pytest.fixture
def database_url(postgres: Embedded, kept_template: str) -> Iterator[str]:
    """A fresh database whose views have been made."""
    yield from fresh(postgres, kept_template)


@pytest.fixture
def town(ledger: Ledger) -> Iterator[Town]:
    """A service whose views nobody keeps; whatever it answers must be what its document says."""
    from api.app import create_app
    from projections.views import open_read_models
    from tests.api.calls import Town
    from tests.contract.conformity import watched

    with open_read_models(ledger.dsn, ledger.zone, ledger.today) as read_models:
        town = Town(create_app(ledger, read_models), ledger)
        with watched(town.app):
            yield town


@pytest.fixture
def served(town: Town) -> Iterator[Town]:
    """A service whose views are kept."""
    from projections.runner import Runner
    from projections.views import all_views

    ledger, stop = town.ledger, threading.Event()
    runner = Runner(ledger.store, ledger.dsn, all_views(ledger.zone))
    runner.run_once()  # a view that is only being built is waited for by nobody
    thread = threading.Thread(target=runner.run, args=(stop,))
    thread.start()
    yield town
    stop.set()
    thread.join()
