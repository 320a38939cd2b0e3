"""Questions to the log, and what the event sourcing library finds in it."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import UUID

import pytest
from eventsourcing.persistence import ProgrammingError

from ledger.eventstore.append import Append, Stale
from ledger.eventstore.application import LogApplication, environment
from ledger.eventstore.recorder import GroupCommitRecorder, NotAppended
from ledger.eventstore.store import Store, open_store
from tests.ledger.eventstore.drafts import append, draft, key, stream

OAK, ELM = "organisation:oak", "organisation:elm"


@pytest.fixture
def filled(store: Store) -> Store:
    """Two streams by turns: positions 1 and 3 in the first, 2 and 4 in the second."""
    store.append(append(draft(stream(1), 1, keys=(OAK,), event_id=stream(91), idempotency="one", content="first")))
    store.append(append(draft(stream(2), 1, keys=(OAK, ELM))))
    store.append(append(draft(stream(1), 2, keys=(ELM,))))
    store.append(append(draft(stream(2), 2)))
    return store


def test_a_stream_is_read_in_order_with_the_head_of_the_same_moment(filled: Store) -> None:
    facts, head = filled.read_stream(stream(1))

    assert [(fact.position, fact.version, fact.type) for fact in facts] == [
        (1, 1, "support.offered"),
        (3, 2, "support.offered"),
    ]
    assert head == 4
    assert [fact.position for fact in filled.read_stream(stream(1), after_version=1)[0]] == [3]


def test_several_streams_are_read_at_one_moment(filled: Store) -> None:
    found, head = filled.read_streams([stream(2), stream(1), stream(7)])

    assert {name: [fact.position for fact in facts] for name, facts in found.items()} == {
        stream(2): [2, 4],
        stream(1): [1, 3],
        stream(7): [],
    }
    assert head == 4


def test_the_log_is_read_in_pages(filled: Store) -> None:
    assert [fact.position for fact in filled.read_positions(0, 3)] == [1, 2, 3]
    assert [fact.position for fact in filled.read_positions(3, 3)] == [4]
    assert filled.read_positions(4, 3) == []


def test_a_fact_is_found_by_position_and_by_event(filled: Store) -> None:
    fact = filled.read_position(1)

    assert fact is not None
    assert filled.read_event(stream(91)) == fact
    assert filled.read_position(5) is None
    assert filled.read_event(stream(92)) is None


def test_idempotency_keys_are_found_with_what_was_sent_under_them(filled: Store) -> None:
    assert filled.find_keys([key("one"), key("unknown")]) == {key("one"): (1, key("first"))}


def test_facts_and_streams_are_found_by_what_they_touch(filled: Store) -> None:
    assert filled.streams_with_key(ELM) == [("support", stream(2)), ("support", stream(1))]
    assert set(filled.touched([1, 2, 3, 4], [ELM])) == {2, 3}
    assert filled.touched([1, 2], [OAK, ELM]) == {1: {OAK}, 2: {OAK, ELM}}
    assert set(filled.touched([1, 2, 3, 4], [f"stream:{stream(2)}"])) == {2, 4}


def test_the_library_reads_the_same_log(filled: Store) -> None:
    log = filled.application.notification_log.select(start=2, limit=2)
    history = list(filled.application.events.get(UUID(stream(1))))

    assert [(one.id, one.originator_id, one.originator_version) for one in log] == [
        (2, UUID(stream(2)), 1),
        (3, UUID(stream(1)), 2),
    ]
    assert history == filled.read_stream(stream(1))[0]
    assert filled.application.recorder.max_notification_id() == 4


def test_the_library_pages_and_picks(filled: Store) -> None:
    recorder = filled.application.recorder

    assert [one.id for one in recorder.select_notifications(1, 10, stop=3, inclusive_of_start=False)] == [2, 3]
    assert [one.id for one in recorder.select_notifications(None, 10, topics=["support.requested"])] == []
    assert [
        one.originator_version for one in recorder.select_events(UUID(stream(2)), gt=0, lte=2, desc=True, limit=1)
    ] == [2]


def test_the_library_saves_through_the_group_commit(store: Store) -> None:
    drafts = draft(stream(1), 1), draft(stream(1), 2)

    recordings = store.application.save(*drafts, request=append(*drafts))

    assert [recording.notification.id for recording in recordings] == [1, 2]
    with pytest.raises(NotAppended) as refused:
        store.application.save(*drafts, request=append(*drafts, leans={OAK: 0}))
    assert not isinstance(refused.value.outcome, Stale)  # the same idempotency keys: a repeat


def test_the_library_cannot_save_without_a_request(store: Store) -> None:
    one = draft(stream(1), 1)

    with pytest.raises(ProgrammingError):
        store.application.save(one)
    with pytest.raises(ProgrammingError):
        store.application.save(one, request=Append(drafts=(), deadline=0))
    assert store.head() == (0, None)


def test_only_drafts_go_in_and_only_what_has_a_position_comes_out(store: Store) -> None:
    mapper = store.application.mapper
    unplaced = mapper.to_stored_event(draft(stream(1), 1))

    with pytest.raises(ProgrammingError):
        mapper.to_domain_event(unplaced)
    store.append(append(draft(stream(1), 1)))
    [recorded] = store.read_positions(0, 1)
    with pytest.raises(ProgrammingError):
        mapper.to_stored_event(recorded)


def test_the_process_environment_is_none_of_the_librarys_business(
    database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CREATE_TABLE", "y")
    monkeypatch.setenv("POSTGRES_SCHEMA", "elsewhere")

    with open_store(database_url, now=lambda: datetime(2026, 9, 1, tzinfo=UTC)) as store:
        assert dict(store.application.env) == environment(database_url, 8)


def test_database_functions_are_refused(database_url: str) -> None:
    given = environment(database_url, 1) | {"PLEDGER_POSTGRES_ENABLE_DB_FUNCTIONS": "y"}

    with pytest.raises(ProgrammingError):
        LogApplication(given)


def test_the_library_makes_no_tables(store: Store) -> None:
    recorder = store.application.recorder
    assert isinstance(recorder, GroupCommitRecorder)

    with pytest.raises(ProgrammingError):
        recorder.create_table()
