"""`pledger demo`: one line when ready, the same keys at the next start, and no for a day that has not come."""

from __future__ import annotations

import json
import os
import re
import signal
import stat
import subprocess
import sys
import time
import urllib.parse
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from cli.demo import history
from cli.demo.command import demo
from cli.demo.history import History

COMMAND = [sys.executable, "-m", "cli.main", "demo", "--json", "--port", "0"]


@pytest.fixture
def home(tmp_path: Path) -> Path:
    folder = tmp_path / "home"
    folder.mkdir(mode=0o700)
    return folder


@contextmanager
def running(home: Path, *more: str) -> Iterator[dict[str, Any]]:
    """The demonstration of a home, until the block ends; what it printed when it was ready."""
    environ = {name: value for name, value in os.environ.items() if not name.startswith("PLEDGER_")}
    command = [*COMMAND, "--home", str(home), *more]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environ)
    try:
        assert process.stdout is not None
        ready: dict[str, Any] = json.loads(process.stdout.readline())
        yield ready
    finally:
        process.send_signal(signal.SIGTERM)
        rest, _ = process.communicate(timeout=30)
    assert (rest, process.returncode) == ("", 0)


def asked(ready: dict[str, Any], role: str, path: str) -> dict[str, Any]:
    headers = {"Authorization": f"Bearer {ready['api_keys'][role]}"}
    with urllib.request.urlopen(urllib.request.Request(ready["url"] + path, headers=headers), timeout=10) as answer:
        found: dict[str, Any] = json.load(answer)
        return found


def signed_in(url: str, user: dict[str, str]) -> dict[str, Any]:
    """What the ledger says of somebody who signed in with a name and a password, and no code."""
    browser = urllib.request.build_opener(urllib.request.HTTPCookieProcessor())
    with browser.open(f"{url}/sign-in", timeout=10) as page:
        [word] = re.findall(r'name="csrf_token" value="(\w+)"', page.read().decode())
    typed = {"csrf_token": word, "login": user["login"], "password": user["password"], "next": "/v1/me"}
    with browser.open(f"{url}/sign-in", urllib.parse.urlencode(typed).encode(), timeout=10) as answer:
        found: dict[str, Any] = json.load(answer)
        return found


@pytest.mark.slow
def test_the_first_start_makes_a_history_and_the_second_finds_it(home: Path) -> None:
    with running(home) as first:
        assert set(first) == {"url", "origin", "api_keys", "users", "organisations"}
        assert set(first["api_keys"]) == {"coordinator", "auditor", "member", "client", "admin"}
        assert [one["role"] for one in first["users"]] == ["coordinator", "auditor", "member", "admin"]
        for one in first["users"]:
            assert signed_in(first["url"], one) == asked(first, one["role"], "/v1/me")
        for role in ("coordinator", "member", "client"):
            assert asked(first, role, "/v1/me")["voices"] == [first["organisations"][role]]
        member = first["organisations"]["member"]
        balance = asked(first, "member", f"/v1/organisations/{member}/balance")
        assert balance["given_minutes"] > 0
        assert stat.S_IMODE((home / "demo-access.json").stat().st_mode) == 0o600
    began = time.monotonic()
    with running(home) as second:
        print(f"the second start took {time.monotonic() - began:.1f} seconds")
        assert {name: second[name] for name in set(second) - {"url"}} == {
            name: first[name] for name in set(first) - {"url"}
        }
        assert asked(second, "member", f"/v1/organisations/{member}/balance") == balance
    assert not (home / "database" / "data" / "postmaster.pid").exists()


@pytest.mark.slow
def test_a_history_may_end_on_an_earlier_day_and_the_clock_stands_there(home: Path) -> None:
    with running(home, "--today", "2026-02-03", "--seed", "9") as ready:
        balance = asked(ready, "client", f"/v1/organisations/{ready['organisations']['client']}/balance")
        assert balance["as_of"] == "2026-02-03"
    assert history.read(home) == History(seed=9, today=date(2026, 2, 3), day_chosen=True, made=True)


def test_a_day_that_has_not_come_is_a_mistake_in_the_call(home: Path) -> None:
    tomorrow = datetime.now(UTC).date() + timedelta(days=2)
    answer = CliRunner().invoke(demo, ["--home", str(home), "--today", tomorrow.isoformat()])
    assert answer.exit_code == 2
    assert list(home.iterdir()) == []


def test_a_home_keeps_the_history_it_has(home: Path) -> None:
    history.write(home, History(seed=1, today=date(2026, 2, 3), day_chosen=True, made=True))
    for options in (["--today", "2026-02-04"], ["--seed", "2"]):
        assert CliRunner().invoke(demo, ["--home", str(home), *options]).exit_code == 2


def test_the_clock_starts_on_the_day_asked_for_or_is_the_machine_s(home: Path) -> None:
    now = datetime(2026, 7, 1, 12, 30, tzinfo=UTC)
    chosen = History(seed=1, today=date(2026, 2, 3), day_chosen=True)
    at = chosen.clock_at(now)
    assert at is not None
    assert at.date() == date(2026, 2, 3)
    assert History(seed=1, today=date(2026, 7, 1), day_chosen=False).clock_at(now) is None
