"""Clients of a service that is told to stop while they are at it: who posts, who reads slowly, who follows."""

from __future__ import annotations

import json
import re
import socket
import threading
from contextlib import closing
from http.client import HTTPConnection, HTTPException
from urllib.parse import urlsplit

from tests.api.calls import event

GONE = (OSError, HTTPException)


class Client(threading.Thread):
    """A thread with a connection of its own, until the service answers no more."""

    def __init__(self, url: str, key: str) -> None:
        super().__init__(daemon=True)
        self.host, self.port = urlsplit(url).hostname or "", urlsplit(url).port or 0
        self.headers = {"Authorization": f"Bearer {key}", "Content-Type": "application/json"}
        self.began = threading.Event()

    def connection(self) -> HTTPConnection:
        return HTTPConnection(self.host, self.port, timeout=40)


class Writer(Client):
    """Posts one event after the other. `acknowledged` are the event ids of its receipts; `unanswered` counts requests
    that were sent and got no answer, `refused` holds the statuses of other answers."""

    def __init__(self, url: str, key: str) -> None:
        super().__init__(url, key)
        self.acknowledged: list[str] = []
        self.refused: list[int] = []
        self.unanswered = 0

    def run(self) -> None:
        connection = self.connection()
        while self._connected(connection):
            try:
                connection.request("POST", "/v1/events", self._school(), self.headers)
                answer = connection.getresponse()
                told = json.loads(answer.read())
            except GONE:
                self.unanswered += 1
                connection.close()
                continue
            self.began.set()
            if answer.status == 201:
                self.acknowledged.append(told["event_id"])
            else:
                self.refused.append(answer.status)

    def _connected(self, connection: HTTPConnection) -> bool:
        try:
            if connection.sock is None:
                connection.connect()
        except OSError:
            return False
        return True

    def _school(self) -> str:
        name = f"School {self.name} {len(self.acknowledged)}"
        return json.dumps(event("organisation.registered", name=name, kind="school", identifiers=[]))


class SlowReader(Client):
    """Asks for a long answer and takes it a few bytes at a time, until it may `hurry`. `missing` is how many bytes of
    what was promised never came, None before the end."""

    def __init__(self, url: str, key: str) -> None:
        super().__init__(url, key)
        self.hurry = threading.Event()
        self.missing: int | None = None

    def run(self) -> None:
        with socket.socket() as connection:
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 2_048)
            connection.connect((self.host, self.port))
            connection.sendall(f"GET /openapi.json HTTP/1.1\r\nHost: {self.host}\r\n\r\n".encode())
            taken = bytearray()
            try:
                while not (head := promised(taken)) or len(taken) < sum(head):
                    part = connection.recv(65_536 if self.hurry.is_set() else 64)
                    if not part:
                        break
                    taken += part
                    self.began.set()
                    self.hurry.wait(0.05)
            except OSError:
                pass
            self.missing = sum(promised(taken)) - len(taken)


def promised(taken: bytearray) -> tuple[int, ...]:
    """The length of the head, and that of the body as the head says it; nothing before the head is there."""
    head, found, _ = bytes(taken).partition(b"\r\n\r\n")
    length = re.search(rb"content-length: (\d+)", head, re.IGNORECASE)
    return (len(head) + len(found), int(length[1])) if found and length else ()


class Follower(Client):
    """Follows the live feed; `lines` are what it was told, `ended_well` whether the stream came to its end."""

    def __init__(self, url: str, key: str) -> None:
        super().__init__(url, key)
        self.lines: list[str] = []
        self.ended_well = False

    def run(self) -> None:
        with closing(self.connection()) as connection:
            connection.request("GET", "/v1/stream", headers=self.headers)
            with connection.getresponse() as answer:
                try:
                    while line := answer.readline():
                        self.began.set()
                        self.lines.append(line.decode())
                    self.ended_well = True
                except GONE:
                    return
