"""When the database is killed, cut off, silent or careless: a clear refusal, nothing partial, and recovery."""

from __future__ import annotations

import os
import shutil
import signal
import tempfile
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import psycopg
import pytest

from ledger.eventstore import embedded
from ledger.eventstore.append import Appended, CommitUnknown, StoreUnavailable
from ledger.eventstore.embedded import Embedded
from ledger.eventstore.migrations import migrate
from ledger.eventstore.store import Store, StoreSettings, open_store
from tests.ledger.eventstore.drafts import append, draft, key, stream

WRITER = "application_name = 'pledger writer' AND datname = current_database()"


@pytest.fixture
def own_server() -> Iterator[Embedded]:
    """A server that this test may kill."""
    home = Path(tempfile.mkdtemp(prefix="pledger-outage-"))
    with embedded.start(home) as server:
        yield server
    shutil.rmtree(home)


@pytest.fixture
def owner(database_url: str) -> Iterator[psycopg.Connection[Any]]:
    with psycopg.connect(database_url, autocommit=True) as connection:
        yield connection


def kill(server: Embedded) -> None:
    os.kill(int((server.cluster.data / "postmaster.pid").read_text().splitlines()[0]), signal.SIGKILL)


def write_until_it_fails(store: Store, number: int, acknowledged: dict[str, int], failures: list[Exception]) -> None:
    for version in range(1, 10_000):
        name = f"{number}:{version}"
        try:
            outcome = store.append(append(draft(stream(number), version, idempotency=name), seconds=2))
        except (StoreUnavailable, CommitUnknown) as refusal:
            failures.append(refusal)
            return
        assert isinstance(outcome, Appended)
        acknowledged[name] = outcome.first_position


def test_what_was_acknowledged_before_the_server_was_killed_is_there_afterwards(own_server: Embedded) -> None:
    address = own_server.database("pledger")
    migrate(address)
    acknowledged: dict[str, int] = {}
    failures: list[Exception] = []
    with open_store(address) as store:
        threads = [
            threading.Thread(target=write_until_it_fails, args=(store, number, acknowledged, failures))
            for number in range(1, 9)
        ]
        for thread in threads:
            thread.start()
        time.sleep(0.5)
        kill(own_server)
        for thread in threads:
            thread.join()
        with pytest.raises(StoreUnavailable):
            store.append(append(draft(stream(50), 1), seconds=0.2))
        with pytest.raises(StoreUnavailable):
            store.head()

        own_server.revive()

        again = store.append(append(draft(stream(50), 1)))
        assert isinstance(again, Appended)
        assert len(failures) == 8
        assert any(isinstance(failure, CommitUnknown) for failure in failures)
        found = store.find_keys([key(name) for name in acknowledged])
        assert {name: found[key(name)][0] for name in acknowledged} == acknowledged
        positions = [fact.position for fact in store.read_positions(0, 100_000)]
        assert positions == list(range(1, again.first_position + 1))


def test_an_idle_writer_whose_session_was_ended_connects_again_and_nobody_notices(
    store: Store, owner: psycopg.Connection[Any]
) -> None:
    store.append(append(draft(stream(1), 1)))
    owner.execute(f"SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE {WRITER}")

    assert isinstance(store.append(append(draft(stream(1), 2))), Appended)


def test_a_session_that_ends_under_a_request_leaves_it_unknown(
    store: Store, owner: psycopg.Connection[Any], database_url: str
) -> None:
    failures: list[Exception] = []
    with psycopg.connect(database_url) as other:
        other.execute("SELECT FROM pledger.head FOR UPDATE")
        thread = threading.Thread(target=write_until_it_fails, args=(store, 1, {}, failures))
        thread.start()
        waits = f"{WRITER} AND wait_event_type = 'Lock'"
        ended = None
        while ended is None:
            ended = owner.execute(
                f"SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE {waits}"
            ).fetchone()
        thread.join()

    assert [type(failure) for failure in failures] == [CommitUnknown]
    assert isinstance(store.append(append(draft(stream(1), 1))), Appended)


def test_a_server_that_does_not_answer_in_time_leaves_the_request_unknown(database_url: str) -> None:
    with open_store(database_url, StoreSettings(reply_seconds=0.2)) as store:
        with psycopg.connect(database_url) as other:
            other.execute("SELECT FROM pledger.head FOR UPDATE")
            with pytest.raises(CommitUnknown) as refused:
                store.append(append(draft(stream(1), 1)))

        assert refused.value.code == "commit-unknown"


def test_a_head_that_somebody_holds_too_long_is_a_clear_no(database_url: str) -> None:
    with open_store(database_url, StoreSettings(lock_seconds=0.2)) as store:
        with psycopg.connect(database_url) as other:
            other.execute("SELECT FROM pledger.head FOR UPDATE")
            with pytest.raises(StoreUnavailable) as refused:
                store.append(append(draft(stream(1), 1)))

        assert (refused.value.code, refused.value.sqlstate) == ("store-unavailable", "55P03")
        assert isinstance(store.append(append(draft(stream(1), 1))), Appended)


def test_a_statement_that_takes_too_long_is_a_clear_no(database_url: str) -> None:
    with open_store(database_url, StoreSettings(statement_seconds=0.2)) as store:
        with psycopg.connect(database_url) as other:
            other.execute("SELECT FROM pledger.head FOR UPDATE")
            with pytest.raises(StoreUnavailable) as refused:
                store.append(append(draft(stream(1), 1)))

        assert refused.value.sqlstate == "57014"
        assert isinstance(store.append(append(draft(stream(1), 1))), Appended)


def test_a_commit_that_the_server_warns_about_is_unknown_and_its_key_tells(
    store: Store, owner: psycopg.Connection[Any]
) -> None:
    owner.execute(
        "CREATE FUNCTION warn() RETURNS trigger LANGUAGE plpgsql AS"
        " $$ BEGIN RAISE WARNING 'committed here, but perhaps not on the standby'; RETURN NULL; END $$"
    )
    owner.execute("CREATE TRIGGER warn AFTER UPDATE ON pledger.head EXECUTE FUNCTION warn()")

    with pytest.raises(CommitUnknown):
        store.append(append(draft(stream(1), 1, idempotency="visit")))
    assert [position for position, _ in store.find_keys([key("visit")]).values()] == [1]


def test_a_clock_that_fails_fails_the_request_and_nothing_else(database_url: str) -> None:
    noon = datetime(2026, 9, 1, 12, tzinfo=UTC)
    readings: Iterator[datetime | Exception] = iter([noon, ZeroDivisionError(), noon])

    def now() -> datetime:
        reading = next(readings)
        if isinstance(reading, Exception):
            raise reading
        return reading

    with open_store(database_url, now=now) as store:
        store.append(append(draft(stream(1), 1)))
        with pytest.raises(ZeroDivisionError):
            store.append(append(draft(stream(1), 2)))
        assert isinstance(store.append(append(draft(stream(1), 2))), Appended)


def test_closing_without_a_server_gives_those_who_wait_their_answer(own_server: Embedded) -> None:
    address = own_server.database("pledger")
    migrate(address)
    store = open_store(address)
    failures: list[Exception] = []

    def wait() -> None:
        try:
            store.append(append(draft(stream(1), 1), seconds=60))
        except StoreUnavailable as refusal:
            failures.append(refusal)

    kill(own_server)
    # A backend may outlive its postmaster for a moment.
    write_until_it_fails(store, 2, {}, [])
    thread = threading.Thread(target=wait)
    thread.start()
    while not store.waiting:
        time.sleep(0.01)
    store.close()
    thread.join(timeout=10)

    assert [type(failure) for failure in failures] == [StoreUnavailable]


def test_a_database_that_became_read_only_is_a_clear_no_until_it_writes_again(
    store: Store, owner: psycopg.Connection[Any]
) -> None:
    name = owner.info.dbname
    owner.execute(f'ALTER DATABASE "{name}" SET default_transaction_read_only = on'.encode())
    owner.execute(f"SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE {WRITER}")

    with pytest.raises(StoreUnavailable):
        store.append(append(draft(stream(1), 1), seconds=0.3))

    owner.execute("SET default_transaction_read_only = off")
    owner.execute(f'ALTER DATABASE "{name}" SET default_transaction_read_only = off'.encode())
    assert isinstance(store.append(append(draft(stream(1), 1))), Appended)


@pytest.mark.parametrize("careless", ["off", "local", "remote_write"])
def test_a_database_that_acknowledges_too_early_is_refused(
    database_url: str, owner: psycopg.Connection[Any], careless: str
) -> None:
    owner.execute(f'ALTER DATABASE "{owner.info.dbname}" SET synchronous_commit = {careless}'.encode())

    with pytest.raises(StoreUnavailable):
        open_store(database_url)


def test_no_server_is_a_clear_no(tmp_path: Path) -> None:
    with pytest.raises(StoreUnavailable):
        open_store(f"host={tmp_path} dbname=pledger user=pledger")


def test_a_process_that_others_keep_overtaking_still_gets_its_turn(database_url: str) -> None:
    noon = datetime(2026, 9, 1, 12, tzinfo=UTC)
    ahead_now = [noon]
    with open_store(database_url, now=lambda: ahead_now[0]) as ahead:

        def overtaken() -> datetime:
            ahead_now[0] += timedelta(seconds=1)
            ahead.append(append(draft(stream(1), ahead.head()[0] + 1)))
            return noon

        with open_store(database_url, now=overtaken) as behind:
            outcome = behind.append(append(draft(stream(2), 1)))

        assert isinstance(outcome, Appended)
        assert outcome.recorded_at == ahead_now[0]
        assert behind.stats.stamped_again == 3
        assert ahead.read_position(outcome.first_position) == ahead.read_stream(stream(2))[0][0]
