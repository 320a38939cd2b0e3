"""`pledger projections`: what the views are doing, and building them anew with and without a service."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import psycopg
import pytest

from ledger.eventstore.embedded import Embedded
from ledger.service import open_ledger
from ledger.settings import Settings
from projections.pace import Pace
from projections.runner import Runner
from projections.views import all_views
from tests.cli.terminal import Terminal
from tests.conftest import fresh


@pytest.fixture
def database_url(postgres: Embedded, template: str) -> Iterator[str]:
    """A fresh database whose views nobody has made yet."""
    yield from fresh(postgres, template)


@pytest.fixture
def worker(terminal: Terminal, settings: Settings) -> Iterator[Runner]:
    """Another process, as it were, that keeps the views."""
    stop = threading.Event()
    with open_ledger(settings) as ledger:
        runner = Runner(ledger.store, ledger.dsn, all_views(ledger.zone), Pace(poll_seconds=0.1))
        thread = threading.Thread(target=runner.run, args=(stop,))
        thread.start()
        yield runner
        stop.set()
        thread.join()


def spoil(settings: Settings) -> None:
    with psycopg.connect(str(settings.database_url)) as connection:
        connection.execute("UPDATE views.directory_organisation SET name = 'Spoiled'")


def names(settings: Settings) -> set[str]:
    with psycopg.connect(str(settings.database_url)) as connection:
        return {row[0] for row in connection.execute("SELECT name FROM views.directory_organisation")}


def test_nobody_has_kept_the_views_yet(terminal: Terminal, settings: Settings) -> None:
    found = terminal.done("projections", "status")["items"]
    assert [one["view"] for one in found] == [view.name for view in all_views(settings.zone)]
    assert {(one["state"], one["position"]) for one in found} == {("waiting", 0)}


def test_without_a_service_the_command_rebuilds_itself(terminal: Terminal, settings: Settings) -> None:
    terminal.school("Northfield")
    terminal.done("balance", "Northfield")
    spoil(settings)
    told = terminal.done("projections", "rebuild", "directory")
    assert [(one["view"], one["state"], one["lag"]) for one in told["items"]] == [("directory", "working", 0)]
    assert names(settings) == {"Northfield"}


def test_with_a_service_the_service_does_it(terminal: Terminal, settings: Settings, worker: Runner) -> None:
    terminal.school("Northfield")
    terminal.done("balance", "Northfield")
    spoil(settings)
    assert {one["state"] for one in terminal.done("projections", "rebuild", "--all")["items"]} == {"working"}
    assert names(settings) == {"Northfield"}


def test_who_does_not_wait_only_asks(terminal: Terminal, settings: Settings) -> None:
    terminal.school("Northfield")
    terminal.done("balance", "Northfield")
    spoil(settings)
    [asked] = terminal.done("projections", "rebuild", "directory", "--no-wait")["items"]
    assert (asked["rebuild_asked"], names(settings)) == (True, {"Spoiled"})
    terminal.done("balance", "Northfield")
    assert names(settings) == {"Northfield"}


def test_a_rebuild_that_stops_is_told_and_leaves_what_is_read(terminal: Terminal, settings: Settings) -> None:
    terminal.school("Northfield")
    terminal.done("balance", "Northfield")
    with psycopg.connect(str(settings.database_url)) as connection:
        connection.execute("ALTER TABLE pledger.log DISABLE TRIGGER append_only")
        connection.execute("UPDATE pledger.log SET record = 'torn' WHERE type = 'organisation.registered'")
    ran = terminal.run("projections", "rebuild", "directory")
    assert (ran.code, "rebuild-stopped" in ran.err) == (4, True)
    status = terminal.run("projections", "status")
    assert (status.code, "organisation.registered at" in status.out) == (0, True)
    assert names(settings) == {"Northfield"}
    assert terminal.run("projections", "status", "--csv").out.startswith("view,version,state")


def test_a_name_that_is_none_is_not_found_and_none_is_a_usage_error(terminal: Terminal) -> None:
    ran = terminal.run("projections", "rebuild", "directroy")
    assert (ran.code, "did you mean directory?" in ran.err) == (3, True)
    assert terminal.run("projections", "rebuild").code == 2
    assert terminal.run("projections", "rebuild", "directory", "--all").code == 2
