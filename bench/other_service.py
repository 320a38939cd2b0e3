"""`python -m bench.other_service KIND DSN PORT`: what stands beside ours, behind the same server with as many threads.

`plain` is a bare Flask route that does one autocommit INSERT; `stock` saves one event by the library as it comes.
"""

from __future__ import annotations

import sys
import uuid
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from multiprocessing.util import Finalize
from typing import Any

import orjson
from flask import Flask, Response, request
from granian.constants import HTTPModes, Interfaces
from granian.log import LogLevels
from granian.server import Server

from ledger.settings import load


@dataclass(frozen=True, slots=True)
class Other:
    """Sent to the worker, which opens it there."""

    kind: str
    dsn: str

    def __call__(self) -> Flask:
        write = plain(self.dsn) if self.kind == "plain" else stock(self.dsn)

        def post() -> Response:
            write(orjson.loads(request.get_data()))
            return Response(b"{}", 201, content_type="application/json")

        app = Flask("other", static_folder=None)
        app.add_url_rule("/v1/events", view_func=post, methods=["POST"])
        return app


def plain(dsn: str) -> Callable[[dict[str, Any]], object]:
    """One row of the event's bytes, in a transaction of its own."""
    from psycopg_pool import ConnectionPool

    pool = ConnectionPool(dsn, min_size=16, max_size=16, kwargs={"autocommit": True}, open=True)
    with pool.connection() as connection:
        connection.execute("CREATE TABLE IF NOT EXISTS plain_event (id uuid PRIMARY KEY, body bytea NOT NULL)")

    def write(event: dict[str, Any]) -> None:
        with pool.connection() as connection:
            row = (uuid.UUID(event["id"]), orjson.dumps(event))
            connection.execute("INSERT INTO plain_event VALUES (%b, %b)", row, prepare=True)

    return write


def stock(dsn: str) -> Callable[[dict[str, Any]], object]:
    """One event by the library's own `save`."""
    from bench import contenders

    opened = ExitStack()
    they = opened.enter_context(contenders.stock(dsn))
    Finalize(None, opened.close, exitpriority=10)
    return lambda _: they.append(1)


if __name__ == "__main__":
    Server(
        "other",
        address="127.0.0.1",
        port=int(sys.argv[3]),
        interface=Interfaces.WSGI,
        blocking_threads=load({}).threads,
        http=HTTPModes.http1,
        log_level=LogLevels.error,
    ).serve(target_loader=Other(sys.argv[1], sys.argv[2]), wrap_loader=False)
