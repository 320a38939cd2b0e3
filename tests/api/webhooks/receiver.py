"""An endpoint on loopback that does as it is told, and keeps what it was sent."""

from __future__ import annotations

import json
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

CHALLENGE = "pledger.webhook.challenge"
TEST = "pledger.webhook.test"


@dataclass(frozen=True)
class Sent:
    """One request as it came; `headers` by lower-case names."""

    path: str
    headers: dict[str, str]
    body: bytes
    at: float = field(default_factory=time.monotonic)

    @property
    def event(self) -> dict[str, Any]:
        return json.loads(self.body)  # type: ignore[no-any-return]  # JSON has no type

    @property
    def id(self) -> str:
        return self.headers["webhook-id"]


Handler = BaseHTTPRequestHandler
Behaviour = Callable[[Handler, Sent], None]


def answer(handler: Handler, status: int, body: bytes = b"", **headers: str) -> None:
    handler.send_response(status)
    for name, value in headers.items():
        handler.send_header(name.replace("_", "-"), value)
    handler.send_header("Content-Length", str(len(body)))
    handler.end_headers()
    handler.wfile.write(body)


def obliging(handler: Handler, sent: Sent) -> None:
    """Answers challenges as it should, and 204 to all else."""
    if sent.event["type"] == CHALLENGE:
        answer(handler, 200, json.dumps({"challenge": sent.event["data"]["challenge"]}).encode())
    else:
        answer(handler, 204)


def says(status: int, body: bytes = b"", **headers: str) -> Behaviour:
    """Answers challenges, and everything else with a status."""

    def behave(handler: Handler, sent: Sent) -> None:
        if sent.event["type"] == CHALLENGE:
            obliging(handler, sent)
        else:
            answer(handler, status, body, **headers)

    return behave


@dataclass
class Receiver:
    """`behaviour` may be changed while it runs."""

    port: int = 0
    scheme: str = "http"
    behaviour: Behaviour = obliging
    all: list[Sent] = field(default_factory=list)

    @property
    def url(self) -> str:
        return f"{self.scheme}://127.0.0.1:{self.port}/hook?for=us"

    @property
    def facts(self) -> list[Sent]:
        """What was sent of the ledger, without challenges and tests."""
        return [one for one in list(self.all) if not one.event["type"].startswith("pledger.webhook.")]

    @property
    def ids(self) -> list[str]:
        """The ids of the facts that were sent."""
        return [str(one.event["id"]) for one in self.facts]


@contextmanager
def receiving(context: ssl.SSLContext | None = None, host: str = "127.0.0.1") -> Iterator[Receiver]:
    """A receiver that listens until the block ends; with TLS where there is a context."""
    receiver = Receiver(scheme="http" if context is None else "https")

    class Post(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            sent = Sent(self.path, {name.lower(): value for name, value in self.headers.items()}, body)
            receiver.all.append(sent)
            receiver.behaviour(self, sent)

        def log_message(self, format: str, *args: Any) -> None:  # noqa: A002  # the library's name
            return None

    class Server(ThreadingHTTPServer):
        daemon_threads = True
        block_on_close = False

        def handle_error(self, request: Any, _address: Any) -> None:
            """A sender that had enough has gone."""

    with Server((host, 0), Post) as server:
        if context is not None:
            server.socket = context.wrap_socket(server.socket, server_side=True)
        receiver.port = server.server_address[1]
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        try:
            yield receiver
        finally:
            server.shutdown()
            thread.join()
