"""What the service is measured against, behind the same server: the library's `save`, and a bare INSERT.

`python -m bench.services stock|insert DSN PORT` serves until it is ended.
"""

from __future__ import annotations

import sys
from typing import Any

from flask import Flask, request


def stock(dsn: str) -> Flask:
    """A route that saves one event with the event sourcing library in its default configuration."""
    from bench.contenders import Delivered, stock_application

    app, application = Flask("stock"), stock_application(dsn)

    @app.post("/v1/events")
    def save() -> tuple[dict[str, Any], int]:
        event = Delivered()
        event.data = request.get_json()["data"]
        [recording] = application.save(event)
        return {"position": recording.notification.id}, 201

    return app


def insert(dsn: str) -> Flask:
    """A route that does one autocommit INSERT: the ceiling of this stack."""
    import psycopg
    from psycopg_pool import ConnectionPool

    app = Flask("insert")
    with psycopg.connect(dsn, autocommit=True) as connection:
        connection.execute("CREATE TABLE IF NOT EXISTS event (id uuid PRIMARY KEY, body bytea NOT NULL)")
    pool = ConnectionPool(dsn, min_size=16, max_size=32, kwargs={"autocommit": True}, open=True)

    @app.post("/v1/events")
    def one() -> tuple[dict[str, Any], int]:
        body = request.get_data()
        with pool.connection() as connection:
            connection.execute("INSERT INTO event VALUES (gen_random_uuid(), %s)", (body,), prepare=True)
        return {"stored": True}, 201

    return app


class Loader:
    """Makes the application in the worker."""

    def __init__(self, name: str, dsn: str) -> None:
        self._name, self._dsn = name, dsn

    def __call__(self) -> Flask:
        return {"stock": stock, "insert": insert}[self._name](self._dsn)


def main(name: str, dsn: str, port: str) -> None:
    """Serves under the same server, with the same settings, as the product."""
    from granian.constants import HTTPModes, Interfaces
    from granian.log import LogLevels
    from granian.server import Server

    Server(
        "bench", address="127.0.0.1", port=int(port), interface=Interfaces.WSGI, workers=1, blocking_threads=64,
        http=HTTPModes.http1, log_level=LogLevels.error,
    ).serve(target_loader=Loader(name, dsn), wrap_loader=False)  # fmt: skip


if __name__ == "__main__":
    main(*sys.argv[1:])
