"""A TCP proxy on loopback that cuts connections at random moments: before a request went on, after it, and in the
middle of what comes back.
"""

from __future__ import annotations

import random
import socket
import threading
from contextlib import suppress
from types import TracebackType
from typing import Self
from urllib.parse import urlsplit

PIECE = 65_536


class Knife:
    """Says after how many bytes to cut: at the latest after `before` of what is sent, `after` of what comes back.

    `cuts` are those made; after `most` nothing is cut any more.
    """

    def __init__(self, most: int, seed: int, *, before: int, after: int) -> None:
        self._dice, self._reach, self._most = random.Random(seed), {"before": before, "after": after}, most
        self._lock = threading.Lock()
        self.cuts = {"before": 0, "after": 0}

    @property
    def made(self) -> int:
        return sum(self.cuts.values())

    def allowance(self, way: str) -> int:
        """How many bytes a new connection passes on that way."""
        with self._lock:
            return self._dice.randrange(self._reach[way])

    def cut(self, way: str) -> bool:
        """Whether to cut now; it counts."""
        with self._lock:
            if self.made >= self._most:
                return False
            self.cuts[way] += 1
            return True


class Proxy:
    """Passes connections on to `url`, and cuts each after as many bytes as the knife says."""

    def __init__(self, url: str, knife: Knife) -> None:
        there = urlsplit(url)
        self._there = (there.hostname, there.port)
        self.knife = knife
        self._listening = socket.create_server(("127.0.0.1", 0), backlog=64)
        self._open: set[socket.socket] = set()
        self._threads = [threading.Thread(target=self._accept, daemon=True)]

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._listening.getsockname()[1]}"

    def __enter__(self) -> Self:
        self._threads[0].start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, _: TracebackType | None) -> None:
        with suppress(OSError):
            self._listening.shutdown(socket.SHUT_RDWR)
        self._listening.close()
        for one in list(self._open):
            close(one)
        for thread in self._threads:
            thread.join(10)

    def _accept(self) -> None:
        while True:
            try:
                near, _ = self._listening.accept()
            except OSError:
                return
            try:
                far = socket.create_connection(self._there)
            except OSError:
                close(near)
                continue
            self._open |= {near, far}
            for source, sink, way in ((near, far, "before"), (far, near, "after")):
                thread = threading.Thread(target=self._pass, args=(source, sink, way), daemon=True)
                self._threads.append(thread)
                thread.start()

    def _pass(self, source: socket.socket, sink: socket.socket, way: str) -> None:
        """Passes bytes on until it cuts: what is cut `before` never arrives whole, `after` was acted upon."""
        left = self.knife.allowance(way)
        with suppress(OSError):
            while piece := source.recv(PIECE):
                if len(piece) > left and self.knife.cut(way):
                    sink.sendall(piece[:left])
                    break
                left = max(0, left - len(piece))
                sink.sendall(piece)
        close(source)
        close(sink)
        self._open -= {source, sink}


def close(one: socket.socket) -> None:
    with suppress(OSError):
        one.shutdown(socket.SHUT_RDWR)
    one.close()
