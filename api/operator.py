"""The operator's address: life, readiness with all its reasons, and metrics; a small listener of its own."""

from __future__ import annotations

import logging
import socket
import threading
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any, Final

import orjson
from prometheus_client import CONTENT_TYPE_LATEST
from werkzeug.serving import BaseWSGIServer, WSGIRequestHandler, make_server
from werkzeug.wrappers import Request, Response

from api.problems import MEDIA_TYPE, plain, problem_of
from api.refusals import NoSuchPage
from ledger.readers import Endpoint

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

LOG: Final = logging.getLogger(__name__)
AGAIN_SECONDS: Final = 5.0
METHODS: Final = ("GET", "HEAD")


class Operator:
    """A WSGI application with three addresses and no secrets; whoever reaches it may read them."""

    def __init__(self, ready: Callable[[], tuple[bool, dict[str, Any]]], metrics: Callable[[], bytes]) -> None:
        self._ask = ready
        self._pages: Final[dict[str, Callable[[], Response]]] = {
            "/healthz": lambda: told({"status": "alive"}, 200),
            "/readyz": self._ready,
            "/metrics": lambda: Response(metrics(), content_type=CONTENT_TYPE_LATEST),
        }

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        request = Request(environ)
        page = self._pages.get(request.path)
        if page is None:
            answer = problem(problem_of(NoSuchPage(f"there is nothing at {request.path}; {self._there()}")))
        elif request.method not in METHODS:
            answer = problem(plain("method-not-allowed", f"only {', '.join(METHODS)} are answered here"))
            answer.headers["Allow"] = ", ".join(METHODS)
        else:
            answer = page()
        return answer(environ, start_response)

    def _there(self) -> str:
        return f"here are {', '.join(sorted(self._pages))}"

    def _ready(self) -> Response:
        works, checks = self._ask()
        return told({"status": "ready" if works else "not ready", "checks": checks}, 200 if works else 503)


def problem(body: dict[str, Any]) -> Response:
    """A problem (RFC 9457), as the service itself answers."""
    response = told(body, int(body["status"]))
    response.content_type = MEDIA_TYPE
    return response


def told(body: dict[str, Any], status: int) -> Response:
    return Response(orjson.dumps(body), status, {"Cache-Control": "no-store"}, content_type="application/json")


class Quiet(WSGIRequestHandler):
    """Logs no request: they come every few seconds, and say nothing."""

    timeout = 10  # seconds for a client to say what it wants

    def log(self, type: str, message: str, *args: Any) -> None:  # noqa: A002  # the base class names it so
        LOG.debug(message, *args)


class Listener:
    """Serves an application on an address in threads. Where the address is taken, it is tried again until it is free:
    the service does not depend on it, and another worker that is ending may still have it."""

    def __init__(self, address: Endpoint | None, application: Operator) -> None:
        self._address = address
        self._application = application
        self._stop = threading.Event()
        self._server: BaseWSGIServer | None = None
        self._thread = threading.Thread(target=self._serve, name="operator", daemon=True)

    def start(self) -> None:
        if self._address is not None:
            self._thread.start()

    def end(self) -> None:
        """Listen no longer."""
        self._stop.set()
        if self._server is not None:
            self._server.shutdown()
        if self._thread.is_alive():
            self._thread.join(AGAIN_SECONDS)

    def _serve(self) -> None:
        server = self._bound()
        if server is not None:
            with server:
                self._server = server
                server.serve_forever(poll_interval=0.1)

    def _bound(self) -> BaseWSGIServer | None:
        """The server on its address, None when it is time to end before that is free."""
        is_told = False
        while self._address is not None and not self._stop.is_set():
            try:
                return bound(self._address, self._application)
            except OSError as error:
                if not is_told:
                    LOG.warning("the operator's address %s cannot be listened on yet: %s", self._address, error)
                is_told = True
                self._stop.wait(AGAIN_SECONDS)
        return None


def bound(address: Endpoint, application: Operator) -> BaseWSGIServer:
    """A server that listens. Raises OSError; the library's own way is to print and to exit."""
    host, port = address
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.create_server(address, family=family) as listening:
        fd = listening.fileno()  # of which the server makes its own copy
        return make_server(host, port, application, threaded=True, request_handler=Quiet, fd=fd)
