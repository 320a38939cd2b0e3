"""A client that costs little: one thread, many connections kept alive, each sending when its answer has come.

It runs in a process of its own, so that it takes nothing of the service's interpreter.
"""

from __future__ import annotations

import selectors
import socket
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context
from statistics import quantiles


@dataclass(frozen=True, slots=True)
class Load:
    """What a client got done: answers per second, and the time in milliseconds that 99 of 100 stayed under."""

    rate: float
    p99_ms: float


@dataclass(slots=True)
class Line:
    """One connection: what it sends next, since when it waits, and what has come of the answer."""

    socket: socket.socket
    requests: Iterator[bytes]
    since: float = 0.0
    came: bytes = b""

    def send(self) -> bool:
        """Sends the next request; False when there is none left."""
        request = next(self.requests, None)
        if request is None:
            return False
        self.came = b""
        self.since = time.perf_counter()
        self.socket.sendall(request)
        return True

    def is_answered(self) -> bool:
        """Reads what there is; True when the answer is whole. Raises RuntimeError for any but a success."""
        self.came += self.socket.recv(65_536)
        head, found, body = self.came.partition(b"\r\n\r\n")
        if not found:
            return False
        if not head.startswith((b"HTTP/1.1 201", b"HTTP/1.1 200")):
            raise RuntimeError(self.came.decode())
        length = head.lower().partition(b"content-length: ")[2].partition(b"\r\n")[0]
        return len(body) >= int(length)


def drive(port: int, requests: Sequence[Sequence[bytes]], seconds: float) -> Load:
    """Sends each connection's requests one after the other for so long, from another process."""
    with ProcessPoolExecutor(1, get_context("spawn")) as pool:
        return pool.submit(drive_here, port, requests, seconds).result()


def drive_here(port: int, requests: Sequence[Sequence[bytes]], seconds: float) -> Load:
    selector, took = selectors.DefaultSelector(), list[float]()
    lines = [Line(socket.create_connection(("127.0.0.1", port)), iter(mine)) for mine in requests]
    for line in lines:
        line.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        selector.register(line.socket, selectors.EVENT_READ, line)
    started = time.perf_counter()
    for line in lines:
        line.send()
    open_lines = len(lines)
    while open_lines:
        for key, _ in selector.select(10):
            if key.data.is_answered():
                now = time.perf_counter()
                took.append(now - key.data.since)
                open_lines -= not (now - started < seconds and key.data.send())
    lasted = time.perf_counter() - started
    for line in lines:
        line.socket.close()
    return Load(len(took) / lasted, 1000 * quantiles(took, n=100)[98])


def post(path: str, body: bytes, key: str) -> bytes:
    """A whole POST request."""
    head = (
        f"POST {path} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {key}\r\n"
        f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body
