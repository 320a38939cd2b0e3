"""A client for many connections at once that costs next to nothing itself: one thread, raw sockets, ready bytes."""

from __future__ import annotations

import selectors
import socket
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

MOST_WAIT_SECONDS: Final = 30.0


@dataclass(slots=True)
class Line:
    """One connection with the request that is under way on it."""

    socket: socket.socket
    sent_at: float = 0.0
    received: bytearray = field(default_factory=bytearray)

    def send(self, request: bytes) -> None:
        self.received.clear()
        self.sent_at = time.perf_counter()
        self.socket.sendall(request)

    def answered(self) -> bool:
        """Reads what is there; whether the answer is complete. Raises AssertionError when it is no 2xx."""
        self.received += self.socket.recv(65536)
        head, found, body = bytes(self.received).partition(b"\r\n\r\n")
        if not found:
            return False
        length = next(int(row[15:]) for row in head.lower().split(b"\r\n") if row.startswith(b"content-length:"))
        if len(body) < length:
            return False
        if not head.startswith(b"HTTP/1.1 2"):
            raise AssertionError(bytes(self.received[:600]))
        return True


@dataclass(frozen=True, slots=True)
class Load:
    """What came of it: answers per second, and the 99th percentile of an answer's time in milliseconds."""

    rate: float
    p99: float


def post(path: str, headers: dict[str, str], body: bytes) -> bytes:
    """The bytes of one POST request."""
    rows = [f"POST {path} HTTP/1.1", "Host: bench", f"Content-Length: {len(body)}"]
    rows += [f"{name}: {value}" for name, value in headers.items()]
    return ("\r\n".join(rows) + "\r\n\r\n").encode() + body


def run(port: int, connections: int, seconds: float, request: Callable[[], bytes]) -> Load:
    """Keeps so many connections busy for so long; each sends its next request when the last is answered."""
    lines = [Line(socket.create_connection(("127.0.0.1", port))) for _ in range(connections)]
    times: list[float] = []
    with selectors.DefaultSelector() as selector:
        for line in lines:
            line.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            selector.register(line.socket, selectors.EVENT_READ, line)
        started = time.perf_counter()
        for line in lines:
            line.send(request())
        under_way = len(lines)
        while under_way:
            ready = selector.select(MOST_WAIT_SECONDS)
            if not ready:
                raise AssertionError("no answer")
            for key, _ in ready:
                line = key.data
                if line.answered():
                    now = time.perf_counter()
                    times.append(now - line.sent_at)
                    if now - started < seconds:
                        line.send(request())
                    else:
                        under_way -= 1
        took = time.perf_counter() - started
    for line in lines:
        line.socket.close()
    times.sort()
    return Load(len(times) / took, 1000 * times[int(0.99 * (len(times) - 1))])
