"""An open ledger outlives the death of its embedded database."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import TypeVar

import pytest

from ledger.credentials import NewCredential
from ledger.errors import Busy
from ledger.eventstore.searching import FactQuery
from ledger.posted import Posted
from ledger.service import Ledger, open_ledger
from ledger.setting_up import set_up
from ledger.settings import load
from tests.story import Village, person, said

PATIENCE_SECONDS = 30
T = TypeVar("T")


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "home"


@pytest.fixture
def ledger(home: Path) -> Iterator[Ledger]:
    """A test ledger on an embedded database of its own."""
    settings = load({"PLEDGER_HOME": str(home), "PLEDGER_ORIGIN": "test.example"})
    set_up(settings, kind="test")
    with open_ledger(settings) as opened:
        yield opened


def kill_database(home: Path) -> None:
    file = home / "database" / "postgres" / "postmaster.pid"
    os.kill(int(file.read_text().splitlines()[0]), signal.SIGKILL)


def insist(ask: Callable[[], T]) -> T:
    """Asks until the ledger answers: what is busy may be asked again."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while True:
        try:
            return ask()
        except Busy:
            assert time.monotonic() < deadline, "the ledger did not come back"
            time.sleep(0.05)


def a_school(name: str) -> Posted:
    return said("organisation.registered", name=name, kind="school", identifiers=[])


def test_a_ledger_whose_database_was_killed_recovers_without_a_restart(ledger: Ledger, home: Path) -> None:
    village = Village(ledger)
    giver, receiver = village.school("Northfield"), village.school("Ashfield")
    request = village.post(
        "Ashfield",
        "support.requested",
        receiver_id=receiver,
        category="maths",
        need="A hand with fractions",
        amount={"quantity": "2", "unit": "hour"},
        open_to={"to": "organisation", "organisation_id": giver},
    )
    _, key = ledger.credentials.issue(
        village.admin, NewCredential(name="office", role="member", organisations=(giver,))
    )
    for round_ in range(3):
        before = insist(ledger.head)
        kill_database(home)
        receipt = insist(partial(ledger.post, village.admin, a_school(f"School {round_}")))
        assert receipt.position == before + 1
    assert insist(partial(ledger.credentials.authenticate, key)).organisations == {giver}
    page = insist(partial(ledger.facts, FactQuery(stream=request.stream_id)))
    [fact] = insist(partial(ledger.opened, page.facts, village.members["Ashfield"]))
    assert fact.data.need == "A hand with fractions"


def test_a_ledger_that_is_closed_leaves_its_database_stopped(home: Path) -> None:
    settings = load({"PLEDGER_HOME": str(home), "PLEDGER_ORIGIN": "test.example"})
    set_up(settings, kind="test")
    with open_ledger(settings) as ledger:
        kill_database(home)
        insist(partial(ledger.post, person("admin"), a_school("Northfield")))
    assert not (home / "database" / "postgres" / "postmaster.pid").exists()
