"""The access log: nothing is lost for want of room, what is durable is there at once, and what is old goes."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import psycopg
import pytest
from psycopg.errors import InsufficientPrivilege

from ledger.access import log as access_log
from ledger.access.entries import AccessQuery, Read
from ledger.access.log import AccessLog, AccessLogBusy
from ledger.clock import SetClock
from ledger.eventstore.pool import RolePool
from ledger.eventstore.store import Store, open_store
from tests.ledger.eventstore.drafts import append, draft, stream

AT = datetime(2026, 9, 1, 9, 0, tzinfo=UTC)
ASH = "0f8e1c5d-93a7-4b52-8d35-6a1f70c2e4b9"
PRINCIPAL = "7b1f3a52-58cf-4c1e-9a39-0d8e5d7f2a10"
READ = Read(at=AT, principal=PRINCIPAL, role="member", route="/v1/events", status=200)


@pytest.fixture
def store(database_url: str) -> Iterator[Store]:
    with open_store(database_url) as opened:
        yield opened


@pytest.fixture
def pool(database_url: str) -> Iterator[RolePool]:
    opened = RolePool(database_url, "pledger_access", 2)
    yield opened
    opened.close()


@pytest.fixture
def log(store: Store, pool: RolePool) -> Iterator[AccessLog]:
    opened = AccessLog(pool, store, SetClock(AT), days=400, waiting=4)
    yield opened
    opened.close()


def routes(log: AccessLog, **query: Any) -> list[str]:
    return [one.route for one in log.find(AccessQuery(**query), None)[0]]


def note_all(log: AccessLog, reads: list[Read]) -> None:
    for one in reads:
        log.note(one)


def numbered(count: int) -> list[Read]:
    return [replace(READ, route=f"/v1/{number}") for number in range(count)]


def test_what_is_noted_is_found_again_in_order(log: AccessLog) -> None:
    whole = replace(
        READ, thing=ASH, about=frozenset({f"organisation:{ASH}"}), asked={"limit": "1"}, lines=3,
        reason="Complaint of spring", opened=(ASH,),
    )  # fmt: skip
    log.note(READ)
    log.note(whole, durably=True)

    (first, second), more = log.find(AccessQuery(), None)
    assert (first.entry, second.entry, more) == (1, 2, False)
    assert second[1:] == (
        AT, PRINCIPAL, "member", "/v1/events", ASH, [f"organisation:{ASH}"], {"limit": "1"}, 200, 3,
        "Complaint of spring", [ASH],
    )  # fmt: skip
    assert log.openings(ASH) == [(AT, "Complaint of spring")]


def test_only_what_is_about_the_reader_is_found(log: AccessLog) -> None:
    log.note(replace(READ, about=frozenset({"organisation:ash", "partnership:coast"})))
    log.note(READ)

    for keys, count in (({"organisation:ash"}, 1), ({"partnership:coast"}, 1), ({"organisation:elm"}, 0), (None, 2)):
        assert len(log.find(AccessQuery(), keys)[0]) == count


def test_a_durable_entry_is_there_when_the_call_returns(log: AccessLog, database_url: str) -> None:
    log.note(READ, durably=True)

    with psycopg.connect(database_url) as owner:
        assert owner.execute("SELECT count(*) FROM pledger.access_log").fetchone() == (1,)


def test_many_threads_find_room_one_after_the_other_and_nothing_is_lost(log: AccessLog) -> None:
    threads = [threading.Thread(target=note_all, args=(log, [READ] * 10)) for _ in range(8)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()

    assert len(routes(log, limit=1_000)) == 80


def test_what_waits_at_the_end_is_written(store: Store, pool: RolePool) -> None:
    log = AccessLog(pool, store, SetClock(AT), days=400, waiting=100)
    note_all(log, numbered(50))
    log.close()

    again = AccessLog(pool, store, SetClock(AT), days=400, waiting=100)
    assert routes(again) == [f"/v1/{number}" for number in range(50)]


def test_while_the_database_is_away_requests_wait_and_then_are_refused(
    store: Store, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(access_log, "WAIT_SECONDS", 0.3)
    away = RolePool(database_url, "pledger_access", 1)
    log = AccessLog(away, store, SetClock(AT), days=400, waiting=2)
    with psycopg.connect(database_url) as owner:
        owner.execute("LOCK TABLE pledger.access_log IN EXCLUSIVE MODE")
        begun = time.monotonic()
        with pytest.raises(AccessLogBusy):
            note_all(log, numbered(2_000))
        assert time.monotonic() - begun >= 0.3
        with pytest.raises(AccessLogBusy):
            log.note(READ, durably=True)
    monkeypatch.setattr(access_log, "WAIT_SECONDS", 5.0)

    assert routes(log, limit=1_000)[:1] == ["/v1/0"]
    log.close()
    away.close()


def test_entries_are_about_what_their_thing_touches(log: AccessLog, store: Store) -> None:
    one = draft(stream(1), 1, keys=("organisation:ash", "partnership:coast", "stream:x"))
    store.append(append(one))
    log.note(replace(READ, thing=stream(1)))
    log.note(replace(READ, thing=one.event_id))

    found, _ = log.find(AccessQuery(), None)
    assert [entry.about for entry in found] == [["organisation:ash", "partnership:coast"]] * 2


def test_what_is_older_than_the_retention_goes(store: Store, pool: RolePool) -> None:
    clock = SetClock(AT + timedelta(days=500))
    log = AccessLog(pool, store, clock, days=400, waiting=100)
    log.note(replace(READ, route="/v1/old"))
    log.note(replace(READ, route="/v1/new", at=clock.now()))
    log.close()

    again = AccessLog(pool, store, clock, days=400, waiting=100)
    again.note(replace(READ, route="/v1/next", at=clock.now()), durably=True)
    again.close()
    assert routes(again) == ["/v1/new", "/v1/next"]


@pytest.mark.parametrize(
    "change",
    ["SELECT FROM pledger.access_log", "UPDATE pledger.access_log SET status = 1", "DELETE FROM pledger.access_log"],
)
def test_who_writes_the_log_only_adds_to_it(database_url: str, change: str) -> None:
    with psycopg.connect(database_url) as connection:
        connection.execute("SET ROLE pledger_access")
        with pytest.raises(InsufficientPrivilege):
            connection.execute(change.encode())


def test_nothing_of_the_last_month_can_be_pruned(log: AccessLog, database_url: str) -> None:
    log.note(READ)
    log.note(replace(READ, at=AT - timedelta(days=29)))
    log.note(replace(READ, at=AT - timedelta(days=31)), durably=True)

    with psycopg.connect(database_url) as connection:
        connection.execute("SET ROLE pledger_access")
        gone = connection.execute("SELECT pledger.prune_access_log('2030-01-01Z', 10)").fetchone()
    assert gone == (1,)
