"""What a reader's connection sees of the log, with PostgreSQL itself as the judge."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from dataclasses import replace
from typing import Any, LiteralString

import psycopg
import pytest
from psycopg.conninfo import conninfo_to_dict, make_conninfo
from psycopg.errors import InsufficientPrivilege

from ledger.eventstore.append import Draft
from ledger.eventstore.binaries import programs
from ledger.eventstore.migrations import migrate
from ledger.eventstore.store import Store, open_store
from tests.ledger.eventstore.drafts import append, draft, stream

ASH, BIRCH, COAST = "organisation:ash", "organisation:birch", "partnership:coast"
LOG: LiteralString = "SELECT position FROM pledger.log ORDER BY position"
KEYS: LiteralString = "SELECT key, position FROM pledger.fact_key WHERE key LIKE '%%:%%' ORDER BY key, position"


def of_kind(one: Draft, kind: str, type_name: str) -> Draft:
    return replace(one, stream_kind=kind, type=type_name)


@pytest.fixture
def reader(store: Store, database_url: str) -> Iterator[psycopg.Connection[Any]]:
    """A raw connection as pledger_reader to five facts: of Ash, of Birch, of both in Coast, of the directory, and how
    far Birch has come with a framework."""
    store.append(append(draft(stream(1), 1, keys=(ASH,))))
    store.append(append(draft(stream(2), 1, keys=(BIRCH,))))
    store.append(append(draft(stream(3), 1, keys=(ASH, BIRCH, COAST))))
    store.append(append(of_kind(draft(stream(4), 1, keys=(BIRCH,)), "organisation", "organisation.registered")))
    store.append(append(of_kind(draft(stream(5), 1, keys=(BIRCH,)), "organisation", "organisation.assessed")))
    with psycopg.connect(database_url, autocommit=True) as connection:
        connection.execute("SET ROLE pledger_reader")
        yield connection


def seen(connection: psycopg.Connection[Any], *keys: str, question: LiteralString = LOG) -> list[Any]:
    """What a transaction sees that first says whose reading it is."""
    with connection.transaction():
        connection.execute("SELECT set_config('pledger.keys', %s::text[]::text, true)", [list(keys)])
        return [row if len(row) > 1 else row[0] for row in connection.execute(question)]


def test_a_connection_that_does_not_say_whose_reading_it_is_sees_nothing(reader: psycopg.Connection[Any]) -> None:
    assert reader.execute(LOG).fetchall() == []
    assert reader.execute(KEYS).fetchall() == []

    assert seen(reader, ASH) != []
    assert reader.execute(LOG).fetchall() == []
    assert reader.execute("SELECT * FROM pledger.accesses(0, 10, false, NULL, NULL, NULL, NULL, NULL)").fetchall() == []


def test_one_organisation_s_keys_show_what_touches_it_and_the_directory(reader: psycopg.Connection[Any]) -> None:
    assert seen(reader, ASH) == [1, 3, 4]
    assert seen(reader, COAST) == [3, 4]
    assert seen(reader, BIRCH) == [2, 3, 4, 5]
    assert seen(reader, "organisation:nobody") == [4]
    assert seen(reader) == [4]


def test_of_a_fact_in_sight_every_key_is_there_and_of_no_other_one(reader: psycopg.Connection[Any]) -> None:
    touched = [one for one in seen(reader, ASH, question=KEYS) if not one[0].startswith("stream:")]

    assert touched == [(ASH, 1), (ASH, 3), (BIRCH, 3), (COAST, 3)]


def test_only_a_star_shows_everything(reader: psycopg.Connection[Any]) -> None:
    reader.execute("SET pledger.keys = '*'")

    assert [position for (position,) in reader.execute(LOG)] == [1, 2, 3, 4, 5]


@pytest.mark.parametrize("role", ["pledger_writer", "pledger_worker"])
def test_those_who_decide_and_conclude_see_all_facts(reader: psycopg.Connection[Any], role: str) -> None:
    reader.execute("RESET ROLE")
    reader.execute(f"SET ROLE {role}".encode())

    assert len(reader.execute(LOG).fetchall()) == 5


@pytest.mark.parametrize(
    "change",
    [
        "INSERT INTO pledger.log SELECT * FROM pledger.log LIMIT 1",
        "UPDATE pledger.log SET type = 'another'",
        "DELETE FROM pledger.log",
        "INSERT INTO pledger.fact_key VALUES ('organisation:ash', 2)",
        "DELETE FROM pledger.fact_key",
        "INSERT INTO pledger.access_log (at) VALUES (now())",
        "SELECT FROM pledger.access_log",
        "SELECT pledger.prune_access_log(now(), 10)",
    ],
)
def test_a_reader_changes_nothing_whoever_it_says_it_reads_for(
    reader: psycopg.Connection[Any], change: LiteralString
) -> None:
    reader.execute("SET pledger.keys = '*'")

    with pytest.raises(InsufficientPrivilege):
        reader.execute(change)


def test_the_store_shows_a_reader_its_own_whatever_is_asked(store: Store, reader: psycopg.Connection[Any]) -> None:
    everything = "SELECT position FROM pledger.log ORDER BY position"

    assert store.seen_by({ASH}).rows(everything) == [(1,), (3,), (4,)]
    assert store.seen_by({BIRCH}).rows(everything) == [(2,), (3,), (4,), (5,)]
    assert store.seen_by(()).rows(everything) == [(4,)]
    assert store.seen_by(None).rows(everything) == [(1,), (2,), (3,), (4,), (5,)]
    assert store.seen_by({ASH}).rows("SELECT current_user::text, current_setting('transaction_read_only')") == [
        ("pledger_reader", "on")
    ]


def test_force_binds_the_owner_too(reader: psycopg.Connection[Any]) -> None:
    forced = "SELECT relname FROM pg_class WHERE relrowsecurity AND relforcerowsecurity ORDER BY relname"

    assert reader.execute(forced).fetchall() == [("fact_key",), ("log",)]


@pytest.fixture
def clerk(database_url: str, bare_database_url: str) -> str:
    """The address of a database whose owner is no superuser: it holds a fact of Ash and one of both."""
    assert database_url  # by its making the cluster has every role
    database = str(conninfo_to_dict(bare_database_url)["dbname"])
    name = f"clerk_of_{database}"
    with psycopg.connect(bare_database_url, autocommit=True) as superuser:
        roles = superuser.execute("SELECT string_agg(rolname, ',') FROM pg_roles WHERE rolname LIKE 'pledger\\_%'")
        [(all_roles,)] = roles.fetchall()
        superuser.execute(f"CREATE ROLE {name} LOGIN".encode())
        superuser.execute(f"GRANT {all_roles} TO {name} WITH ADMIN OPTION".encode())
        superuser.execute(f"ALTER DATABASE {database} OWNER TO {name}".encode())
    address = make_conninfo(bare_database_url, user=name)
    migrate(address)
    with open_store(address) as own:
        own.append(append(draft(stream(1), 1, keys=(ASH,))))
        own.append(append(draft(stream(2), 1, keys=(BIRCH,))))
        own.append(append(draft(stream(3), 1, keys=(ASH, BIRCH))))
    return address


def test_a_reader_of_an_owner_that_is_no_superuser_sees_the_same(clerk: str) -> None:
    with psycopg.connect(clerk, autocommit=True) as connection:
        connection.execute("SET ROLE pledger_reader")

        assert connection.execute(LOG).fetchall() == []
        assert seen(connection, ASH) == [1, 3]
        touched = [one for one in seen(connection, ASH, question=KEYS) if not one[0].startswith("stream:")]
        assert touched == [(ASH, 1), (ASH, 3), (BIRCH, 3)]


def test_an_owner_that_is_no_superuser_dumps_every_fact_or_nothing(clerk: str) -> None:
    command = [str(programs() / "pg_dump"), "--data-only", "--table=pledger.log", "--dbname", clerk]

    assert subprocess.run(command, capture_output=True, check=False).returncode != 0
    dumped = subprocess.run([*command, "--enable-row-security"], capture_output=True, check=True, text=True).stdout
    assert dumped.count("support.offered") == 3
