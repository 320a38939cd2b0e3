"""The live feed of a ledger (server-sent events), taken up again where it broke off: nothing missed, nothing twice.

Only what has arrived whole counts. Each message bears the position up to which everything is then known; the next
connection begins after the last of them.
"""

from __future__ import annotations

import http.client
import json
import socket
from collections.abc import Iterator, Mapping
from contextlib import suppress
from typing import Any, Final

from api.calling.caller import Caller, error_of, target
from api.calling.errors import ClientError, NotAllowed, no_answer, no_ledger
from api.calling.patience import seconds_of
from api.calling.wire import Reply, Sent, close, whole
from api.calling.words import Event, Heartbeat, Problem, Resync

STREAM: Final = "/v1/stream"
EVENT_STREAM: Final = "text/event-stream"
MOST_LINE: Final = 4 * 1024 * 1024
SILENCE_SECONDS: Final = 60.0
"""A feed says at least every few seconds that it lives; after so long without a word it is taken to be broken."""

Heard = Event | Resync | Heartbeat


class Feed:
    """Facts as they are recorded, as far as the credential sees them. It has no end: break off, or `close` it.

    `position`: what this reader may see up to there has all been handed out. Kept, it is where to go on another day.
    """

    def __init__(self, caller: Caller, after: int, filters: Mapping[str, Any], *, heartbeats: bool) -> None:
        """`heartbeats`: those are handed out too."""
        self._caller, self._filters, self._heartbeats = caller, filters, heartbeats
        self._connection: http.client.HTTPConnection | None = None
        self._closed, self._arrived = False, False
        self.position = after

    def __iter__(self) -> Iterator[Heard]:
        """Raises ClientError where the credential holds no longer, and when patience is at an end."""
        failures = 0
        while not self._closed:
            self._arrived = False
            wanted: float | None = None
            error: ClientError = no_answer("unreachable", f"the feed of {self._caller.wire.url} broke off")
            try:
                yield from self._connected()
            except Refused as refused:
                error, wanted = refused.error, refused.seconds
            except ClientError as failed:
                error = failed
            failures = 0 if self._arrived else failures + 1
            if not self._closed:
                self._caller.rest_after(error, max(failures, 1), wanted)

    def close(self) -> None:
        """Ends it, from any thread: whoever waits for the next fact is told that there is none."""
        self._closed, connection = True, self._connection
        if connection is not None and connection.sock is not None:
            with suppress(OSError):  # it has ended by itself
                connection.sock.shutdown(socket.SHUT_RDWR)

    def _connected(self) -> Iterator[Heard]:
        """What one connection brings, until it ends. Raises ClientError, Refused."""
        headers = {"Accept": EVENT_STREAM, "Last-Event-ID": str(self.position), "Cache-Control": "no-store"}
        sent = self._caller.signed(Sent("GET", target(STREAM, self._filters), headers))
        connection, answer = self._caller.wire.open(sent, SILENCE_SECONDS)
        self._connection = connection
        try:
            if answer.status != http.client.OK:
                raise Refused.of(answer)
            for fields in messages(answer):
                if self._closed:
                    return
                yield from self._taken(fields)
        finally:
            self._connection = None
            close(connection, answer)

    def _taken(self, fields: Mapping[str, str]) -> Iterator[Heard]:
        """Hands a message out. Raises NotAllowed at the end of a credential."""
        heard, self.position = read(fields)
        self._arrived = True
        if not isinstance(heard, Heartbeat) or self._heartbeats:
            yield heard


class Refused(Exception):
    """The feed was not opened: with which error, and after how many seconds it may be."""

    def __init__(self, error: ClientError, seconds: float | None) -> None:
        super().__init__(str(error))
        self.error, self.seconds = error, seconds

    @classmethod
    def of(cls, answer: http.client.HTTPResponse) -> Refused:
        headers = {name.lower(): value for name, value in answer.getheaders()}
        try:
            body = whole(answer)
        except (OSError, http.client.HTTPException):
            return cls(no_answer("unreachable", "the answer to a feed broke off"), None)
        return cls(error_of(Reply(answer.status, headers, body)), seconds_of(headers.get("retry-after")))


def messages(answer: http.client.HTTPResponse) -> Iterator[dict[str, str]]:
    """The fields of each message that arrived whole, until the connection ends, however it does."""
    fields: dict[str, str] = {}
    while True:
        try:
            line = answer.readline(MOST_LINE)
        except (OSError, http.client.HTTPException, ValueError, AttributeError):  # the last two: closed meanwhile
            return
        if not line.endswith(b"\n"):
            return
        text = line.rstrip(b"\r\n").decode("utf-8", "replace")
        if text:
            name, _, value = text.partition(":")
            fields[name] = value.removeprefix(" ")
            continue
        if "data" in fields:
            yield fields
        fields = {}


def read(fields: Mapping[str, str]) -> tuple[Heard, int]:
    """What a message says, and its position. Raises NotAllowed where the credential has ended, Broken."""
    try:
        position, told, name = int(fields["id"]), json.loads(fields["data"]), fields.get("event", "message")
        if name == "message":
            return Event.read(told), position
        if name == "end":
            raise ended(str(told["code"]))
        return (Resync(position, str(told["code"])) if name == "resync" else Heartbeat(position)), position
    except (KeyError, TypeError, ValueError):
        raise no_ledger(http.client.OK, "the feed says what no ledger says") from None


def ended(code: str) -> NotAllowed:
    detail = "the credential sees this feed no longer"
    return NotAllowed(Problem(code=code, status=401, title="The feed has ended", detail=detail, retryable=False))
