"""How a client meets a ledger that cannot answer, and what is no ledger: it tries again, so often and no more."""

from __future__ import annotations

import json
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any

import pytest

from api.calling.patience import seconds_of
from api.client import Broken, Client, ClientError, LimitReached, Patience, Resync, Unavailable, Unreachable, event
from tests.api.client.conftest import BRISK

Serve = Callable[..., Client]
ME = {"position": 3}
WITHOUT_END = b"HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n{"


def answer(status: int, body: Any, **headers: str) -> bytes:
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    told = {"Content-Length": str(len(content)), **{name.replace("_", "-"): value for name, value in headers.items()}}
    lines = "".join(f"{name}: {value}\r\n" for name, value in told.items())
    return f"HTTP/1.1 {status} Told\r\n{lines}\r\n".encode() + content


def problem(status: int, code: str, *, retryable: bool) -> dict[str, Any]:
    return {"code": code, "status": status, "title": code, "detail": code, "retryable": retryable, "errors": []}


BUSY = problem(503, "busy", retryable=True)


class Script:
    """Says one thing to each connection, in order, then ends it; what was asked is kept."""

    def __init__(self) -> None:
        self.says: list[bytes] = []
        self.asked: list[bytes] = []
        self.listening = socket.create_server(("127.0.0.1", 0))
        self.thread = threading.Thread(target=self.run, daemon=True)
        self.thread.start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.listening.getsockname()[1]}"

    def run(self) -> None:
        with suppress(OSError):
            while True:
                line, _ = self.listening.accept()
                with line:
                    self.asked.append(request(line))
                    line.sendall(self.says.pop(0) if self.says else b"")


def request(line: socket.socket) -> bytes:
    """A request, its body included."""
    read = line.recv(65_536)
    head, _, body = read.partition(b"\r\n\r\n")
    told = [one for one in head.lower().split(b"\r\n") if one.startswith(b"content-length:")]
    missing = int(told[0].partition(b":")[2]) - len(body) if told else 0
    return read + (line.recv(missing, socket.MSG_WAITALL) if missing > 0 else b"")


@pytest.fixture
def script() -> Iterator[Script]:
    script = Script()
    yield script
    script.listening.shutdown(socket.SHUT_RDWR)
    script.listening.close()
    script.thread.join(5)


@pytest.fixture
def client(script: Script) -> Iterator[Client]:
    with Client(script.url, "pl_test_key", patience=BRISK) as client:
        yield client


def test_what_may_do_better_later_is_asked_again(script: Script, client: Client) -> None:
    script.says = [answer(503, BUSY, Retry_After="0"), b"", WITHOUT_END, answer(200, ME)]
    assert client.get("/v1/me") == ME
    assert len(script.asked) == 4


def test_an_event_is_sent_again_as_it_was(script: Script, client: Client) -> None:
    script.says = [answer(502, b"<html>"), answer(409, problem(409, "not-a-partner", retryable=False))]
    with pytest.raises(ClientError, match="not-a-partner"):
        client.post(event("support.delivered", {"delivery_id": "d1"}))
    bodies = [asked.partition(b"\r\n\r\n")[2] for asked in script.asked]
    assert bodies[0] == bodies[1]
    assert json.loads(bodies[0])["id"]


def test_patience_has_an_end(script: Script, client: Client) -> None:
    script.says = [answer(503, BUSY, Connection="close")] * 9
    with pytest.raises(Unavailable) as busy:
        client.get("/v1/me")
    assert (busy.value.code, len(script.asked)) == ("busy", BRISK.tries)
    script.says = []
    with pytest.raises(Unreachable):
        client.get("/v1/me")
    assert len(script.asked) == 2 * BRISK.tries


def test_it_waits_as_long_as_it_is_told_but_not_for_ever(script: Script, client: Client) -> None:
    limited = problem(429, "rate-limited", retryable=True)
    script.says = [answer(429, limited, Retry_After="1"), answer(200, ME), answer(429, limited, Retry_After="3600")]
    began = time.monotonic()
    client.get("/v1/me")
    assert time.monotonic() - began >= 1
    with pytest.raises(LimitReached):
        client.get("/v1/me")
    assert len(script.asked) == 3


@pytest.mark.parametrize(
    "said",
    [
        answer(302, b"", Location="http://elsewhere.example/"),
        answer(200, b"<html>"),
        answer(200, [1]),
        answer(404, b"nothing here"),
        answer(500, problem(500, "internal-error", retryable=False)),
    ],
)
def test_what_is_no_answer_of_a_ledger_is_not_asked_again(script: Script, client: Client, said: bytes) -> None:
    script.says = [said]
    with pytest.raises(Broken):
        client.get("/v1/me")
    assert len(script.asked) == 1


def test_a_feed_that_breaks_in_a_message_begins_again_before_it(script: Script, client: Client) -> None:
    head = b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\n"
    whole = b'event: heartbeat\nid: 4\ndata: {"position":4}\n\n'
    half = b'event: resync\nid: 5\ndata: {"position":5,"co'
    resync = b'event: resync\nid: 5\ndata: {"position":5,"code":"scope-changed"}\n\n'
    script.says = [head + whole + half, head + whole + half[:-20], head + resync]
    feed = client.stream(3)
    assert next(iter(feed)) == Resync(5, "scope-changed")
    assert feed.position == 5
    begun = [line for asked in script.asked for line in asked.split(b"\r\n") if line.startswith(b"Last-Event-ID")]
    assert begun == [b"Last-Event-ID: 3", b"Last-Event-ID: 4", b"Last-Event-ID: 4"]


def test_retry_after_is_read_in_both_its_forms() -> None:
    assert (seconds_of("7"), seconds_of(None), seconds_of("soon")) == (7.0, None, None)
    later = seconds_of(format_datetime(datetime.now(UTC) + timedelta(seconds=30), usegmt=True))
    assert later is not None
    assert 25 < later <= 30


def test_rests_grow_and_are_never_all_alike() -> None:
    patience = Patience(tries=5, first_seconds=1, most_seconds=4)
    rests = [[patience.rest(number, None) for number in range(1, 6)] for _ in range(5)]
    for first, second, third, fourth, none in rests:
        assert 0.5 <= (first or 0) <= 1 <= (second or 0) <= 2 <= (third or 0) <= 4 >= (fourth or 0)
        assert none is None
    assert len({rest[0] for rest in rests}) > 1


@pytest.mark.parametrize(
    "url", ["ledger.example", "ftp://ledger.example", "https://me:secret@ledger.example", "https://"]
)
def test_an_address_that_is_none_is_refused_at_once(url: str) -> None:
    with pytest.raises(ValueError, match="address"):
        Client(url, "pl_test_key")


def test_who_calls_is_said_once_and_in_one_way() -> None:
    for more in ({}, {"key": "k", "client_id": "a", "client_secret": "b"}, {"client_id": "a"}, {"key": "two words"}):
        with pytest.raises(ValueError, match="key"):
            Client("https://ledger.example", **more)  # type: ignore[arg-type]  # what is wrong here is the point
