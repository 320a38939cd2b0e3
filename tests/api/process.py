"""A served ledger in a process of its own, called over real sockets."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from ledger.setting_up import set_up
from ledger.settings import Settings


@dataclass(frozen=True)
class Answer:
    status: int
    headers: Mapping[str, str]
    body: Any


@dataclass
class Remote:
    """The service's address, the first admin's key, and the process."""

    url: str
    admin_key: str
    process: subprocess.Popen[bytes]

    def call(self, key: str, method: str, path: str, body: Any = None) -> Answer:
        """One request over a connection of its own; a refusal is an answer like any other."""
        headers = {"Authorization": f"Bearer {key}", "Content-Type": "application/json"}
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(self.url + path, data, headers, method=method)
        try:
            with urllib.request.urlopen(request, timeout=10) as reply:
                return read(reply.status, reply.headers, reply.read())
        except urllib.error.HTTPError as refused:
            with refused:
                return read(refused.code, refused.headers, refused.read())

    def post(self, key: str, event: Any) -> dict[str, Any]:
        """An event that must be admitted; answers its receipt."""
        answer = self.call(key, "POST", "/v1/events", event)
        assert answer.status == 201, answer
        return answer.body  # type: ignore[no-any-return]  # JSON has no type


def read(status: int, headers: Any, body: bytes) -> Answer:
    return Answer(status, {name.lower(): value for name, value in headers.items()}, json.loads(body) if body else None)


@contextmanager
def served(settings: Settings, **more: str) -> Iterator[Remote]:
    """Sets a test ledger up and serves it on a free port until the block ends; then it must end well. `more` are
    further variables of its environment."""
    key = set_up(settings, kind="test")
    with living(settings, **more) as (url, process):
        yield Remote(url, key, process)


@contextmanager
def living(settings: Settings, **more: str) -> Iterator[tuple[str, subprocess.Popen[bytes]]]:
    """Serves a ledger that is set up, in a process of its own until the block ends; answers its address with it."""
    environ = {
        "PATH": os.environ["PATH"],
        "HOME": str(settings.home),
        "PYTHONPATH": os.pathsep.join(sys.path),
        "PLEDGER_DATABASE_URL": settings.database_url or "",
        "PLEDGER_HOME": str(settings.home),
        "PLEDGER_ORIGIN": settings.origin,
        "PLEDGER_PORT": "0",
        "PLEDGER_OPERATOR_ADDRESS": "off",
        **more,
    }
    command = [sys.executable, "-m", "tests.api.serving"]
    with subprocess.Popen(command, env=environ, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        try:
            yield str(json.loads(process.stdout.readline())["url"]), process
        finally:
            process.terminate()
            assert process.wait(20) == 0


def within(seconds: float, question: Callable[[], Any], wanted: Any) -> float:
    """Asks until the answer is the wanted one; answers after how many seconds that was."""
    began = time.monotonic()
    while (answer := question()) != wanted:
        assert time.monotonic() - began < seconds, answer
    return time.monotonic() - began
