"""The writer's own connection: one statement in flight, a time limit the server cannot overrun, and no guessing.

It drives libpq's asynchronous calls through psycopg, so that waiting for a commit ends at a moment the writer chose,
even where the server, or something between, has fallen silent.
"""

from __future__ import annotations

import select
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final

import psycopg
from psycopg import errors, pq
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from ledger.eventstore.append import CommitUnknown, StoreUnavailable

APPEND: Final = b"append"
PARAMETERS: Final = 27
_FORMATS = [1] * PARAMETERS
_QUERY = f"SELECT * FROM pledger.append({', '.join(f'${n}' for n in range(1, PARAMETERS + 1))})".encode()
_LOCK_HEAD = (
    b"BEGIN; SELECT to_char(recorded_at AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.US\"Z\"') "
    b"FROM pledger.head FOR UPDATE"
)

_DURABLE = frozenset({"on", "remote_apply"})
# The plans are made once, while the tables may still be empty: nested loops over the indexes are right at every size.
_SETTINGS = {
    "role": "pledger_writer",
    "timezone": "UTC",
    "plan_cache_mode": "force_generic_plan",
    "enable_seqscan": "off",
    "enable_hashjoin": "off",
    "enable_mergejoin": "off",
    "jit": "off",
}
_UNAVAILABLE_CLASSES = frozenset({"08", "25", "40", "53", "55", "57", "58"})


@dataclass(frozen=True, slots=True)
class Reply:
    """What `pledger.append` answered; its SQL file says what each member means."""

    head: int
    later: str | None
    taken: bytes | None
    stale: bytes | None


def with_options(dsn: str, settings: dict[str, str], **parameters: str | int) -> str:
    """The connection string with server settings and, where it does not set them itself, more parameters."""
    given = conninfo_to_dict(dsn)
    options = " ".join([str(given.get("options") or ""), *(f"-c {name}={value}" for name, value in settings.items())])
    return make_conninfo(dsn, **{k: v for k, v in parameters.items() if k not in given}, options=options.strip())


class WriterConnection:
    """A connection that runs `pledger.append` and nothing else. Not safe for two threads at once."""

    def __init__(self, dsn: str, *, statement_seconds: float, lock_seconds: float) -> None:
        settings = _SETTINGS | {
            "statement_timeout": f"{int(statement_seconds * 1000)}ms",
            "lock_timeout": f"{int(lock_seconds * 1000)}ms",
            "idle_in_transaction_session_timeout": f"{int(statement_seconds * 1000)}ms",
        }
        self._conninfo = with_options(
            dsn,
            settings,
            connect_timeout=3,
            tcp_user_timeout=5000,
            keepalives_idle=5,
            target_session_attrs="read-write",
            application_name="pledger writer",
        )
        self._connection: psycopg.Connection[Any] | None = None
        self._poll = select.poll()
        self._warned = False

    @property
    def is_open(self) -> bool:
        """Whether the last word from the server was a good one."""
        return self._connection is not None

    def is_alive(self) -> bool:
        """The same, and nothing came unasked since: a server that speaks to an idle writer is going away."""
        if self._connection is not None:
            self._poll.modify(self._connection.pgconn.socket, select.POLLIN)
            if self._poll.poll(0):
                self.close()
        return self.is_open

    def open(self) -> None:
        """Connect. Raises StoreUnavailable when no server that takes durable writes can be reached."""
        self.close()
        try:
            self._connection = self._connected()
        except psycopg.Error as error:
            raise StoreUnavailable(f"no connection to the database: {error}") from error
        self._poll = select.poll()
        self._poll.register(self._connection.pgconn.socket, select.POLLIN)

    def _connected(self) -> psycopg.Connection[Any]:
        connection = psycopg.connect(self._conninfo, autocommit=True)
        try:
            _require_durable(connection)
            prepared = connection.pgconn.prepare(APPEND, _QUERY)
            if prepared.status != pq.ExecStatus.COMMAND_OK:
                raise StoreUnavailable(f"the database is not ready: {prepared.get_error_message()}")
            connection.add_notice_handler(self._notice)
        except BaseException:
            connection.close()
            raise
        return connection

    def close(self) -> None:
        """Drop the connection, whatever state it is in."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def append(self, parameters: Sequence[bytes], seconds: float, meanwhile: Callable[[], None]) -> Reply:
        """Run `pledger.append` in a transaction of its own; `meanwhile` is called when it has been sent.

        Raises CommitUnknown when the reply did not come within `seconds` or the connection was lost, StoreUnavailable
        when the server said that nothing was written for a reason of its own, and psycopg's error when it said that
        the statement is wrong.
        """
        return _reply(self._run(lambda pg: pg.send_query_prepared(APPEND, parameters, _FORMATS), seconds, meanwhile)[0])

    def append_locked(self, parameters: Callable[[str | None], Sequence[bytes]], seconds: float) -> Reply:
        """The same under the head's lock, taken first: `parameters` is told the head's moment, which then stays."""
        try:
            moment = self._run(lambda pg: pg.send_query(_LOCK_HEAD), seconds)[1].get_value(0, 0)
            given = parameters(moment.decode() if moment else None)
            reply = _reply(self._run(lambda pg: pg.send_query_prepared(APPEND, given, _FORMATS), seconds)[0])
            self._run(lambda pg: pg.send_query(b"COMMIT"), seconds)
        except BaseException:
            self.close()  # whatever the transaction holds goes with it
            raise
        return reply

    def _run(
        self, send: Callable[[pq.abc.PGconn], None], seconds: float, meanwhile: Callable[[], None] | None = None
    ) -> list[pq.abc.PGresult]:
        if self._connection is None:
            raise StoreUnavailable("no connection to the database")
        self._warned = False
        try:
            results = self._exchange(self._connection.pgconn, send, time.monotonic() + seconds, meanwhile)
        except psycopg.Error as error:
            self.close()
            raise CommitUnknown(f"the connection was lost: {error}") from error
        for result in results:
            self._check(result)
        if self._warned:
            self.close()
            raise CommitUnknown("the database warned while it committed")
        return results

    def _exchange(
        self,
        pg: pq.abc.PGconn,
        send: Callable[[pq.abc.PGconn], None],
        until: float,
        meanwhile: Callable[[], None] | None,
    ) -> list[pq.abc.PGresult]:
        send(pg)
        self._wait_while(lambda: bool(pg.flush()), pg, select.POLLIN | select.POLLOUT, until)
        if meanwhile is not None:
            meanwhile()
        results: list[pq.abc.PGresult] = []
        while True:
            self._wait_while(lambda: bool(pg.is_busy()), pg, select.POLLIN, until)
            result = pg.get_result()
            if result is None:
                return results
            results.append(result)

    def _wait_while(self, waiting: Callable[[], bool], pg: pq.abc.PGconn, events: int, until: float) -> None:
        while waiting():
            self._poll.modify(pg.socket, events)
            ready = self._poll.poll(max(0.0, until - time.monotonic()) * 1000)
            if not ready:
                raise psycopg.OperationalError("no answer in time")
            if ready[0][1] & ~select.POLLOUT:
                pg.consume_input()

    def _check(self, result: pq.abc.PGresult) -> None:
        if result.status in {pq.ExecStatus.TUPLES_OK, pq.ExecStatus.COMMAND_OK}:
            return
        message = result.get_error_message()
        severity = result.error_field(pq.DiagnosticField.SEVERITY_NONLOCALIZED)
        state = (result.error_field(pq.DiagnosticField.SQLSTATE) or b"").decode()
        if severity != b"ERROR":
            self.close()
            raise CommitUnknown(f"the database ended the session: {message}")
        # An error, unlike the end of a session, always means that the transaction was rolled back.
        if state[:2] in _UNAVAILABLE_CLASSES:
            if state[:2] in {"25", "57"}:
                self.close()  # a server that became read-only stays so: find the one that writes
            raise StoreUnavailable(f"the database declined: {message}", sqlstate=state)
        raise errors.lookup(state)(message)

    def _notice(self, diagnostic: errors.Diagnostic) -> None:
        # A commit cut short while it waited for its standby is reported as done, with a warning beside it.
        if diagnostic.severity_nonlocalized == "WARNING":
            self._warned = True


def _require_durable(connection: psycopg.Connection[Any]) -> None:
    row = connection.execute("SELECT current_setting('fsync'), current_setting('synchronous_commit')").fetchone()
    if row is None or row[0] != "on" or row[1] not in _DURABLE:
        raise StoreUnavailable(
            "the database does not write durably: fsync and synchronous_commit must be on", settings=row
        )


def _reply(result: pq.abc.PGresult) -> Reply:
    later, taken, stale = (result.get_value(0, column) for column in (1, 2, 3))
    return Reply(int(result.get_value(0, 0) or 0), later.decode() if later else None, taken, stale)
