"""The questions the doors may ask: when they can be answered, and what they repeat."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime

import psycopg
import pytest

from bench.logged import write_log
from ledger.eventstore.append import StoreUnavailable
from projections.reading import Snapshots
from projections.views import Asked, all_views
from projections.waiting import NotYetVisible
from tests.projections.books import LONDON, TODAY, fold_on, folded, reading
from tests.projections.giving import village
from tests.scenario import ref

NORTHFIELD, ASHFIELD, HARBOUR = ref("northfield"), ref("ashfield"), ref("harbour")


def test_an_answer_repeats_its_question(database_url: str) -> None:
    story = village()
    story.exchanged("northfield", "ashfield", 120, "2026-09-18", "s1", "harbour")
    folded(database_url, story.facts)
    with reading(database_url) as models:
        asked = Asked(as_of=date(2026, 10, 2), known_at=len(story.facts) - 1, from_=date(2026, 9, 1))
        told = models.balance(NORTHFIELD, asked).to_json()
        plain = models.balance(NORTHFIELD).to_json()
    head = ("scope", "as_of", "known_at", "position", "rule_version", "from")
    assert [told[name] for name in head] == [
        {"organisation": NORTHFIELD},
        "2026-10-02",
        len(story.facts) - 1,
        len(story.facts),
        "reciprocity/1",
        "2026-09-01",
    ]
    assert (told["claimed_minutes"], told["given_minutes"], told["unknown"]) == (120, 0, [])
    assert (plain["as_of"], plain["known_at"]) == (TODAY.isoformat(), len(story.facts))
    assert told["names"] == {NORTHFIELD: "Northfield"}


def test_as_known_at_a_position_is_as_if_nothing_had_followed(database_url: str, bare_log: str) -> None:
    story = village()
    story.exchanged("northfield", "ashfield", 120, "2026-09-18", "s1", "harbour")
    story.gave("ashfield", "northfield", 90, "2026-09-20", "s2", "harbour")
    story.disputed("northfield", "s2")
    story.settled("ashfield", "northfield", 45, "s2")
    story.reversed("northfield", "s1", "2026-09-25")
    folded(database_url, story.facts)
    first = 6
    write_log(bare_log, story.facts[:first])
    with reading(database_url) as whole, reading(bare_log) as part:
        for position in range(first, len(story.facts) + 1):
            if position > first:
                write_log(bare_log, [story.facts[position - 1]])
            fold_on(bare_log)
            for as_of in (date(2026, 9, 22), TODAY):
                asked = Asked(as_of=as_of, known_at=position)
                then = whole.partnership_balances(HARBOUR, asked).to_json() | {"position": position}
                assert part.partnership_balances(HARBOUR, asked).to_json() == then
                line = whole.statement(NORTHFIELD, asked=asked).to_json() | {"position": position}
                assert part.statement(NORTHFIELD, asked=asked).to_json() == line


@pytest.fixture
def bare_log(postgres: object, template: str) -> object:
    """The address of a second migrated database."""
    from ledger.eventstore.embedded import Embedded

    assert isinstance(postgres, Embedded)
    name = "second_log"
    yield postgres.database(name, template)
    with psycopg.connect(postgres.dsn(), autocommit=True) as connection:
        connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


def test_what_is_not_known_yet_is_not_answered(database_url: str) -> None:
    story = village()
    with reading(database_url) as models:
        assert models.position() == 0
        with pytest.raises(NotYetVisible):
            models.balance(NORTHFIELD)
        folded(database_url, story.facts)
        with pytest.raises(NotYetVisible) as caught:
            models.balance(NORTHFIELD, Asked(known_at=len(story.facts) + 1))
    assert caught.value.fields == {"wanted": len(story.facts) + 1, "position": len(story.facts)}
    assert (caught.value.kind, caught.value.code, caught.value.retryable) == ("busy", "not-yet-visible", True)


def test_waiting_ends_in_time(database_url: str) -> None:
    story = village()
    folded(database_url, story.facts)
    head = len(story.facts)
    with reading(database_url) as models:
        assert models.wait_for(head, 0.0) == head
        started = time.monotonic()
        with pytest.raises(NotYetVisible) as caught:
            models.wait_for(head + 1, 0.2)
        assert 0.2 <= time.monotonic() - started < 5.0
        assert caught.value.position == head


def test_many_wait_and_all_are_told(database_url: str) -> None:
    story = village()
    folded(database_url, story.facts)
    delivery = story.gave("northfield", "ashfield", 60, "2026-09-18", "s1")
    with reading(database_url) as models, ThreadPoolExecutor(12) as pool:
        waiting = [pool.submit(models.wait_for, delivery.position, 20.0) for _ in range(12)]
        write_log(database_url, [delivery])
        fold_on(database_url)
        assert {one.result() for one in waiting} == {delivery.position}


def test_a_moment_is_the_last_position_recorded_by_then(database_url: str) -> None:
    story = village()
    before = len(story.facts)
    story.at("2026-11-01T12:00:00").exchanged("northfield", "ashfield", 60, "2026-09-18", "s1")
    folded(database_url, story.facts)
    with reading(database_url) as models:
        assert models.position_at(datetime(2026, 11, 1, 11, 59, 59, tzinfo=UTC)) == before
        assert models.position_at(datetime(2026, 11, 1, 12, 0, tzinfo=UTC)) == before + 2
        assert models.position_at(datetime(2020, 1, 1, tzinfo=UTC)) == 0


def test_the_status_names_every_view(database_url: str) -> None:
    story = village()
    folded(database_url, story.facts)
    delivery = story.gave("northfield", "ashfield", 60, "2026-09-18", "s1")
    write_log(database_url, [delivery])
    with reading(database_url) as models:
        told = [one.to_json() for one in models.status()]
    assert [one["view"] for one in told] == [view.name for view in all_views(LONDON)]
    assert {(one["lag"], one["state"], one["answers"], "failed" in one) for one in told} == {
        (1, "working", True, False)
    }
    assert all(one["lag_seconds"] > 0 for one in told)


def test_names_are_those_of_organisations_and_partnerships(database_url: str) -> None:
    folded(database_url, village().facts)
    with reading(database_url) as models:
        assert models.names({NORTHFIELD, HARBOUR, ref("nobody")}) == {
            NORTHFIELD: "Northfield",
            HARBOUR: "Harbour Cluster",
        }


def test_readers_write_nothing(database_url: str) -> None:
    folded(database_url, village().facts)
    snapshots = Snapshots(database_url, 1)
    try:
        with pytest.raises(psycopg.errors.ReadOnlySqlTransaction), snapshots.snapshot() as connection:
            connection.execute("DELETE FROM reciprocity_entry")
        with snapshots.snapshot() as connection:
            assert connection.execute("SELECT current_user").fetchone() == ("pledger_reader",)
    finally:
        snapshots.close()


def test_without_a_database_there_is_no_answer(database_url: str) -> None:
    folded(database_url, village().facts)
    models = reading(database_url.replace("dbname=test", "dbname=gone"))
    with models, pytest.raises(StoreUnavailable):
        models.balance(NORTHFIELD)


def test_a_place_that_is_none_is_refused(database_url: str) -> None:
    folded(database_url, village().facts)
    with reading(database_url) as models, pytest.raises(ValueError, match="not enough values"):
        models.statement(NORTHFIELD, after="2026-09-18")
