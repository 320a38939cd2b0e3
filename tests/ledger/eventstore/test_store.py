"""What becomes of one request after another."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import psycopg
import pytest

from ledger.eventstore.append import Append, Appended, KeyTaken, NotAppendable, Stale, VaultKey
from ledger.eventstore.store import Store, open_store
from ledger.integrity.tree import leaf_hash
from tests.ledger.eventstore.drafts import append, draft, stream

DAY_ONE = datetime(2026, 9, 1, 8, 0, 0, 123456, tzinfo=UTC)


def test_facts_stand_one_after_another_from_position_one(store: Store) -> None:
    first = store.append(append(draft(stream(1), 1), draft(stream(2), 1)))
    second = store.append(append(draft(stream(1), 2)))

    assert isinstance(first, Appended)
    assert isinstance(second, Appended)
    assert (first.first_position, second.first_position) == (1, 3)
    assert store.head() == (3, second.recorded_at)


def test_the_record_is_stored_as_drafted_with_its_moment_and_the_hash_of_those_bytes(database_url: str) -> None:
    decoy = {"recorded_at": "0000-00-00T00:00:00.000000Z", "said": '"recorded_at":"0000-00-00T00:00:00.000000Z"'}
    drafted = draft(stream(1), 1, data=decoy)

    with open_store(database_url, now=lambda: DAY_ONE) as store:
        store.append(append(drafted))
        [stored] = store.read_positions(0, 10)

    before, _, after = drafted.record.rpartition(b"0000-00-00T00:00:00.000000Z")
    assert stored.record == before + b"2026-09-01T08:00:00.123456Z" + after
    assert stored.leaf_hash == leaf_hash(stored.record)
    assert stored.recorded_at == DAY_ONE


def test_an_address_that_asks_for_the_writable_server_of_several(database_url: str) -> None:
    with open_store(f"{database_url} target_session_attrs=read-write options='-c work_mem=8MB'") as store:
        store.append(append(draft(stream(1), 1)))

        assert store.rows("SELECT current_setting('work_mem'), count(*) FROM pledger.log") == [("8MB", 1)]


def test_an_empty_log(store: Store) -> None:
    assert store.head() == (0, None)
    assert store.read_positions(0, 10) == []
    assert store.read_stream(stream(1)) == ([], 0)


def test_a_version_that_is_there_already_is_stale(store: Store) -> None:
    store.append(append(draft(stream(1), 1)))

    assert store.append(append(draft(stream(1), 1))) == Stale((f"stream:{stream(1)}",))


def test_a_version_that_leaves_a_gap_is_stale(store: Store) -> None:
    assert store.append(append(draft(stream(1), 2))) == Stale((f"stream:{stream(1)}",))
    assert store.head() == (0, None)


def test_a_key_that_was_touched_after_it_was_read_is_stale(store: Store) -> None:
    urn = "identifier:urn:100001"
    store.append(append(draft(stream(1), 1, keys=(urn,))))

    assert store.append(append(draft(stream(2), 1), leans={urn: 0})) == Stale((urn,))
    assert isinstance(store.append(append(draft(stream(2), 1), leans={urn: 1})), Appended)


def test_a_repeat_answers_with_the_first_position_and_says_whether_it_is_the_same(store: Store) -> None:
    store.append(append(draft(stream(1), 1), draft(stream(1), 2, idempotency="visit", content="two days")))

    same = append(draft(stream(1), 2, idempotency="visit", content="two days"))
    other = append(draft(stream(9), 1), draft(stream(1), 2, idempotency="visit", content="three days"))

    assert store.append(same) == KeyTaken(0, 2, same_content=True)
    assert store.append(other) == KeyTaken(1, 2, same_content=False)
    assert store.head()[0] == 2


def test_all_drafts_of_a_request_are_written_or_none(store: Store) -> None:
    store.append(append(draft(stream(1), 1)))

    refused = store.append(append(draft(stream(2), 1), draft(stream(1), 1), draft(stream(3), 1)))

    assert isinstance(refused, Stale)
    assert store.read_streams([stream(2), stream(3)]) == ({stream(2): [], stream(3): []}, 1)


def test_a_request_larger_than_any_buffer_between_is_written_whole(store: Store) -> None:
    text = {"text": "x" * 2_000}
    drafts = [draft(stream(number), 1, data=text) for number in range(1, 2_501)]

    assert isinstance(store.append(append(*drafts)), Appended)
    assert store.head()[0] == 2_500
    assert [fact.stream_id for fact in store.read_positions(0, 9_999)] == [one.stream_id for one in drafts]


def test_a_vault_key_is_as_durable_as_its_fact_and_only_with_it(store: Store, database_url: str) -> None:
    kept, dropped = stream(70), stream(71)
    store.append(append(draft(stream(1), 1), vault_keys=(VaultKey(kept, "2026-09", b"wrapped"),)))
    store.append(append(draft(stream(1), 1), vault_keys=(VaultKey(dropped, "2026-09", b"wrapped"),)))

    with psycopg.connect(database_url) as connection:
        rows = connection.execute("SELECT key_id::text, epoch, wrapped FROM vault.key").fetchall()
    assert rows == [(kept, "2026-09", b"wrapped")]


def test_a_vault_key_that_is_there_already_fails_its_own_request(store: Store) -> None:
    given = (VaultKey(stream(70), "2026-09", b"wrapped"),)
    store.append(append(draft(stream(1), 1), vault_keys=given))

    with pytest.raises(psycopg.errors.UniqueViolation):
        store.append(append(draft(stream(2), 1), vault_keys=given))
    assert store.append(append(draft(stream(2), 1))) == Appended(2, store.head()[1] or DAY_ONE)


def test_recorded_at_never_runs_backwards_whatever_the_clock_does(database_url: str) -> None:
    moments = [DAY_ONE + timedelta(seconds=seconds) for seconds in (0, -3600, -7200, 1, -1)]
    readings = iter(moments)

    with open_store(database_url, now=lambda: next(readings)) as store:
        for version, _ in enumerate(moments, 1):
            store.append(append(draft(stream(1), version)))
        recorded = [fact.recorded_at for fact in store.read_stream(stream(1))[0]]

    later = DAY_ONE + timedelta(seconds=1)
    assert recorded == [DAY_ONE, DAY_ONE, DAY_ONE, later, later]


def test_a_process_whose_clock_is_behind_takes_the_moment_of_the_head(database_url: str) -> None:
    yesterday = DAY_ONE - timedelta(days=1)
    with (
        open_store(database_url, now=lambda: DAY_ONE) as ahead,
        open_store(database_url, now=lambda: yesterday) as behind,
    ):
        ahead.append(append(draft(stream(1), 1)))
        behind.append(append(draft(stream(1), 2)))

        assert [fact.recorded_at for fact in ahead.read_positions(0, 9)] == [DAY_ONE, DAY_ONE]
        assert behind.stats.stamped_again == 1


@pytest.mark.parametrize(
    "request_",
    [
        append(),
        append(draft(stream(1), 1), draft(stream(1), 3)),
        append(draft(stream(1), 1, idempotency="one"), draft(stream(2), 1, idempotency="one")),
        append(draft("not-a-uuid", 1)),
        append(draft(stream(1), 1, data={"text": "x" * 65_535})),
    ],
    ids=["empty", "a gap in itself", "one key twice", "no id", "too large"],
)
def test_a_request_that_no_log_could_take_is_an_error_of_the_caller(store: Store, request_: Append) -> None:
    with pytest.raises(NotAppendable):
        store.append(request_)
    assert store.head() == (0, None)
