"""The embedded database: a real PostgreSQL in the ledger's home, shared by whoever uses it and stopped by the last.

Three lock files in the home say who does what; the kernel lets go of them however a process ends.

- `postgres.turn`: held while the server is being started or stopped: one at a time.
- `postgres.users`: shared by every user of the server; who can have it alone is the last.
- `postgres.watch`: held by the one watcher, which stops the server when its users were killed (`watcher`).
"""

from __future__ import annotations

import fcntl
import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import ClassVar, Self

import psycopg
from psycopg import sql

from ledger.errors import Kind, Refusal
from ledger.eventstore import watcher
from ledger.eventstore.binaries import run
from ledger.eventstore.cluster import SUPERUSER, Cluster, Condition

_TURN_SECONDS = 90.0
_WATCHER_SECONDS = 20.0


class EmbeddedBusy(Refusal):
    """Another process is starting or stopping the same database and does not come to an end."""

    code: ClassVar[str] = "embedded-busy"
    kind: ClassVar[Kind] = "busy"
    title: ClassVar[str] = "The embedded database is being started or stopped by another process"
    retryable: ClassVar[bool] = True


@dataclass(slots=True)
class Embedded:
    """A running embedded database and this process's share in it. Use it as a context, or call `stop`."""

    cluster: Cluster
    _users: int | None = field(repr=False)

    def dsn(self, dbname: str = "postgres", user: str = SUPERUSER) -> str:
        """Where to connect (a libpq string). The default user owns everything; the roles are made by the migrations."""
        return self.cluster.address(dbname, user)

    def database(self, dbname: str, template: str = "template0") -> str:
        """The owner's address of a database of this name, which is made from `template` when it is missing."""
        with psycopg.connect(self.dsn(), autocommit=True) as connection:
            if not connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [dbname]).fetchone():
                names = sql.Identifier(dbname), sql.Identifier(template)
                connection.execute(sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(*names))
        return self.dsn(dbname)

    @property
    def is_gone(self) -> bool:
        """Whether no server runs, as its process tells."""
        return self.cluster.condition() is Condition.GONE

    def revive(self) -> None:
        """Start the server again if it was killed; otherwise do nothing. Raises EmbeddedFailed, EmbeddedBusy."""
        with _turn(self.cluster.home):
            self.cluster.ensure_ready()

    def stop(self) -> None:
        """Give up this share; the last one stops the server. Calling it again does nothing. Raises EmbeddedFailed."""
        if self._users is None:
            return
        users, self._users = self._users, None
        with _turn(self.cluster.home):
            _leave(self.cluster, users)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *reason: object) -> None:
        self.stop()


def start(home: Path) -> Embedded:
    """The embedded database of this home: made if missing, started unless it runs, and shared from now on.

    Whatever killed the one before (its users, the server, the making of it) is recovered from. Raises
    EmbeddedUnavailable, DataOfAnotherVersion, EmbeddedFailed, EmbeddedBusy.
    """
    home.mkdir(mode=0o700, parents=True, exist_ok=True)
    with _turn(home):
        cluster = Cluster.at(home)
        users = _open(home / "postgres.users")
        try:
            fcntl.flock(users, fcntl.LOCK_SH)
            cluster.ensure_made()
            cluster.ensure_ready()
            _watch(cluster)
        except BaseException:
            _leave(cluster, users)
            raise
    return Embedded(cluster, users)


def _leave(cluster: Cluster, users: int) -> None:
    """Let go of a share (the turn is ours); stop the server when nobody else holds one."""
    try:
        fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
        cluster.stop()
    except BlockingIOError:
        pass  # somebody else still uses it
    finally:
        os.close(users)


def _watch(cluster: Cluster) -> None:
    """See to it that a watcher runs; one that is there already makes a second leave at once."""
    files = [str(cluster.home / f"postgres.{name}") for name in ("watch", "turn", "users")]
    command = [sys.executable, "-I", "-S", watcher.__file__, *files, *cluster.stop_command()]
    run(command, cluster.home, _WATCHER_SECONDS)


@contextmanager
def _turn(home: Path) -> Iterator[None]:
    handle = _open(home / "postgres.turn")
    deadline = time.monotonic() + _TURN_SECONDS
    try:
        while not _locked(handle):
            if time.monotonic() > deadline:
                raise EmbeddedBusy(f"{home / 'postgres.turn'} has been held for {_TURN_SECONDS:.0f} seconds.")
            time.sleep(0.02)
        yield
    finally:
        os.close(handle)


def _locked(handle: int) -> bool:
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _open(file: Path) -> int:
    return os.open(file, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
