"""Listening to the live feed in tests: over a real socket, and in this process."""

from __future__ import annotations

import http.client
import json
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from tests.api.calls import Town


@dataclass(frozen=True)
class Heard:
    """One event of a stream; a fact is a `message`."""

    name: str
    id: int
    data: Any


def heard(lines: Iterable[bytes]) -> Iterator[Heard]:
    """The events in the lines of a stream, told apart as a browser does; comments and `retry` are passed over."""
    fields: dict[str, str] = {}
    for raw in lines:
        line = raw.decode().rstrip("\r\n")
        if line:
            name, _, value = line.partition(":")
            fields[name] = value.removeprefix(" ")
            continue
        if "data" in fields:
            yield Heard(fields.get("event", "message"), int(fields["id"]), json.loads(fields["data"]))
        fields = {}


class Line:
    """One connection to the stream of a served process."""

    def __init__(self, url: str, key: str, *, last: int | None = None, query: str = "", timeout: float = 10) -> None:
        self.connection = http.client.HTTPConnection(url.removeprefix("http://"), timeout=timeout)
        headers = {"Authorization": f"Bearer {key}"} | ({} if last is None else {"Last-Event-ID": str(last)})
        self.connection.request("GET", f"/v1/stream{query}", headers=headers)
        self.answer = self.connection.getresponse()

    def __iter__(self) -> Iterator[Heard]:
        """What arrives, until the connection ends."""
        with suppress(ConnectionError, http.client.HTTPException):
            yield from heard(self.answer)

    def close(self) -> None:
        """As a client does who goes away."""
        self.answer.close()
        self.connection.close()

    def __enter__(self) -> Line:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


class Ear:
    """A stream of the application in this process, without a server between."""

    def __init__(self, town: Town, name: str, query: str = "", **headers: str) -> None:
        self.answer = town.get(name, f"/v1/stream{query}", **headers)
        assert self.answer.status_code == 200, self.answer.get_data(as_text=True)
        self._parts = iter(self.answer.response)
        self._events = heard(self._lines())

    def _lines(self) -> Iterator[bytes]:
        for part in self._parts:
            yield from (part if isinstance(part, bytes) else str(part).encode()).splitlines(keepends=True)

    def next(self, *names: str) -> Heard:
        """The next event, the next of these names where there are any."""
        return next(one for one in self._events if not names or one.name in names)

    def rest(self) -> list[Heard]:
        """All that comes until the stream ends."""
        return list(self._events)

    def close(self) -> None:
        self.answer.close()

    def __enter__(self) -> Ear:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
