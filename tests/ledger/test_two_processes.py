"""Two processes with twelve writers each on four streams: nothing is lost, nothing doubled, no order broken."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import asdict

import orjson
import pytest

from ledger.service import Ledger, open_ledger
from ledger.setting_up import set_up
from ledger.settings import Settings
from tests.ledger import crowd
from tests.ledger.crowd import Crowd
from tests.ledger.witness import require_sound, whole_log
from tests.story import Village

PROCESSES = 2
STREAMS = 4


@pytest.fixture
def ledger(settings: Settings) -> Iterator[Ledger]:
    """A test ledger on the machine's own clock, as the other processes have it."""
    set_up(settings, kind="test")
    with open_ledger(settings) as opened:
        yield opened


def agreed_support(village: Village) -> str:
    """A support that Northfield gives Ashfield, with one confirmed delivery."""
    giver, receiver = village.ids["Northfield"], village.ids["Ashfield"]
    amount = {"quantity": "10", "unit": "day"}
    today = village.ledger.today().isoformat()
    request = village.post(
        "Ashfield",
        "support.requested",
        receiver_id=receiver,
        category="maths",
        need="A hand with fractions",
        amount=amount,
        open_to={"to": "organisation", "organisation_id": giver},
    )
    sides = {"giver_id": giver, "receiver_id": receiver, "category": "maths", "basis": "exchange"}
    village.post(
        "Northfield", "support.agreed", request.stream_id, amount=amount, starts_on=today, ends_on=today, **sides
    )
    village.post(
        "Northfield",
        "support.delivered",
        request.stream_id,
        delivery_id="first",
        amount=crowd.HOUR,
        delivered_on=today,
    )
    village.post("Ashfield", "support.delivery_confirmed", request.stream_id, delivery_id="first")
    return request.stream_id


def run(settings: Settings, told: Crowd) -> list[tuple[str, int, bool]]:
    """What every thread of every process says it did."""
    environment = os.environ | {"PLEDGER_DATABASE_URL": str(settings.database_url), "PLEDGER_HOME": str(settings.home)}
    words = [sys.executable, "-m", "tests.ledger.crowd", orjson.dumps(asdict(told)).decode()]
    processes = [
        subprocess.Popen([*words, str(number)], env=environment, stdout=subprocess.PIPE) for number in range(PROCESSES)
    ]
    printed = [process.communicate(timeout=100)[0] for process in processes]
    assert [process.returncode for process in processes] == [0] * PROCESSES
    return [(name, position, replayed) for one in printed for name, position, replayed in orjson.loads(one)]


def test_two_processes_write_to_the_same_streams(ledger: Ledger, settings: Settings) -> None:
    village = Village(ledger)
    giver = village.school("Northfield")
    village.school("Ashfield")
    streams = [agreed_support(village) for _ in range(STREAMS)]
    before = ledger.head()
    told = Crowd(village.members["Northfield"].principal, giver, streams, ledger.today().isoformat())

    done = run(settings, told)

    own = PROCESSES * crowd.THREADS * crowd.EACH
    assert len(done) == own + PROCESSES * crowd.THREADS * crowd.SHARED
    log = whole_log(ledger)
    require_sound(log)
    assert len(log) == before + own + crowd.SHARED
    stored = {orjson.loads(fact.record)["client_event_id"]: fact.position for fact in log[before:]}
    assert {name: position for name, position, _ in done} == stored
    assert {(name, position) for name, position, _ in done} == set(stored.items())
    assert sum(not replayed for _, _, replayed in done) == own + crowd.SHARED
    for stream in streams:
        view = ledger.stream(stream)
        assert [fact.version for fact in ledger.stream_events(stream)] == list(range(1, view.version + 1))
