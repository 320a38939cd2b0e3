"""Workers in threads of their own, and waiting for what they do."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Event, Thread

import psycopg

from projections.pace import Pace
from projections.runner import Runner
from projections.view import View
from tests.projections.books import StoredLog


def until(condition: Callable[[], bool], seconds: float = 20.0) -> None:
    """Returns as soon as the condition holds; fails when it does not in time."""
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.01)


@contextmanager
def running(dsn: str, views: tuple[View, ...], pace: Pace) -> Iterator[Thread]:
    """A worker that follows the log in a thread of its own."""
    stop = Event()
    thread = Thread(target=Runner(StoredLog(dsn), dsn, views, pace).run, args=(stop,))
    thread.start()
    try:
        yield thread
    finally:
        stop.set()
        thread.join(10)
        assert not thread.is_alive()


def terminate(dsn: str, name: str) -> None:
    with psycopg.connect(dsn) as connection:
        connection.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = %s"
            " AND datname = current_database()",
            (name,),
        )
