"""Runs the service under granian: one supervising process, and one worker that holds the ledger and all threads.

Group commit needs every request in one process, so there is one worker with many threads. granian runs a WSGI
application in a process of its own and nowhere else: the ledger is opened there, after the fork. The supervisor
restarts a worker that was killed. Under gunicorn the same application is `api.server:application()`, with
`--workers 1 --worker-class gthread --threads 64`.
"""

from __future__ import annotations

import ctypes
import gc
import multiprocessing
import multiprocessing.connection
import os
import signal
import socket
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from http import HTTPStatus
from http.client import HTTPConnection, HTTPException
from multiprocessing.sharedctypes import RawValue
from multiprocessing.synchronize import Event as SharedEvent
from typing import TYPE_CHECKING, Any, ClassVar, Final

from ledger.errors import Busy
from ledger.settings import Settings, load

if TYPE_CHECKING:
    from flask import Flask

HANDLER: Final = {"class": "logging.StreamHandler", "formatter": "generic", "stream": "ext://sys.stderr"}
GRACE_SECONDS: Final = 30
FIRST_BUILD_SECONDS: Final = 20.0
"""How long the announcement waits for views that are built for the first time."""

Announce = Callable[[str, str], None]


class PortTaken(Busy):
    """Something listens there already. Fields: `host`, `port`."""

    code: ClassVar[str] = "port-taken"
    title = "Something else listens on this port"


@dataclass(frozen=True, slots=True, kw_only=True)
class Service:
    """What the worker is to open. It is sent to the worker, so it holds plain values only.

    `at` sets the clock of a demo or test ledger; it runs on from there. `announce(url, origin)` is called in the
    worker, once, when it answers; None keeps silent. `draining` is a flag that the supervisor shares: it was told to
    stop.
    """

    settings: Settings
    at: datetime | None = None
    web_only: bool = False
    announce: Announce | None = None
    announced: SharedEvent | None = None
    draining: Any = None

    def __call__(self) -> Flask:
        """Opens the ledger and its views in this process, until it ends. Raises what `open_ledger` raises."""
        from api.app import create_app
        from api.keeping import Keeping
        from api.logs import log_to_stderr
        from api.operating import Operating
        from api.stopping import Ending
        from ledger.clock import SetClock
        from ledger.service import open_ledger
        from projections.views import open_read_models

        log_to_stderr(self.settings.log_level, self.settings.log_format)
        ending = Ending()
        clock = None if self.at is None else SetClock(self.at, running=True)
        ledger = open_ledger(self.settings, clock=clock)
        ending.closes(ledger.close)
        read_models = open_read_models(ledger.dsn, ledger.zone, ledger.today)
        ending.closes(read_models.close)
        app = create_app(ledger, read_models)
        streams, waiting = app.extensions["pledger.streams"], app.extensions["pledger.waiting"]
        app.extensions["pledger.stopping"] = stopping = lambda: streams.ended or self.is_stopping()
        ending.tells(streams.end)
        ending.tells(waiting.end)
        ending.listen()
        beside = (Operating if self.web_only else Keeping)(ledger, read_models, stopping=stopping)
        beside.watch(app)
        beside.start()
        ending.closes(beside.end)
        settle_down()
        self._tell(ledger.origin)
        threading.Thread(target=end_with_parent, daemon=True).start()
        return app

    def is_stopping(self) -> bool:
        """Whether the supervisor was told to stop."""
        return self.draining is not None and bool(self.draining.value)

    def _tell(self, origin: str) -> None:
        """Has `announce` called, once for all workers, when the port answers."""
        if self.announce is not None and self.announced is not None:
            telling = (self.settings, origin, self.announce, self.announced)
            threading.Thread(target=tell_when_open, args=telling, daemon=True).start()


def settle_down() -> None:
    """Spares the collector what is there for good, and much of what follows.

    A process that remembers tens of thousands of facts spends a fifth of its time looking through them for circles, a
    third of a second at once, and there are none. Young objects are looked through as ever, and as `Memory` takes them.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 1_000, 1_000)


def tell_when_open(settings: Settings, origin: str, announce: Announce, announced: SharedEvent) -> None:
    """Announces the service as soon as it can work: views that are built for the first time are waited for a while."""
    until = time.monotonic() + FIRST_BUILD_SECONDS
    while not (is_open(settings) and (is_ready(settings) or time.monotonic() > until)):
        time.sleep(0.02)
    if not announced.is_set():
        announced.set()
        announce(address_of(settings.host, settings.port), origin)


def is_open(settings: Settings) -> bool:
    """Whether somebody can connect."""
    try:
        socket.create_connection((settings.host, settings.port), timeout=1).close()
    except OSError:
        return False
    return True


def is_ready(settings: Settings) -> bool:
    """Whether the service says that it can work."""
    asked = HTTPConnection(settings.host, settings.port, timeout=5)
    try:
        asked.request("GET", "/readyz")
        return asked.getresponse().status == HTTPStatus.OK
    except (OSError, HTTPException):
        return False
    finally:
        asked.close()


def end_with_parent() -> None:
    """Ends this worker gracefully when its supervisor is gone: nobody else would."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        multiprocessing.connection.wait([parent.sentinel])
        os.kill(os.getpid(), signal.SIGTERM)


def address_of(host: str, port: int) -> str:
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def free_port(host: str, port: int) -> int:
    """The port, a free one for 0. Raises PortTaken: granian itself would share it with whoever listens there."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        try:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind((host, port))
        except OSError as error:
            raise PortTaken(f"{host}:{port} cannot be listened on: {error.strerror}", host=host, port=port) from None
        taken: int = probe.getsockname()[1]
        return taken


def server_for(settings: Settings, draining: Any) -> Any:
    """granian with one worker of many threads. Told to stop, it sets `draining` and goes on for a while first."""
    from granian.constants import HTTPModes, Interfaces
    from granian.log import LogLevels
    from granian.server import Server

    server = Server(
        "pledger",
        address=settings.host,
        port=settings.port,
        interface=Interfaces.WSGI,
        workers=1,
        blocking_threads=settings.threads,
        http=HTTPModes.http1,
        log_level=LogLevels.error,
        log_dictconfig={"handlers": {"console": HANDLER, "access": HANDLER}},
        respawn_failed_workers=True,
        workers_kill_timeout=GRACE_SECONDS,
    )
    server.shutdown = partial(drained, server, settings.drain_seconds, draining, server.shutdown)  # type: ignore[method-assign]  # it has no hook before
    return server


def drained(server: Any, seconds: float, draining: Any, shutdown: Callable[[int], None], exit_code: int = 0) -> None:
    """Has `/readyz` say no, waits for so many seconds or another signal, then shuts down."""
    draining.value = True
    server.main_loop_interrupt.clear()
    server.main_loop_interrupt.wait(seconds)
    shutdown(exit_code)


def serve(
    settings: Settings,
    *,
    at: datetime | None = None,
    web_only: bool = False,
    announce: Announce | None = None,
) -> None:
    """Serves until SIGTERM or SIGINT, then lets what runs come to its end. `announce(url, origin)` says that it is
    ready; it must be a function of a module. Raises NotSetUp, StoreUnavailable, PortTaken; SystemExit when the worker
    cannot be kept alive."""
    from ledger.integrity.vault import open_vault
    from ledger.whereabouts import database, identity_of

    settings = replace(settings, port=free_port(settings.host, settings.port))
    dsn, embedded = database(settings)
    try:
        identity_of(dsn)
        open_vault(dsn, settings.keys_dir, connections=1).close()  # a lost key is told here, not by a worker that dies
        announced, draining = multiprocessing.Event(), RawValue(ctypes.c_bool, False)
        service = Service(
            settings=settings, at=at, web_only=web_only, announce=announce, announced=announced, draining=draining
        )
        server = server_for(settings, draining)
        server.serve(target_loader=service, wrap_loader=False)
    finally:
        if embedded is not None:
            embedded.stop()


def application() -> Flask:
    """The application for another WSGI server, by the environment's settings; one process, many threads."""
    return Service(settings=load(os.environ))()
