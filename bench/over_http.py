"""Single events and batches over HTTP, durable, with rules, idempotency, hashes, sealing and authorisation on."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Any, Final

from bench.contenders import stock as stock_in_process
from bench.load import Load, post, run
from bench.rows import Row, interleaved
from ledger.credentials import NewCredential
from ledger.eventstore.embedded import Embedded
from ledger.posted import Posted
from ledger.service import open_ledger
from ledger.setting_up import set_up
from ledger.settings import load

ROUNDS: Final = 5
SECONDS: Final = 2.0
JSON: Final = {"Content-Type": "application/cloudevents+json"}
NUMBERS: Final = count(1)


@dataclass(frozen=True, slots=True)
class Giver:
    """A school with a key, and the school it gives to."""

    key: str
    school: str
    other: str

    def event(self) -> dict[str, Any]:
        """A delivery that nobody agreed beforehand, with an id of its own."""
        return {
            "specversion": "1.0",
            "type": "support.delivered",
            "id": f"bench-{next(NUMBERS)}",
            "data": {
                "delivery_id": "d1",
                "giver_id": self.school,
                "receiver_id": self.other,
                "category": "maths",
                "amount": {"quantity": "2", "unit": "hour"},
                "delivered_on": "2026-09-14",
            },
        }

    def single(self) -> bytes:
        return post("/v1/events", JSON | self.signed(), json.dumps(self.event()).encode())

    def batch(self) -> bytes:
        headers = {"Content-Type": "application/cloudevents-batch+json"} | self.signed()
        return post("/v1/events", headers, json.dumps([self.event() for _ in range(1000)]).encode())

    def signed(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.key}"}


def prepared(environment: dict[str, str]) -> Giver:
    """A live ledger with two schools."""
    settings = load(environment)
    admin_key = set_up(settings, kind="live")
    with open_ledger(settings) as ledger:
        admin = ledger.credentials.authenticate(admin_key)
        ids = [
            ledger.post(
                admin,
                Posted(
                    type="organisation.registered", id=name, data={"name": name, "kind": "school", "identifiers": []}
                ),
            ).stream_id
            for name in ("Northfield", "Ashfield")
        ]
        _, key = ledger.credentials.issue(admin, NewCredential(name="giver", role="member", organisations=ids[:1]))
    return Giver(key, *ids)


@contextmanager
def served(command: list[str], port: int, environment: dict[str, str]) -> Iterator[int]:
    """A service in a process of its own, from when it answers until the block ends."""
    process = subprocess.Popen(
        [sys.executable, *command], env=os.environ | environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        wait_for(port)
        yield port
    finally:
        process.terminate()
        process.wait(30)


def wait_for(port: int) -> None:
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.05)
        else:
            return
    raise AssertionError(f"nothing listens on {port}")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def measure(server: Embedded, folder: Path) -> Iterator[Row]:
    """Our service against the library and against a bare INSERT, each behind the same server."""
    home = folder / "home"
    home.mkdir(mode=0o700)
    environment = {
        "PLEDGER_HOME": str(home),
        "PLEDGER_DATABASE_URL": server.database("http_ours"),
        "PLEDGER_ORIGIN": "bench.example",
    }
    giver = prepared(environment)
    ports = [free_port() for _ in range(3)]
    stock, insert = ("bench.services", "stock"), ("bench.services", "insert")
    with (
        served(["-m", "cli.main", "serve", "--port", str(ports[0])], ports[0], environment) as ours,
        served(["-m", *stock, server.database("http_stock"), str(ports[1])], ports[1], {}) as theirs,
        served(["-m", *insert, server.database("http_insert"), str(ports[2])], ports[2], {}) as bare,
    ):
        yield from singles(giver, {"ours": ours, "stock": theirs, "insert": bare})
        yield from batches(giver, ours, server)


def singles(giver: Giver, ports: dict[str, int]) -> Iterator[Row]:
    for connections, against_stock, against_insert in ((32, 2.5, 0.6), (1, 1.3, 0.6)):
        last: dict[str, list[Load]] = {name: [] for name in ports}
        found = interleaved({name: timed(giver, port, connections, last[name]) for name, port in ports.items()}, ROUNDS)
        what = f"single events over HTTP, {connections} connection{'s' if connections > 1 else ''}"
        for other, target in (("stock", against_stock), ("insert", against_insert)):
            name = f"{what}, against {'the library' if other == 'stock' else 'a bare INSERT'} behind the same server"
            yield Row(name=name, ours=found["ours"], other=found[other], unit="events/s", target=target)
        if connections > 1:
            p99 = {name: sorted(one.p99 for one in loads)[len(loads) // 2] for name, loads in last.items()}
            name = f"{what}: 99th percentile, against the library"
            yield Row(name=name, ours=p99["ours"], other=p99["stock"], unit="ms", target=0.4, at_most=True)


def timed(giver: Giver, port: int, connections: int, loads: list[Load]) -> Callable[[], float]:
    def once() -> float:
        loads.append(run(port, connections, SECONDS, giver.single))
        return loads[-1].rate

    return once


def batches(giver: Giver, port: int, server: Embedded) -> Iterator[Row]:
    with stock_in_process(server.database("http_batch_stock")) as they:

        def theirs() -> float:
            started = time.perf_counter()
            done = sum(they.append(200) for _ in range(10))
            return done / (time.perf_counter() - started)

        found = interleaved({"ours": lambda: 1000 * run(port, 1, SECONDS, giver.batch).rate, "stock": theirs}, ROUNDS)
        name = "batches of 1,000 over HTTP, against the library's save in process (200 at a time: more may hang)"
        yield Row(name=name, ours=found["ours"], other=found["stock"], unit="events/s", target=0.8)
