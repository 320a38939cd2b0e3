"""`pledger serve` as a process that a test may kill, and the postmaster of its embedded database."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import psutil

from ledger.settings import Settings

READY_SECONDS = 60.0
STOP_SECONDS = 60.0


class Service:
    """The service of a home, on one port for all its lives."""

    def __init__(self, settings: Settings, log: Path) -> None:
        self._settings = settings
        self._log = log
        self._process: subprocess.Popen[bytes] | None = None
        self.port, self._operator_port = free_port(), free_port()
        self.starts = 0

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        """A new process; returns when the service is ready."""
        environment = os.environ | {
            "PLEDGER_HOME": str(self._settings.home),
            "PLEDGER_ORIGIN": self._settings.origin,
            "PLEDGER_OPERATOR_ADDRESS": f"127.0.0.1:{self._operator_port}",
        }
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "cli.main", "serve", "--port", str(self.port)],
                env=environment,
                stdout=log,
                stderr=log,
            )
        self.starts += 1
        self.wait_until_ready()

    def wait_until_ready(self) -> None:
        """Until the service answers that it can reach its database and its views; a dead one is started again."""
        deadline = time.monotonic() + READY_SECONDS
        while not self._is_ready():
            assert time.monotonic() < deadline, f"not ready in time; the end of {self._log}:\n{self.last_words()}"
            if self._process is None or self._process.poll() is not None:
                self.start()
            time.sleep(0.05)

    def _is_ready(self) -> bool:
        try:
            with urllib.request.urlopen(f"{self.url}/readyz", timeout=5) as answer:
                return bool(answer.status == 200)
        except OSError:
            return False

    def wait_until_views_follow(self) -> None:
        """Until every view has come to the end of the log: the projections work on after whatever happened."""
        deadline = time.monotonic() + READY_SECONDS
        while not self._views_follow():
            assert time.monotonic() < deadline, f"the views stay behind; the end of {self._log}:\n{self.last_words()}"
            time.sleep(0.1)

    def _views_follow(self) -> bool:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self._operator_port}/readyz", timeout=5) as answer:
                views = json.load(answer)["checks"]["projections"]["views"]
        except OSError:  # the operator's address is listened on a moment after the other
            return False
        return all(view["lag"] == 0 and view["state"] == "working" for view in views)

    def kill(self) -> None:
        """All its processes at once, without a word to any."""
        for process in self._processes():
            with contextlib.suppress(psutil.NoSuchProcess):
                process.send_signal(signal.SIGKILL)
        if self._process is not None:
            self._process.wait()

    def kill_worker(self) -> None:
        """Only the process that holds the ledger; its supervisor is to start another."""
        for process in self._processes()[1:]:
            with contextlib.suppress(psutil.NoSuchProcess):
                process.send_signal(signal.SIGKILL)
                process.wait(timeout=10)

    def kill_postmaster(self) -> None:
        """The database's first process, whose children the kernel leaves behind."""
        file = self._settings.home / "database" / "postgres" / "postmaster.pid"
        with contextlib.suppress(ProcessLookupError):
            os.kill(int(file.read_text().splitlines()[0]), signal.SIGKILL)

    def _processes(self) -> list[psutil.Process]:
        if self._process is None or self._process.poll() is not None:
            return []
        try:
            first = psutil.Process(self._process.pid)
            return [first, *(child for child in first.children() if "python" in child.name())]
        except psutil.NoSuchProcess:
            return []

    def stop(self) -> int | None:
        """Asks it to end, as an operator would; its exit code."""
        if self._process is None:
            return None
        self._process.terminate()
        return self._process.wait(timeout=STOP_SECONDS)

    def last_words(self) -> str:
        return self._log.read_text("utf-8", errors="replace")[-3000:] if self._log.exists() else ""


@contextlib.contextmanager
def serving(settings: Settings, log: Path) -> Iterator[Service]:
    """A service that is ready; at the end nothing of it is left, whatever happened."""
    service = Service(settings, log)
    try:
        service.start()
        yield service
    finally:
        service.kill()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
