"""What each role can do to the log, with PostgreSQL itself as the judge; and that nobody changes a fact by accident."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, LiteralString

import psycopg
import pytest
from psycopg import sql
from psycopg.errors import InsufficientPrivilege, RestrictViolation

from ledger.eventstore.append import VaultKey
from ledger.eventstore.recorder import GroupCommitRecorder
from ledger.eventstore.store import Store
from tests.ledger.eventstore.drafts import append, draft, stream

CHANGES: tuple[LiteralString, ...] = (
    "UPDATE pledger.log SET type = 'support.requested'",
    "DELETE FROM pledger.log",
    "TRUNCATE pledger.log",
    "UPDATE pledger.fact_key SET key = 'another'",
    "DELETE FROM pledger.fact_key",
    "TRUNCATE pledger.fact_key",
)
INSERT_HEAD: LiteralString = "INSERT INTO pledger.head (one, position) VALUES (false, 9)"
KEY_COPY: LiteralString = "INSERT INTO pledger.fact_key VALUES ('organisation:oak', 9)"


@pytest.fixture
def connection(store: Store, database_url: str) -> Iterator[psycopg.Connection[Any]]:
    """The owner's connection to a log with one fact and one vault key."""
    store.append(append(draft(stream(1), 1), vault_keys=(VaultKey(stream(70), "2026-09", b"wrapped"),)))
    with psycopg.connect(database_url, autocommit=True) as opened:
        yield opened


def become(connection: psycopg.Connection[Any], role: str) -> None:
    connection.execute(sql.SQL("SET ROLE {}").format(sql.Identifier(role)))


@pytest.mark.parametrize("change", CHANGES)
@pytest.mark.parametrize("role", ["pledger_writer", "pledger_reader", "pledger_worker", "pledger_vault"])
def test_no_role_can_change_a_fact(connection: psycopg.Connection[Any], role: str, change: LiteralString) -> None:
    become(connection, role)

    with pytest.raises(InsufficientPrivilege):
        connection.execute(change)


@pytest.mark.parametrize("change", CHANGES)
def test_not_even_the_owner_changes_a_fact(connection: psycopg.Connection[Any], change: LiteralString) -> None:
    with pytest.raises(RestrictViolation):
        connection.execute(change)


@pytest.mark.parametrize(
    ("role", "question", "allowed"),
    [
        ("pledger_writer", "SELECT record FROM pledger.log", True),
        ("pledger_writer", "UPDATE pledger.head SET position = position", True),
        ("pledger_writer", "DELETE FROM pledger.head", False),
        ("pledger_writer", INSERT_HEAD, False),
        ("pledger_writer", KEY_COPY, True),
        ("pledger_writer", "SELECT wrapped FROM vault.key", False),
        ("pledger_writer", "DELETE FROM vault.key", False),
        ("pledger_reader", "SELECT record FROM pledger.log", True),
        ("pledger_reader", "UPDATE pledger.head SET position = position", False),
        ("pledger_reader", KEY_COPY, False),
        ("pledger_reader", "SELECT wrapped FROM vault.key", False),
        ("pledger_worker", "SELECT record FROM pledger.log", True),
        ("pledger_worker", KEY_COPY, False),
        ("pledger_worker", "SELECT wrapped FROM vault.key", False),
        ("pledger_vault", "SELECT record FROM pledger.log", False),
        ("pledger_vault", "SELECT wrapped FROM vault.key", True),
        ("pledger_vault", "UPDATE vault.key SET wrapped = 'other'", False),
        ("pledger_vault", "DELETE FROM vault.key", True),
    ],
)
def test_what_a_role_may_do(
    connection: psycopg.Connection[Any], role: str, question: LiteralString, allowed: bool
) -> None:
    become(connection, role)

    if allowed:
        connection.execute(question)
    else:
        with pytest.raises(InsufficientPrivilege):
            connection.execute(question)


@pytest.mark.parametrize("role", ["pledger_reader", "pledger_worker", "pledger_vault"])
def test_only_the_writer_may_call_append(connection: psycopg.Connection[Any], role: str) -> None:
    found = connection.execute(
        "SELECT has_function_privilege(%s, oid, 'EXECUTE'),"
        " has_function_privilege('pledger_writer', oid, 'EXECUTE')"
        " FROM pg_proc WHERE oid = 'pledger.append'::regproc",
        [role],
    ).fetchone()

    assert found == (False, True)


def test_the_store_itself_writes_as_the_writer_and_reads_through_connections_that_cannot_write(
    store: Store, connection: psycopg.Connection[Any]
) -> None:
    roles = connection.execute(
        "SELECT DISTINCT application_name FROM pg_stat_activity WHERE datname = current_database()"
        " AND application_name LIKE 'pledger %' ORDER BY 1"
    ).fetchall()
    recorder = store.application.recorder
    assert isinstance(recorder, GroupCommitRecorder)
    with recorder.datastore.get_connection() as reading:
        row = reading.execute(
            "SELECT current_user AS role, current_setting('transaction_read_only') AS only"
        ).fetchone()

    assert roles == [("pledger reader",), ("pledger writer",)]
    assert row == {"role": "pledger_writer", "only": "on"}
