"""The store: one log, read by anybody and appended to by all threads of the process."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from types import TracebackType
from typing import Self

import psycopg

from ledger.clock import SystemClock
from ledger.eventstore.append import Append, Outcome, StoreUnavailable
from ledger.eventstore.application import LogApplication, environment
from ledger.eventstore.commit import Committer, Observer, Stats
from ledger.eventstore.connection import WriterConnection
from ledger.eventstore.migrations import require_current
from ledger.eventstore.pool import reader_pool
from ledger.eventstore.reading import LogReader, Pool, SightReader
from ledger.eventstore.recorder import GroupCommitRecorder
from ledger.eventstore.writer import Limits, Writer


@dataclass(frozen=True, slots=True, kw_only=True)
class StoreSettings:
    """Times in seconds; `reply_seconds` is how long a commit may take before it counts as unknown."""

    limits: Limits = field(default_factory=Limits)
    read_connections: int = 8
    lock_seconds: float = 5.0
    statement_seconds: float = 8.0
    reply_seconds: float = 10.0


def open_store(dsn: str, settings: StoreSettings | None = None, *, now: Callable[[], datetime] | None = None) -> Store:
    """Open the log of a migrated database; `now` gives the moment in UTC that facts are stamped with
    (by default the machine's clock).

    Raises StoreUnavailable when there is no database that writes durably, SchemaNotCurrent and MigrationChanged.
    """
    settings = settings or StoreSettings()
    try:
        with psycopg.connect(dsn, autocommit=True) as connection:
            require_current(connection)
    except psycopg.OperationalError as error:
        raise StoreUnavailable(f"no connection to the database: {error}") from error
    writing = WriterConnection(dsn, statement_seconds=settings.statement_seconds, lock_seconds=settings.lock_seconds)
    writing.open()
    committer = Committer(writing, now or SystemClock().now, settings.reply_seconds)
    application = LogApplication(environment(dsn, settings.read_connections))
    return Store(application, Writer(committer, settings.limits), reader_pool(dsn, settings.read_connections))


class Store(LogReader):
    """The log. Safe for any number of threads; not to be shared across a fork."""

    def __init__(self, application: LogApplication, writer: Writer, doors: Pool) -> None:
        recorder = application.recorder
        if not isinstance(recorder, GroupCommitRecorder):
            raise TypeError("the application records elsewhere")
        recorder.use(writer)
        super().__init__(recorder.datastore.pool)
        self.application = application
        self._recorder = recorder
        self._writer = writer
        self._doors = doors

    def seen_by(self, keys: Iterable[str] | None) -> LogReader:
        """The log as a reader may see it who sees what touches one of these keys (None: everything)."""
        return SightReader(self._doors, keys)

    def append(self, request: Append) -> Outcome:
        """Append the request's drafts, all or none, and return when they are durable or decided against.

        Raises QueueFull, DeadlineExceeded and StoreUnavailable (nothing was written) and CommitUnknown (nobody can
        know yet: the same idempotency keys will tell). Raises NotAppendable for a request that no log could take.
        """
        return self._recorder.append(request)

    @property
    def stats(self) -> Stats:
        """What the writer counted since the store was opened."""
        return self._writer.stats

    def observe(self, observer: Observer) -> None:
        """Tell an observer of every batch from now on, in place of the one before."""
        self._writer.observe(observer)

    @property
    def waiting(self) -> int:
        """How many events wait to be sent."""
        return self._writer.waiting

    def close(self) -> None:
        """Write what is waiting, then close every connection."""
        self._writer.close()
        self._doors.close()
        self.application.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()
