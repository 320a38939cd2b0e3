"""The live feed over real sockets: nothing missed and nothing twice, whoever breaks off; and how long it takes."""

from __future__ import annotations

import http.client
import os
import random
import signal
import threading
import time
from collections.abc import Iterator

import psutil
import pytest

from ledger.settings import Settings
from tests.api.calls import event
from tests.api.listening import Line
from tests.api.process import Remote, served

WRITERS = 4


@pytest.fixture
def remote(settings: Settings) -> Iterator[Remote]:
    with served(settings) as remote:
        yield remote


def auditor(remote: Remote) -> str:
    body = {"name": "auditor", "role": "auditor", "ledger": True}
    return str(remote.call(remote.admin_key, "POST", "/v1/credentials", body).body["api_key"])


def register(remote: Remote, name: str) -> dict[str, object]:
    return remote.post(remote.admin_key, event("organisation.registered", name=name, kind="school", identifiers=[]))


def test_each_fact_arrives_as_it_is_recorded_and_the_stream_ends_with_the_service(remote: Remote) -> None:
    with Line(remote.url, auditor(remote)) as line:
        assert line.answer.headers["Cache-Control"] == "no-store"
        assert line.answer.headers["X-Accel-Buffering"] == "no"
        assert line.answer.headers["Content-Type"].startswith("text/event-stream")
        events = iter(line)
        assert next(events).name == "heartbeat"
        for name in ("Northfield", "Ashfield", "Oakwood"):
            receipt = register(remote, name)
            heard = next(events)
            assert (heard.id, heard.data["data"]["name"]) == (receipt["position"], name)
        began = time.monotonic()
        remote.process.terminate()
        assert list(events) == []
        assert remote.process.wait(20) == 0
        assert time.monotonic() - began < 10


class Writers:
    """Schools are registered by several at once until it is enough; what got no answer is sent again."""

    def __init__(self, remote: Remote, each: int) -> None:
        self.positions: list[int] = []
        names = [[f"School {writer} {number}" for number in range(each)] for writer in range(WRITERS)]
        self.threads = [threading.Thread(target=self._write, args=(remote, some)) for some in names]

    def _write(self, remote: Remote, names: list[str]) -> None:
        for name in names:
            school = event("organisation.registered", name=name, kind="school", identifiers=[])
            while (answer := posted(remote, school)) is None:
                time.sleep(0.1)
            self.positions.append(answer)

    def __enter__(self) -> Writers:
        for thread in self.threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        for thread in self.threads:
            thread.join()

    @property
    def last(self) -> int | None:
        """The last position, once everybody is done."""
        return None if any(thread.is_alive() for thread in self.threads) else max(self.positions)


def posted(remote: Remote, school: object) -> int | None:
    """The position of the fact, None where no answer came or the service asks for patience."""
    try:
        answer = remote.call(remote.admin_key, "POST", "/v1/events", school)
    except (OSError, http.client.HTTPException):
        return None
    assert answer.status in (200, 201, 503), answer
    return int(answer.body["position"]) if answer.status < 300 else None


class Listener:
    """Reads on where it broke off, again and again; after so many events at the most it breaks off."""

    def __init__(self, remote: Remote) -> None:
        self.remote, self.key = remote, auditor(remote)
        self.last = int(remote.call(self.key, "GET", "/v1/me").body["position"])
        self.chance, self.lines = random.Random(7), 0
        self.got: list[int] = []

    def listen(self, most: int, until: int | None) -> None:
        self.lines += 1
        try:
            with Line(self.remote.url, self.key, last=self.last) as line:
                assert line.answer.status in (200, 503)
                for count, heard in enumerate(line):
                    assert heard.name in ("message", "heartbeat")
                    self.got += [heard.id] if heard.name == "message" else []
                    self.last = heard.id
                    if count >= self.chance.randrange(most) or self.last == until:
                        break
        except (OSError, http.client.HTTPException):
            time.sleep(0.1)


def test_who_breaks_off_at_any_place_misses_nothing_and_hears_nothing_twice(remote: Remote) -> None:
    listener = Listener(remote)
    first = listener.last
    with Writers(remote, each=150) as writers:
        while listener.lines < 200 or listener.last != writers.last:
            listener.listen(8, writers.last)
    assert listener.got == list(range(first + 1, first + 1 + 150 * WRITERS))


def test_a_service_that_is_killed_costs_its_readers_nothing(remote: Remote) -> None:
    listener = Listener(remote)
    first = listener.last
    with Writers(remote, each=60) as writers:
        for _ in range(2):
            while len(listener.got) < 40 and writers.last is None:
                listener.listen(100, writers.last)
            [worker] = psutil.Process(remote.process.pid).children()
            os.kill(worker.pid, signal.SIGKILL)
        while listener.last != writers.last:
            listener.listen(100, writers.last)
    assert listener.got == list(range(first + 1, first + 1 + 60 * WRITERS))


def test_a_reader_that_has_gone_gives_its_place_back(remote: Remote) -> None:
    """Four streams of one principal are open at most; each of these is left at once."""
    key = auditor(remote)
    for _ in range(12):
        with Line(remote.url, key) as line:
            assert line.answer.status == 200
            assert next(iter(line)).name == "heartbeat"
