"""A service that is told to stop: nothing that it acknowledged is lost, and it does not take long."""

from __future__ import annotations

import signal
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from ledger.eventstore.embedded import Embedded
from ledger.eventstore.searching import FactQuery
from ledger.service import Ledger, open_ledger
from ledger.settings import Settings, load
from tests.api.leaving import Client, Follower, SlowReader, Writer
from tests.api.process import Remote, served, within
from tests.conftest import fresh


def quiet(settings: Settings, **more: str) -> dict[str, str]:
    return {"PLEDGER_OPERATOR_ADDRESS": "off", "PLEDGER_LOG_LEVEL": "error", **more}


def recorded(ledger: Ledger) -> set[str]:
    """The event ids of all schools."""
    found: set[str] = set()
    page = ledger.facts(FactQuery(limit=1_000))
    while page.facts:
        found |= {fact.event_id for fact in page.facts if fact.type == "organisation.registered"}
        page = ledger.facts(FactQuery(after=page.facts[-1].position, limit=1_000))
    return found


def stopped(remote: Remote) -> float:
    """Tells it to stop; answers how many seconds it took."""
    began = time.monotonic()
    remote.process.send_signal(signal.SIGTERM)
    assert remote.process.wait(30) == 0
    return time.monotonic() - began


@pytest.fixture(params=range(3))
def home(request: pytest.FixtureRequest, postgres: Embedded, kept_template: str, tmp_path: Path) -> Iterator[Settings]:
    """A ledger of its own, three times."""
    folder = tmp_path / "home"
    folder.mkdir(mode=0o700)
    for url in fresh(postgres, kept_template):
        yield load({"PLEDGER_DATABASE_URL": url, "PLEDGER_HOME": str(folder), "PLEDGER_ORIGIN": "test.example"})


def test_nothing_acknowledged_is_lost_and_everybody_is_answered(home: Settings) -> None:
    with served(home, **quiet(home)) as remote:
        auditor = remote.call(
            remote.admin_key, "POST", "/v1/credentials", {"name": "a", "role": "auditor", "ledger": True}
        )
        key = auditor.body["api_key"]
        writers = [Writer(remote.url, remote.admin_key) for _ in range(16)]
        readers = [SlowReader(remote.url, key) for _ in range(5)]
        followers = [Follower(remote.url, key) for _ in range(3)]
        everybody: list[Client] = [*writers, *readers, *followers]
        for client in everybody:
            client.start()
        assert all(client.began.wait(20) for client in everybody)
        time.sleep(0.5)
        assert stopped(remote) < 10
    for reader in readers:
        reader.hurry.set()
    for client in everybody:
        client.join(20)
    acknowledged = {one for writer in writers for one in writer.acknowledged}
    assert len(acknowledged) > 16
    with open_ledger(home) as ledger:
        found = recorded(ledger)
    assert acknowledged - found == set()
    assert len(found - acknowledged) <= sum(writer.unanswered for writer in writers)
    assert [status for writer in writers for status in writer.refused] == []
    assert [reader.missing for reader in readers] == [0] * 5
    assert [follower.ended_well for follower in followers] == [True] * 3


def test_who_waits_for_something_new_is_answered_at_once(settings: Settings) -> None:
    answers: list[tuple[int, int]] = []
    with served(settings, **quiet(settings)) as remote:
        auditor = remote.call(
            remote.admin_key, "POST", "/v1/credentials", {"name": "a", "role": "auditor", "ledger": True}
        )

        def wait() -> None:
            request = Client(remote.url, auditor.body["api_key"])
            connection = request.connection()
            connection.request("GET", "/v1/events?after=1000&wait=30", headers=request.headers)
            with connection.getresponse() as answer:
                answers.append((answer.status, len(answer.read())))
            connection.close()

        waiting = threading.Thread(target=wait)
        waiting.start()
        time.sleep(0.5)
        assert answers == []
        assert stopped(remote) < 10
        waiting.join()
    [(status, length)] = answers
    assert status == 200
    assert length > 0


def readiness(remote: Remote, path: str) -> int:
    try:
        with urllib.request.urlopen(remote.url + path, timeout=5) as answer:
            return int(answer.status)
    except urllib.error.HTTPError as refused:
        with refused:
            return refused.code
    except OSError:
        return 0


def test_it_says_that_it_is_not_ready_before_it_stops_listening(settings: Settings) -> None:
    with served(settings, **quiet(settings, PLEDGER_DRAIN_SECONDS="1.5")) as remote:
        assert readiness(remote, "/readyz") == 200
        began = time.monotonic()
        remote.process.send_signal(signal.SIGTERM)
        within(1, lambda: readiness(remote, "/readyz"), 503)
        assert readiness(remote, "/healthz") == 200
        remote.post(remote.admin_key, school("Northfield"))
        assert remote.process.wait(20) == 0
        assert 1.5 <= time.monotonic() - began < 10
        assert readiness(remote, "/readyz") == 0


def test_a_second_signal_waits_no_longer(settings: Settings) -> None:
    with served(settings, **quiet(settings, PLEDGER_DRAIN_SECONDS="60")) as remote:
        remote.process.send_signal(signal.SIGTERM)
        within(5, lambda: readiness(remote, "/readyz"), 503)
        assert stopped(remote) < 10


def school(name: str) -> dict[str, object]:
    data = {"name": name, "kind": "school", "identifiers": []}
    return {"specversion": "1.0", "type": "organisation.registered", "id": name, "data": data}


HANGS = """
import signal, threading
from api.stopping import Ending
signal.signal(signal.SIGTERM, lambda *_: None)
ending = Ending(most_seconds=0.3)
ending.closes(lambda: print("the ledger", flush=True))
ending.closes(lambda: print("the views", flush=True))
ending.tells(lambda: print("told", flush=True))
ending.listen()
print("ready", flush=True)
while True:
    threading.Event().wait(0.1)
"""


def test_who_hangs_on_for_ever_keeps_nothing_from_being_closed() -> None:
    with subprocess.Popen([sys.executable, "-c", HANGS], stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        process.terminate()
        assert process.wait(10) == 0
        assert process.stdout.read().split("\n") == ["told", "the views", "the ledger", ""]
