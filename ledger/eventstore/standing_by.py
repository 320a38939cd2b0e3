"""One process works and any number stand by: a lock that the database gives back when its holder is gone."""

from __future__ import annotations

import logging
from collections.abc import Callable
from threading import Event
from typing import Any, Final

import psycopg

from ledger.errors import Busy

LOG: Final = logging.getLogger(__name__)
FIRST_WAIT_SECONDS: Final = 1.0


def try_lock(connection: psycopg.Connection[Any], name: str) -> bool:
    """Whether this connection holds the lock of that name now."""
    row = connection.execute("SELECT pg_try_advisory_lock(hashtextextended(%s, 0))", (name,)).fetchone()
    return row is not None and bool(row[0])


def stand_by(connection: psycopg.Connection[Any], name: str, stop: Event, pause_seconds: float) -> bool:
    """Wait for the lock; False when it is time to stop."""
    while not stop.is_set():
        if try_lock(connection, name):
            return True
        stop.wait(pause_seconds)
    return False


def persist(
    work: Callable[[Event], None], what: str, stop: Event, longest_seconds: float, tell: Callable[[str], None]
) -> None:
    """Does `work` until `stop` is set, and begins it again whatever happens, after waits that grow.

    `what` names it in the log; `tell` hears what it is that is waited out.
    """
    wait = FIRST_WAIT_SECONDS
    while not stop.is_set():
        try:
            work(stop)
            wait = FIRST_WAIT_SECONDS
            continue
        except (psycopg.Error, Busy) as error:
            LOG.warning("%s wait %.0f seconds: %s", what, wait, error)
            tell(f"{type(error).__name__}: {error}")
        except Exception as error:
            LOG.exception("%s broke off, and begin again in %.0f seconds", what, wait)
            tell(f"{type(error).__name__}: {error}")
        stop.wait(wait)
        wait = min(2 * wait, longest_seconds)
