"""`pledger serve` and `pledger worker` as processes: ready in one line, ended by a signal, apart or together."""

from __future__ import annotations

import json
import os
import signal
import stat
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psutil
import pytest

from tests.cli.terminal import HOUR, Terminal

PATIENCE_SECONDS = 20


class Running:
    """A `pledger` command in a process of its own."""

    def __init__(self, *words: str) -> None:
        command = [sys.executable, "-m", "cli.main", *words]
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, env=os.environ)

    def line(self) -> dict[str, Any]:
        """The line of JSON it prints when it is ready."""
        assert self.process.stdout is not None
        return dict(json.loads(self.process.stdout.readline()))

    def end(self, number: int = signal.SIGTERM) -> int:
        self.process.send_signal(number)
        try:
            return self.process.wait(timeout=PATIENCE_SECONDS)
        finally:
            self.close()

    def close(self) -> None:
        self.process.kill()
        self.process.wait()
        if self.process.stdout is not None:
            self.process.stdout.close()


@pytest.fixture
def running() -> Iterator[list[Running]]:
    """What a test starts stands here, and ends with it."""
    started: list[Running] = []
    yield started
    for one in started:
        one.close()


def get(url: str, key: str | None = None) -> dict[str, Any]:
    headers = {} if key is None else {"Authorization": f"Bearer {key}"}
    with urllib.request.urlopen(urllib.request.Request(url, headers=headers), timeout=10) as answer:
        return dict(json.load(answer))


def test_it_says_where_it_is_and_ends_when_asked(terminal: Terminal, running: list[Running]) -> None:
    running.append(Running("serve", "--port", "0", "--json"))
    ready = running[0].line()
    assert set(ready) == {"url", "origin"}
    assert get(f"{ready['url']}/healthz") == {"status": "alive"}
    assert running[0].end() == 0


def test_the_views_may_be_kept_elsewhere(terminal: Terminal, running: list[Running]) -> None:
    running += [Running("serve", "--port", "0", "--web-only"), Running("worker")]
    url = running[0].line()["url"]
    giver, receiver = terminal.school("Northfield"), terminal.school("Ashfield")
    sides = {"giver_id": giver, "receiver_id": receiver, "category": "maths"}
    receipt = terminal.said(
        "Northfield", "support.delivered", delivery_id="d1", amount=HOUR, delivered_on="2026-09-01", **sides
    )
    path = f"/v1/organisations/{giver}/balance?min_position={receipt['position']}"
    assert get(url + path, terminal.keys["Northfield"])["claimed_minutes"] == 60
    assert running[1].end(signal.SIGINT) == 0
    assert running[0].end() == 0


def test_a_port_that_is_taken_is_unavailable(terminal: Terminal, running: list[Running]) -> None:
    running.append(Running("serve", "--port", "0"))
    port = running[0].line()["url"].rpartition(":")[2]
    second = Running("serve", "--port", port)
    running.append(second)
    assert second.process.wait(timeout=PATIENCE_SECONDS) == 4


def test_nothing_is_served_before_there_is_a_ledger(
    monkeypatch: pytest.MonkeyPatch, database_url: str, tmp_path: Path, running: list[Running]
) -> None:
    monkeypatch.setenv("PLEDGER_DATABASE_URL", database_url)
    monkeypatch.setenv("PLEDGER_HOME", str(tmp_path / "home"))
    running.append(Running("serve", "--port", "0"))
    assert running[0].process.wait(timeout=PATIENCE_SECONDS) == 4


def test_a_home_that_init_makes_is_entered_by_its_owner_alone(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, running: list[Running]
) -> None:
    home = tmp_path / "home"
    monkeypatch.setenv("PLEDGER_HOME", str(home))
    running.append(Running("init"))
    assert running[0].process.wait(timeout=PATIENCE_SECONDS) == 0
    assert stat.S_IMODE(home.stat().st_mode) == 0o700
    running.append(Running("doctor"))
    assert running[1].process.wait(timeout=PATIENCE_SECONDS) == 0


def test_a_killed_worker_process_is_replaced(terminal: Terminal, running: list[Running]) -> None:
    running.append(Running("serve", "--port", "0"))
    url = running[0].line()["url"]
    [worker] = psutil.Process(running[0].process.pid).children()
    worker.kill()
    worker.wait(timeout=PATIENCE_SECONDS)
    deadline = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < deadline:
        try:
            assert get(f"{url}/healthz") == {"status": "alive"}
        except OSError:
            time.sleep(0.1)
        else:
            break
    else:
        pytest.fail("nobody answered again")
    assert running[0].end() == 0
