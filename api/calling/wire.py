"""Connections to one ledger: kept open and used again, with a limit on every wait. Nothing is tried again here."""

from __future__ import annotations

import http.client
import select
import ssl
import threading
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

from api.calling.errors import ClientError, no_answer, no_ledger

MOST_IDLE: Final = 8
MOST_BYTES: Final = 256 * 1024 * 1024
"""An answer longer than this is none of a ledger: lists come in pages."""


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer; the names of its headers are in lower case."""

    status: int
    headers: Mapping[str, str]
    body: bytes


@dataclass(frozen=True, slots=True)
class Sent:
    """What is sent: `target` is the path with its query."""

    method: str
    target: str
    headers: Mapping[str, str]
    body: bytes | None = None


class Wire:
    """The connections to one address. Several threads may use it; each call has a connection to itself."""

    def __init__(self, url: str, timeout_seconds: float) -> None:
        """`url` is the ledger's address, such as `https://ledger.example`. Raises ValueError for what is none."""
        parts = urlsplit(url)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise ValueError(f"{url!r} is no address of the form https://ledger.example")
        if parts.username or parts.query or parts.fragment:
            raise ValueError("the address of a ledger holds no credential, query or fragment")
        self.url = url.rstrip("/")
        self.root = parts.path.rstrip("/")
        self._host, self._port = parts.hostname, parts.port
        self._tls = ssl.create_default_context() if parts.scheme == "https" else None
        self._timeout_seconds = timeout_seconds
        self._idle: list[http.client.HTTPConnection] = []
        self._lock = threading.Lock()

    def exchange(self, sent: Sent) -> Reply:
        """Sends and waits for the answer. Raises Unreachable where none came, Broken for one without an end."""
        connection, answer = self._connection(), None
        try:
            self._send(connection, sent)
            answer = connection.getresponse()
            body = whole(answer)
        except (OSError, http.client.HTTPException) as lost:
            close(connection, answer)
            raise self._lost(lost) from lost
        if len(body) > MOST_BYTES or answer.will_close:
            close(connection, answer)
        else:
            self._keep(connection)
        if len(body) > MOST_BYTES:
            raise no_ledger(answer.status, f"{self.url} answered with more than {MOST_BYTES} bytes")
        return Reply(answer.status, {name.lower(): value for name, value in answer.getheaders()}, body)

    def open(self, sent: Sent, timeout_seconds: float) -> tuple[http.client.HTTPConnection, http.client.HTTPResponse]:
        """Sends, and hands over the connection with its answer unread; whoever asked closes both. Raises Unreachable.

        Nothing may be silent for longer than `timeout_seconds`.
        """
        connection = self._made(timeout_seconds)
        try:
            self._send(connection, sent)
            return connection, connection.getresponse()
        except (OSError, http.client.HTTPException) as lost:
            connection.close()
            raise self._lost(lost) from lost

    def close(self) -> None:
        """Closes what is kept open."""
        with self._lock:
            idle, self._idle = self._idle, []
        for connection in idle:
            connection.close()

    def _send(self, connection: http.client.HTTPConnection, sent: Sent) -> None:
        connection.request(sent.method, self.root + sent.target, sent.body, dict(sent.headers))

    def _connection(self) -> http.client.HTTPConnection:
        """One that is open still, else a new one."""
        while True:
            with self._lock:
                connection = self._idle.pop() if self._idle else None
            if connection is None:
                return self._made(self._timeout_seconds)
            if connection.sock is not None and not select.select([connection.sock], [], [], 0)[0]:
                return connection
            connection.close()  # the other side has closed it, or speaks out of turn

    def _made(self, timeout_seconds: float) -> http.client.HTTPConnection:
        if self._tls is None:
            return http.client.HTTPConnection(self._host, self._port, timeout=timeout_seconds)
        return http.client.HTTPSConnection(self._host, self._port, timeout=timeout_seconds, context=self._tls)

    def _keep(self, connection: http.client.HTTPConnection) -> None:
        with self._lock:
            if len(self._idle) < MOST_IDLE:
                self._idle.append(connection)
                return
        connection.close()

    def _lost(self, lost: Exception) -> ClientError:
        if isinstance(lost, ssl.SSLCertVerificationError):
            return no_answer("certificate-refused", f"{self.url} does not prove that it is who it says: {lost}")
        return no_answer("unreachable", f"{self.url} did not answer ({str(lost) or type(lost).__name__})")


def close(connection: http.client.HTTPConnection, answer: http.client.HTTPResponse | None) -> None:
    """Closes both: where an answer ends with its connection, the library leaves the socket to the answer alone."""
    with suppress(OSError):
        if answer is not None:
            answer.close()
        connection.close()


def whole(answer: http.client.HTTPResponse) -> bytes:
    """The body of an answer, and of one that is too long its beginning. Raises IncompleteRead where it breaks off.

    The library's own reader says nothing then, not even in the middle of the headers: an answer that does not tell its
    length is told from a broken one by nothing.
    """
    if answer.length is None and not answer.chunked:
        raise http.client.IncompleteRead(b"")
    body = answer.read(MOST_BYTES + 1)
    if len(body) <= MOST_BYTES and answer.length:
        raise http.client.IncompleteRead(body, answer.length)
    return body
