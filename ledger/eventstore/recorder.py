"""The event sourcing library's recorder over our own log: every insert goes through the group commit."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, LiteralString
from uuid import UUID

from eventsourcing.persistence import (
    IntegrityError,
    InterfaceError,
    Notification,
    OperationalError,
    ProgrammingError,
    StoredEvent,
)
from eventsourcing.postgres import PostgresApplicationRecorder, PostgresDatastore
from eventsourcing.utils import retry

from ledger.eventstore.append import CHANNEL, Append, Appended, Outcome
from ledger.eventstore.writer import Writer


class NotAppended(IntegrityError):
    """The log decided against the request; `outcome` is Stale or KeyTaken."""

    def __init__(self, outcome: Outcome) -> None:
        super().__init__(repr(outcome))
        self.outcome = outcome


class GroupCommitRecorder(PostgresApplicationRecorder):
    """Reads and appends to `pledger.log`. The table is made by migrations only."""

    def __init__(self, datastore: PostgresDatastore, *, events_table_name: str = "stored_events") -> None:
        super().__init__(datastore, events_table_name=events_table_name)
        self.channel_name = CHANNEL
        self._writer: Writer | None = None

    def use(self, writer: Writer) -> None:
        """Append through this writer from now on."""
        self._writer = writer

    def create_table(self) -> None:
        """Refused: raises ProgrammingError."""
        raise ProgrammingError("the log is made by migrations")

    def append(self, request: Append) -> Outcome:
        """Append a request. Raises the refusals of kind `busy`."""
        if self._writer is None:
            raise ProgrammingError("the recorder was opened for reading only")
        return self._writer.append(request)

    def insert_events(self, stored_events: Sequence[StoredEvent], **kwargs: Any) -> Sequence[int] | None:
        """Append the request given as `request=`, whose drafts the stored events are; gives their positions.

        Raises NotAppended, ProgrammingError where the request is missing, and the refusals of kind `busy`.
        """
        request = kwargs.get("request")
        if not isinstance(request, Append) or len(request.drafts) != len(stored_events):
            raise ProgrammingError("facts are appended with request=Append(…), which holds one draft for each of them")
        outcome = self.append(request)
        if not isinstance(outcome, Appended):
            raise NotAppended(outcome)
        return range(outcome.first_position, outcome.first_position + len(stored_events))

    def select_events(
        self,
        originator_id: UUID | str,
        *,
        gt: int | None = None,
        lte: int | None = None,
        desc: bool = False,
        limit: int | None = None,
    ) -> Sequence[StoredEvent]:
        """The facts of one stream, as notifications, because their position is known."""
        bounds = [("stream_id = %b::uuid", str(originator_id)), ("version > %b", gt), ("version <= %b", lte)]
        return self._select(bounds, "version DESC" if desc else "version", limit)

    def select_notifications(
        self,
        start: int | None,
        limit: int,
        stop: int | None = None,
        topics: Sequence[str] = (),
        *,
        inclusive_of_start: bool = True,
    ) -> Sequence[Notification]:
        """At most `limit` facts from position `start` to `stop`, of the given types or of all."""
        first = "position >= %b" if inclusive_of_start else "position > %b"
        bounds = [(first, start), ("position <= %b", stop), ("type = ANY (%b)", list(topics) or None)]
        return self._select(bounds, "position", limit)

    def max_notification_id(self) -> int | None:
        """The last position, None while the log is empty."""
        [row] = self._rows("SELECT position FROM pledger.head", ())
        return row["position"] or None

    def _select(
        self, bounds: Sequence[tuple[LiteralString, Any]], order: LiteralString, limit: int | None
    ) -> list[Notification]:
        given = [(condition, value) for condition, value in bounds if value is not None]
        where = " AND ".join(condition for condition, _ in given) or "true"
        query = f"SELECT position, stream_id, version, type, record FROM pledger.log WHERE {where} ORDER BY {order}"
        parameters = [value for _, value in given]
        if limit is not None:
            query += " LIMIT %b"
            parameters.append(limit)
        return [_notification(row) for row in self._rows(query, parameters)]

    @retry((InterfaceError, OperationalError), max_attempts=10, wait=0.2)
    def _rows(self, query: LiteralString, parameters: Sequence[Any]) -> list[dict[str, Any]]:
        with self.datastore.get_connection() as connection, connection.cursor(binary=True) as cursor:
            return cursor.execute(query, parameters, prepare=True).fetchall()


def _notification(row: dict[str, Any]) -> Notification:
    return Notification(
        originator_id=row["stream_id"],
        originator_version=row["version"],
        topic=row["type"],
        state=row["record"],
        id=row["position"],
    )
