"""What every test may ask for: a database server for the session and an empty database of its own."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING

import psycopg
import pytest
from psycopg import sql

from ledger.clock import SetClock
from ledger.eventstore import embedded
from ledger.eventstore.embedded import Embedded
from ledger.settings import Settings, load

if TYPE_CHECKING:
    from ledger.service import Ledger

_TEMPLATE = "pledger_template"
_KEPT_TEMPLATE = "pledger_kept_template"
_NUMBERS = count(1)


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--faults", action="store_true", help="also run the tests that kill, cut and fill")
    parser.addoption("--contract", action="store_true", help="also call the service for minutes, right and wrong")
    parser.addoption("--few", action="store_true", help="with small counts (for a quick look, and for CI)")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    unasked = [name for name in ("faults", "contract") if not config.getoption(f"--{name}")]
    left_out = [item for item in items if any(item.get_closest_marker(name) for name in unasked)]
    config.hook.pytest_deselected(items=left_out)
    items[:] = [item for item in items if item not in left_out]


@pytest.fixture
def times(request: pytest.FixtureRequest) -> Callable[[int, int], int]:
    """`times(many, few)`: how often to do it, depending on --few."""
    return lambda many, few: few if request.config.getoption("--few") else many


@pytest.fixture(scope="session")
def postgres() -> Iterator[Embedded]:
    """The one server of this test session. Its folder has a short name, so that the socket stays inside."""
    home = Path(tempfile.mkdtemp(prefix="pledger-test-"))
    with embedded.start(home) as server:
        yield server
    shutil.rmtree(home, ignore_errors=True)  # the watcher may be closing its last file
    shutil.rmtree(home, ignore_errors=not home.exists())


@pytest.fixture(scope="session")
def template(postgres: Embedded) -> str:
    """The name of a database in which the migrations have run."""
    from ledger.eventstore.migrations import migrate

    migrate(postgres.database(_TEMPLATE))
    return _TEMPLATE


@pytest.fixture(scope="session")
def kept_template(postgres: Embedded, template: str) -> str:
    """The name of a database in which the views have been made as well; making them takes longer than copying them."""
    from zoneinfo import ZoneInfo

    from ledger.eventstore.store import open_store
    from projections.runner import Runner
    from projections.views import all_views

    dsn = postgres.database(_KEPT_TEMPLATE, template)
    with open_store(dsn) as store:
        Runner(store, dsn, all_views(ZoneInfo("Europe/London"))).run_once()
    return _KEPT_TEMPLATE


@pytest.fixture
def bare_database_url(postgres: Embedded) -> Iterator[str]:
    """The owner's address of a fresh database without any table."""
    yield from fresh(postgres, "template0")


@pytest.fixture
def database_url(postgres: Embedded, template: str) -> Iterator[str]:
    """The owner's address of a fresh, migrated database that only this test sees."""
    yield from fresh(postgres, template)


def fresh(server: Embedded, template: str) -> Iterator[str]:
    """The owner's address of a new copy of a template, dropped in the end."""
    name = f"test_{next(_NUMBERS)}"
    yield server.database(name, template)
    with psycopg.connect(server.dsn(), autocommit=True) as connection:
        connection.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


@pytest.fixture
def settings(database_url: str, tmp_path: Path) -> Settings:
    """The settings of a test ledger in a database and a home of its own."""
    home = tmp_path / "home"
    home.mkdir(mode=0o700)
    return load({"PLEDGER_DATABASE_URL": database_url, "PLEDGER_HOME": str(home), "PLEDGER_ORIGIN": "test.example"})


@pytest.fixture
def clock() -> SetClock:
    """Tuesday 1 September 2026, nine in the morning; a story moves it."""
    return SetClock(datetime(2026, 9, 1, 9, 0, tzinfo=UTC))


@pytest.fixture
def ledger(settings: Settings, clock: SetClock) -> Iterator[Ledger]:
    """A test ledger, set up and open, on a clock that the test moves."""
    from ledger.service import open_ledger
    from ledger.setting_up import set_up

    set_up(settings, kind="test", clock=clock)
    with open_ledger(settings, clock=clock) as opened:
        yield opened
