"""The one Application of the event sourcing library: our mapping, our mapper and our datastore in its places."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from eventsourcing.application import Application
from eventsourcing.domain import DomainEventProtocol
from eventsourcing.persistence import Mapper, Notification, ProgrammingError, StoredEvent
from eventsourcing.postgres import ConnectionPool, PostgresDatastore, PostgresFactory
from eventsourcing.utils import Environment, EnvType, strtobool
from psycopg import Connection
from psycopg.conninfo import conninfo_to_dict, make_conninfo
from psycopg.rows import dict_row

from ledger.eventstore.append import Draft, Stored
from ledger.eventstore.connection import with_options
from ledger.eventstore.job import moment_of
from ledger.integrity.tree import leaf_hash

DSN = "PLEDGER_DATABASE_URL"
READ_CONNECTIONS = "PLEDGER_READ_CONNECTIONS"

_READ_SETTINGS = {
    "role": "pledger_writer",
    "default_transaction_read_only": "on",
    "timezone": "UTC",
    "statement_timeout": "30s",
}
_POOL_SECONDS = 3.0
_RECONNECT_SECONDS = 1.0


class RecordMapper(Mapper[UUID]):
    """Draft to stored event to Stored. The topic is the stored name, the state the record's bytes, untouched."""

    def to_stored_event(self, domain_event: DomainEventProtocol[UUID]) -> StoredEvent:
        """The stored event of a Draft. Raises ProgrammingError for anything else."""
        if not isinstance(domain_event, Draft):
            raise ProgrammingError(f"a Draft is expected, not {type(domain_event).__name__}")
        draft = domain_event
        return StoredEvent(draft.originator_id, draft.version, draft.type, draft.record)

    def to_domain_event(self, stored_event: StoredEvent) -> Stored:
        """The Stored of a notification. Raises ProgrammingError for a stored event whose position is not known."""
        if not isinstance(stored_event, Notification):
            raise ProgrammingError("a stored event without a position is not in the log")
        record = stored_event.state
        return Stored(
            stored_event.id,
            str(stored_event.originator_id),
            stored_event.originator_version,
            stored_event.topic,
            record,
            leaf_hash(record),
            datetime.fromisoformat(moment_of(record)),
        )


class LogDatastore(PostgresDatastore):
    """The library's datastore over a connection string, with connections that cannot write."""

    def __init__(self, dsn: str, connections: int) -> None:
        given = {name: str(value) for name, value in conninfo_to_dict(dsn).items() if value is not None}
        super().__init__(
            given.get("dbname", ""),
            given.get("host", ""),
            given.get("port", ""),
            given.get("user", ""),
            given.get("password", ""),
            schema="pledger",
        )
        self.pool = ConnectionPool(
            # The primary, since decisions are read from it alone; `read-write` would turn these connections away.
            make_conninfo(
                with_options(dsn, _READ_SETTINGS, connect_timeout=3, application_name="pledger reader"),
                target_session_attrs="primary",
            ),
            connection_class=Connection[dict[str, Any]],
            kwargs={"row_factory": dict_row},
            min_size=1,
            max_size=connections,
            open=False,
            configure=self.after_connect_func(),
            timeout=_POOL_SECONDS,
            # The pool doubles its pauses while it tries: give up soon, so that whoever asks next starts afresh.
            reconnect_timeout=_RECONNECT_SECONDS,
        )


class LogFactory(PostgresFactory):
    """The library's factory with our datastore."""

    def __init__(self, env: Environment | EnvType | None) -> None:
        super().__init__(env)
        self.datastore = LogDatastore(self.env[DSN], int(self.env[READ_CONNECTIONS]))


class LogApplication(Application[UUID]):
    """The log as the library sees it: `save(*drafts, request=Append(…))`, the notification log, the streams."""

    name = "pledger"

    def construct_env(self, name: str, env: EnvType | None = None) -> Environment:
        """Exactly the given mapping: what the process's environment holds is none of the library's business here.

        Raises ProgrammingError for POSTGRES_ENABLE_DB_FUNCTIONS: with it, subscriptions were seen to miss facts.
        """
        given = dict(env or {})
        for key, value in given.items():
            if key.endswith(PostgresFactory.POSTGRES_ENABLE_DB_FUNCTIONS) and strtobool(value):
                raise ProgrammingError(f"{key} is refused: readers would miss facts")
        return Environment(name, given)


def environment(dsn: str, read_connections: int) -> dict[str, str]:
    """The whole configuration of a LogApplication."""
    return {
        DSN: dsn,
        READ_CONNECTIONS: str(read_connections),
        "PERSISTENCE_MODULE": f"{__name__}:{LogFactory.__name__}",
        "APPLICATION_RECORDER_TOPIC": "ledger.eventstore.recorder:GroupCommitRecorder",
        "MAPPER_TOPIC": f"{__name__}:{RecordMapper.__name__}",
        "CREATE_TABLE": "n",
        # The library's factory asks for these; the connection string is what counts.
        "POSTGRES_DBNAME": "",
        "POSTGRES_HOST": "",
        "POSTGRES_USER": "",
        "POSTGRES_PASSWORD": "",
    }
