"""Single events over HTTP, durable, all rules on: against the library and a bare INSERT behind the same server."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from pathlib import Path

from api.server import free_port
from bench.load import Load, drive, post
from bench.rows import Row
from ledger.credentials import NewCredential
from ledger.domain.fact import LEDGER
from ledger.eventstore.embedded import Embedded
from ledger.posted import Posted
from ledger.service import Ledger, open_ledger
from ledger.setting_up import set_up
from ledger.settings import Settings, load

SECONDS = 4.0
ROUNDS = 3
REQUESTS = 24_000
SCHOOLS = 40
READY_SECONDS = 20.0

Requests = list[list[bytes]]


def measure(server: Embedded, folder: Path) -> Iterator[Row]:
    """At 32 connections and alone: events per second, and the slowest of a hundred answers."""
    dsn = server.database("http_ours")
    schools = town(dsn, folder)
    with (
        ours(dsn, folder) as our_port,
        other("plain", server.database("http_plain")) as plain_port,
        other("stock", server.database("http_stock")) as stock_port,
    ):
        ports = {"ours": our_port, "plain": plain_port, "stock": stock_port}
        for connections, library in ((32, 2.5), (1, 1.3)):
            found = {name: best(port, schools, connections) for name, port in ports.items()}
            who = f"over HTTP, {connections} connections" if connections > 1 else "over HTTP, one client alone"
            yield rates(f"single events {who}, against the library's save", found, "stock", library)
            yield rates(f"single events {who}, against a bare INSERT", found, "plain", 0.6)
            if connections > 1:
                yield Row(
                    name=f"p99 of a single event {who}, against the library's save",
                    ours=found["ours"].p99_ms,
                    other=found["stock"].p99_ms,
                    unit="ms",
                    target=0.4,
                    at_most=True,
                )


def rates(name: str, found: dict[str, Load], against: str, target: float) -> Row:
    return Row(name=name, ours=found["ours"].rate, other=found[against].rate, unit="events/s", target=target)


def best(port: int, schools: list[tuple[str, str]], connections: int) -> Load:
    """The round in which most got done, after a short one that warms up."""
    drive(port, deliveries(schools, connections, 2_000), 1.0)
    rounds = (drive(port, deliveries(schools, connections, REQUESTS), SECONDS) for _ in range(ROUNDS))
    return max(rounds, key=lambda one: one.rate)


def deliveries(schools: list[tuple[str, str]], connections: int, count: int) -> Requests:
    """Requests for each connection: a school's word that it helped the next one, every one a stream of its own."""
    lines: Requests = [[] for _ in range(connections)]
    for number in range(count):
        giver, key = schools[number % len(schools)]
        receiver = schools[(number + 1) % len(schools)][0]
        data = {"delivery_id": "d1", "amount": {"quantity": "2", "unit": "hour"}, "category": "maths"}
        data |= {"delivered_on": date.today().isoformat(), "giver_id": giver, "receiver_id": receiver}  # noqa: DTZ011  # the service's own clock is this machine's
        event = {"specversion": "1.0", "type": "support.delivered", "source": "urn:bench", "id": str(uuid.uuid4())}
        lines[number % connections].append(post("/v1/events", json.dumps(event | {"data": data}).encode(), key))
    return lines


def town(dsn: str, folder: Path) -> list[tuple[str, str]]:
    """Sets our ledger up with schools; answers each one's id and its member's key."""
    settings = settings_in(dsn, folder)
    set_up(settings, kind="test")
    with open_ledger(settings) as ledger:
        return [school(ledger, f"School {number}") for number in range(SCHOOLS)]


def settings_in(dsn: str, folder: Path) -> Settings:
    home = folder / "home"
    home.mkdir(mode=0o700, exist_ok=True)
    return load({"PLEDGER_DATABASE_URL": dsn, "PLEDGER_HOME": str(home), "PLEDGER_ORIGIN": "bench.example"})


def school(ledger: Ledger, name: str) -> tuple[str, str]:
    admin = replace(LEDGER, role="admin", principal=str(uuid.uuid4()))
    data = {"name": name, "kind": "school", "identifiers": []}
    receipt = ledger.post(admin, Posted(type="organisation.registered", data=data, id=name))
    new = NewCredential(name=name, role="member", organisations=[receipt.stream_id])
    return receipt.stream_id, ledger.credentials.issue(admin, new)[1]


@contextmanager
def ours(dsn: str, folder: Path) -> Iterator[int]:
    """`pledger serve`, views and all."""
    settings = settings_in(dsn, folder)
    environ = {"PLEDGER_DATABASE_URL": dsn, "PLEDGER_HOME": str(settings.home), "PLEDGER_ORIGIN": settings.origin}
    with running(lambda port: ["-m", "cli.main", "serve", "--port", str(port)], environ) as port:
        yield port


@contextmanager
def other(kind: str, dsn: str) -> Iterator[int]:
    with running(lambda port: ["-m", "bench.other_service", kind, dsn, str(port)], {}) as port:
        yield port


@contextmanager
def running(command: Callable[[int], list[str]], environ: dict[str, str]) -> Iterator[int]:
    """A service in a process of its own, from when it answers until the block ends; gives its port."""
    port = free_port("127.0.0.1", 0)
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PLEDGER_")}
    process = subprocess.Popen([sys.executable, *command(port)], env=kept | environ, stdout=subprocess.DEVNULL)
    try:
        wait_until_open(port, process)
        yield port
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(READY_SECONDS)


def wait_until_open(port: int, process: subprocess.Popen[bytes]) -> None:
    """Returns when somebody can connect. Raises RuntimeError when the service has ended instead."""
    deadline = time.monotonic() + READY_SECONDS
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            if process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError("the service does not come up") from None
            time.sleep(0.05)
        else:
            return
