"""One sending, against real receivers on loopback."""

from __future__ import annotations

import json
import socket
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from api.webhooks.guard import Allowed, allowed
from api.webhooks.sender import Message, Sender
from api.webhooks.wire import MOST_ANSWER_BYTES, Place, Waits
from tests.api.webhooks.certificates import Authority
from tests.api.webhooks.receiver import Behaviour, Handler, Receiver, Sent, answer, receiving, says
from tests.api.webhooks.sending import LOCAL

MESSAGE = Message("msg_1", b'{"type": "support.delivered"}')
SHORT = Waits(name=0.5, connection=0.5, total=1.0)
KEYS = [b"k" * 32]


def plain() -> Sender:
    return Sender(LOCAL, waits=SHORT)


@pytest.mark.parametrize(
    ("behaviour", "failure", "status"),
    [
        (says(200), None, 200),
        (says(204), None, 204),
        (says(299), None, 299),
        (says(302, Location="http://127.0.0.1/elsewhere"), "redirected", 302),
        (says(308, Location="/elsewhere"), "redirected", 308),
        (says(400), "answered", 400),
        (says(410), "gone", 410),
        (says(500), "answered", 500),
    ],
)
def test_2xx_alone_is_delivered(receiver: Receiver, behaviour: Behaviour, failure: str | None, status: int) -> None:
    receiver.behaviour = behaviour
    outcome = plain().send(receiver.url, MESSAGE, KEYS)
    assert (outcome.failure, outcome.status) == (failure, status)
    assert len(receiver.all) == 1  # nowhere is it followed to


def test_a_request_is_what_it_says(receiver: Receiver) -> None:
    plain().send(receiver.url, MESSAGE, KEYS)
    [sent] = receiver.all
    assert (sent.path, sent.body, sent.id) == ("/hook?for=us", MESSAGE.body, "msg_1")
    assert sent.headers["host"] == f"127.0.0.1:{receiver.port}"
    assert "cookie" not in sent.headers


def test_of_an_answer_only_the_beginning_is_read(receiver: Receiver) -> None:
    def endless(handler: Handler, sent: Sent) -> None:
        handler.send_response(200)
        handler.send_header("Transfer-Encoding", "chunked")
        handler.end_headers()
        for _ in range(10_000):
            handler.wfile.write(b"2000\r\n" + b"x" * 0x2000 + b"\r\n")

    receiver.behaviour = endless
    outcome = plain().send(receiver.url, MESSAGE, KEYS)
    assert (outcome.failure, len(outcome.body)) == (None, MOST_ANSWER_BYTES)


def test_everything_together_has_one_end(receiver: Receiver) -> None:
    def drips(handler: Handler, sent: Sent) -> None:
        handler.send_response(200)
        handler.send_header("Content-Length", "1000")
        handler.end_headers()
        for _ in range(50):
            handler.wfile.write(b"x")
            time.sleep(0.1)

    def drips_headers(handler: Handler, sent: Sent) -> None:
        for letter in b"HTTP/1.1 200 OK\r\nX-Slow: yes\r\n":
            handler.wfile.write(bytes([letter]))
            time.sleep(0.1)

    for behaviour in (drips, drips_headers, lambda *_: time.sleep(3)):
        receiver.behaviour = behaviour
        began = time.monotonic()
        outcome = plain().send(receiver.url, MESSAGE, KEYS)
        assert outcome.failure == "too-slow"
        assert 0.9 < time.monotonic() - began < 1.6


@pytest.mark.parametrize(
    ("answered", "failure"), [(b"", "cut-off"), (b"SSH-2.0-here\r\n", "not-http"), (b"HTTP/1.1 20", "not-http")]
)
def test_who_speaks_another_language_has_not_answered(receiver: Receiver, answered: bytes, failure: str) -> None:
    def other(handler: Handler, sent: Sent) -> None:
        handler.wfile.write(answered)
        handler.close_connection = True

    receiver.behaviour = other
    assert plain().send(receiver.url, MESSAGE, KEYS).failure == failure


def test_where_nobody_listens_or_no_name_leads_nothing_is_sent() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]
        assert plain().send(f"http://127.0.0.1:{port}/", MESSAGE, KEYS).failure == "not-connected"
    unknown = Sender(LOCAL, waits=SHORT, resolve=lambda *_: [])
    assert unknown.send("https://nowhere.example/", MESSAGE, KEYS).failure == "name-unknown"


def test_a_resolver_that_hangs_holds_nobody_up() -> None:
    def hangs(host: str, port: int) -> list[Place]:
        time.sleep(2)
        return []

    began = time.monotonic()
    assert Sender(LOCAL, waits=SHORT, resolve=hangs).send("https://a.example/", MESSAGE, KEYS).failure == "too-slow"
    assert time.monotonic() - began < 1


@pytest.fixture
def authority(tmp_path: Path) -> Authority:
    return Authority(tmp_path)


@pytest.fixture
def secure(authority: Authority) -> Iterator[Receiver]:
    """A receiver of the name receiver.example, on loopback."""
    with receiving(authority.receiver("receiver.example")) as receiver:
        yield receiver


def at(receiver: Receiver, *addresses: str) -> list[Place]:
    return [Place(socket.AF_INET, (address, receiver.port)) for address in addresses]


def test_tls_is_spoken_to_the_name_at_the_address_that_was_checked(secure: Receiver, authority: Authority) -> None:
    sender = Sender(LOCAL, waits=SHORT, context=authority.believer(), resolve=lambda *_: at(secure, "127.0.0.1"))
    outcome = sender.send("https://receiver.example:8443/hook", MESSAGE, KEYS)
    assert (outcome.failure, authority.called) == (None, ["receiver.example"])
    assert secure.all[0].headers["host"] == "receiver.example:8443"


@pytest.mark.parametrize("host", ["other.example", "127.0.0.1"])
def test_a_certificate_of_another_name_is_not_believed(secure: Receiver, authority: Authority, host: str) -> None:
    sender = Sender(LOCAL, waits=SHORT, context=authority.believer(), resolve=lambda *_: at(secure, "127.0.0.1"))
    assert sender.send(f"https://{host}/hook", MESSAGE, KEYS).failure == "tls-failed"
    assert secure.all == []


def test_an_authority_that_nobody_knows_is_not_believed(secure: Receiver) -> None:
    sender = Sender(LOCAL, waits=SHORT, resolve=lambda *_: at(secure, "127.0.0.1"))
    assert sender.send("https://receiver.example/hook", MESSAGE, KEYS).failure == "tls-failed"


def test_a_name_that_leads_elsewhere_the_second_time_leads_nowhere() -> None:
    """127.0.0.2 stands for the outside; what listens on 127.0.0.1 is inside, and must not be reached."""
    with receiving(host="127.0.0.2") as outside, receiving() as inside:
        answers = [at(outside, "127.0.0.2"), at(inside, "127.0.0.1"), at(inside, "127.0.0.2", "127.0.0.1")]
        asked: list[str] = []

        def rebinds(host: str, port: int) -> list[Place]:
            asked.append(host)
            return answers[len(asked) - 1]

        sender = Sender(allowed(("127.0.0.2",)), waits=SHORT, resolve=rebinds)
        # Looked up once: it goes where the check was (which speaks no TLS), though the next answer would be another.
        assert sender.send("https://evil.example/", MESSAGE, KEYS).failure == "tls-failed"
        assert len(asked) == 1
        for _ in range(2):
            assert sender.send("https://evil.example/", MESSAGE, KEYS).failure == "address-refused"
        assert inside.all == []


@pytest.mark.parametrize(
    ("family", "address"),
    [
        (socket.AF_INET6, "::1"),
        (socket.AF_INET6, "::ffff:127.0.0.1"),
        (socket.AF_INET6, "64:ff9b::7f00:1"),
        (socket.AF_INET6, "fe80::1%lo"),
        (socket.AF_INET, "127.0.0.1"),
        (socket.AF_INET, "169.254.169.254"),
    ],
)
def test_in_whichever_form_an_inner_address_comes_it_is_refused(
    receiver: Receiver, family: socket.AddressFamily, address: str
) -> None:
    sender = Sender(Allowed(), waits=SHORT, resolve=lambda *_: [Place(family, (address, receiver.port))])
    assert sender.send("https://receiver.example/", MESSAGE, KEYS).failure == "address-refused"
    assert receiver.all == []


def test_the_machines_resolver_is_asked_and_its_answer_checked(receiver: Receiver) -> None:
    by_name = f"http://localhost:{receiver.port}/"
    assert Sender(allowed(("localhost",)), waits=SHORT).send(by_name, MESSAGE, KEYS).failure is None
    assert Sender(Allowed(), waits=SHORT).send(by_name, MESSAGE, KEYS).failure == "address-refused"
    for host in ("localhost", "2130706433", "0x7f.1", "127.1"):
        outcome = Sender(Allowed(), waits=SHORT).send(f"https://{host}:{receiver.port}/", MESSAGE, KEYS)
        assert outcome.failure == "address-refused"


def test_one_place_that_does_not_answer_does_not_hide_the_next(receiver: Receiver) -> None:
    places = [Place(socket.AF_INET, ("127.0.0.3", 1)), *at(receiver, "127.0.0.1")]
    sender = Sender(allowed(("127.0.0.0/8", "receiver.example")), waits=SHORT, resolve=lambda *_: places)
    assert sender.send("http://receiver.example/", MESSAGE, KEYS).failure is None


def test_an_outcome_tells_what_is_there() -> None:
    with receiving() as receiver:
        receiver.behaviour = lambda handler, _: answer(handler, 503, json.dumps({}).encode(), Retry_After="9")
        outcome = plain().send(receiver.url, MESSAGE, KEYS)
    assert outcome.retry_after == "9"
    assert outcome.to_json() == {"status": 503, "failure": "answered", "duration_ms": outcome.duration_ms}
