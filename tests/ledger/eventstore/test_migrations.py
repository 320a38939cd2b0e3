"""The schema grows by numbered files, each once, also when several processes start at the same moment."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import psycopg
import pytest
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from ledger.eventstore.append import Appended
from ledger.eventstore.migrations import (
    MigrationChanged,
    SchemaNotCurrent,
    available,
    migrate,
    pending,
    require_current,
)
from ledger.eventstore.store import open_store
from tests.ledger.eventstore.drafts import append, draft, stream

NAMES = [migration.name for migration in available()]


def test_an_empty_database_gets_every_migration_once(bare_database_url: str) -> None:
    assert pending(bare_database_url) == NAMES
    assert migrate(bare_database_url) == NAMES
    assert migrate(bare_database_url) == []
    assert pending(bare_database_url) == []


def test_the_files_are_numbered_without_a_gap() -> None:
    assert [migration.number for migration in available()] == list(range(1, len(NAMES) + 1))


def test_a_store_is_not_opened_on_a_schema_that_is_behind(bare_database_url: str) -> None:
    with pytest.raises(SchemaNotCurrent) as refused:
        open_store(bare_database_url)
    assert refused.value.names == NAMES


def test_a_file_that_changed_after_it_was_applied_is_refused(database_url: str) -> None:
    with psycopg.connect(database_url) as connection:
        connection.execute("UPDATE pledger.migration SET checksum = '\\x00' WHERE number = 1")
        with pytest.raises(MigrationChanged) as refused:
            require_current(connection)

    assert refused.value.names == NAMES[:1]
    with pytest.raises(MigrationChanged):
        migrate(database_url)
    with pytest.raises(MigrationChanged):
        pending(database_url)


def test_a_migration_of_a_newer_program_does_not_stop_this_one(database_url: str) -> None:
    with psycopg.connect(database_url) as connection:
        connection.execute("INSERT INTO pledger.migration (number, name, checksum) VALUES (9999, '9999_later.sql', '')")
        require_current(connection)

    assert migrate(database_url) == []


def test_an_owner_that_is_no_superuser_migrates_and_writes(database_url: str, bare_database_url: str) -> None:
    roles = ["pledger_writer", "pledger_reader", "pledger_worker", "pledger_vault", "pledger_access", "pledger_courier"]
    assert database_url  # by its making the cluster has every role
    database = conninfo_to_dict(bare_database_url)["dbname"]
    clerk = f"clerk_of_{database}"
    with psycopg.connect(bare_database_url, autocommit=True) as superuser:
        superuser.execute(f"CREATE ROLE {clerk} LOGIN".encode())
        superuser.execute(f"GRANT {', '.join(roles)} TO {clerk} WITH ADMIN OPTION".encode())
        superuser.execute(f"ALTER DATABASE {database} OWNER TO {clerk}".encode())
    address = make_conninfo(bare_database_url, user=clerk)

    assert migrate(address) == NAMES
    with open_store(address) as store:
        assert isinstance(store.append(append(draft(stream(1), 1))), Appended)
        assert store.head()[0] == 1


def test_several_processes_may_migrate_at_once(bare_database_url: str) -> None:
    with ThreadPoolExecutor(4) as processes:
        applied = list(processes.map(migrate, [bare_database_url] * 4))

    assert sorted(applied) == [[], [], [], NAMES]
