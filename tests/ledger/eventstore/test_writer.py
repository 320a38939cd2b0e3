"""Requests that meet: what waits during one commit is the next batch, and each of it is decided on its own."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager

import psycopg
import pytest

from ledger.eventstore.append import (
    CHANNEL,
    Append,
    Appended,
    DeadlineExceeded,
    KeyTaken,
    Outcome,
    QueueFull,
    Stale,
    StoreUnavailable,
    VaultKey,
)
from ledger.eventstore.store import Store, StoreSettings, open_store
from ledger.eventstore.writer import Limits
from tests.ledger.eventstore.drafts import append, draft, stream

URN = "identifier:urn:100001"


@contextmanager
def head_taken(database_url: str) -> Iterator[None]:
    """Another process is writing: nobody gets any further until it ends."""
    with psycopg.connect(database_url) as other:
        other.execute("SELECT FROM pledger.head FOR UPDATE")
        yield


class Crowd:
    """Requests from threads of their own, each queued before the next one comes; the first goes alone."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._threads = ThreadPoolExecutor(40)
        self._events: int | None = None

    def send(self, request: Append) -> Future[Outcome]:
        """Send, and return once it stands in the queue."""
        sent = self._threads.submit(self._store.append, request)
        if self._events is None:
            self._events = 0
            _until(lambda: self._store.stats.direct == 1)
        else:
            self._events += len(request.drafts)
            _until(lambda: self._store.waiting == self._events)
        return sent


def _until(holds: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 5
    while not holds():
        assert time.monotonic() < deadline
        time.sleep(0.001)


def test_what_waits_during_one_commit_is_one_batch(store: Store, database_url: str) -> None:
    crowd = Crowd(store)
    with head_taken(database_url):
        sent = [crowd.send(append(draft(stream(number), 1))) for number in range(1, 8)]

    outcomes = [one.result() for one in sent]
    assert [one.first_position for one in outcomes if isinstance(one, Appended)] == [1, 2, 3, 4, 5, 6, 7]
    assert (store.stats.batches, store.stats.events) == (2, 7)


def test_each_commit_tells_its_listeners_once_how_far_the_log_reaches(store: Store, database_url: str) -> None:
    with psycopg.connect(database_url, autocommit=True) as listener:
        listener.execute(f"LISTEN {CHANNEL}")
        store.append(append(draft(stream(1), 1), draft(stream(2), 1), draft(stream(3), 1)))
        store.append(append(draft(stream(1), 1)))
        store.append(append(draft(stream(1), 2)))

        told = [notice.payload for notice in listener.notifies(timeout=5, stop_after=2)]

    assert told == ["3", "4"]


def test_a_batch_ends_before_it_grows_too_large(database_url: str) -> None:
    with open_store(database_url, StoreSettings(limits=Limits(batch_events=3))) as store:
        crowd = Crowd(store)
        with head_taken(database_url):
            sent = [crowd.send(append(draft(stream(number), 1))) for number in range(1, 8)]
            sent.append(crowd.send(append(*(draft(stream(number), 1) for number in range(10, 15)))))

        assert [one.result() for one in sent if not isinstance(one.result(), Appended)] == []
        assert (store.stats.batches, store.head()[0]) == (4, 12)


def test_requests_of_one_batch_that_meet_are_decided_in_the_order_they_came(store: Store, database_url: str) -> None:
    crowd = Crowd(store)
    with head_taken(database_url):
        crowd.send(append(draft(stream(1), 1)))
        taker = crowd.send(append(draft(stream(2), 1, keys=(URN,), idempotency="visit", content="two days")))
        same_version = crowd.send(append(draft(stream(2), 1)))
        same_key = crowd.send(append(draft(stream(3), 1), leans={URN: 0}))
        repeat = crowd.send(append(draft(stream(2), 1, idempotency="visit", content="two days")))
        other_content = crowd.send(append(draft(stream(4), 1, idempotency="visit", content="three days")))
        next_version = crowd.send(append(draft(stream(2), 2)))

    assert isinstance(taker.result(), Appended)
    assert same_version.result() == Stale((f"stream:{stream(2)}",))
    assert same_key.result() == Stale((URN,))
    assert repeat.result() == KeyTaken(0, 2, same_content=True)
    assert other_content.result() == KeyTaken(0, 2, same_content=False)
    assert next_version.result() == Stale((f"stream:{stream(2)}",))
    assert store.head()[0] == 2


def test_what_was_held_for_a_request_that_is_refused_is_admitted_after_all(store: Store, database_url: str) -> None:
    crowd = Crowd(store)
    with head_taken(database_url):
        crowd.send(append(draft(stream(1), 1)))
        loser = crowd.send(append(draft(stream(1), 1, keys=(URN,), idempotency="visit")))
        winner = crowd.send(append(draft(stream(2), 1, idempotency="visit"), leans={URN: 0}))

    assert loser.result() == Stale((f"stream:{stream(1)}",))
    assert isinstance(winner.result(), Appended)


def test_a_request_that_the_database_rejects_takes_nobody_with_it(store: Store, database_url: str) -> None:
    event = stream(99)
    crowd = Crowd(store)
    with head_taken(database_url):
        crowd.send(append(draft(stream(1), 1, event_id=event)))
        sound = [crowd.send(append(draft(stream(number), 1))) for number in (2, 3)]
        wrong = crowd.send(append(draft(stream(4), 1, event_id=event, idempotency="another")))
        sound.append(crowd.send(append(draft(stream(5), 1), vault_keys=(VaultKey(stream(70), "2026-09", b"key"),))))

    assert all(isinstance(one.result(), Appended) for one in sound)
    with pytest.raises(psycopg.errors.UniqueViolation):
        wrong.result()
    assert store.head()[0] == 4


def test_a_request_whose_time_ran_out_before_it_was_sent_is_never_written(store: Store, database_url: str) -> None:
    crowd = Crowd(store)
    with head_taken(database_url):
        crowd.send(append(draft(stream(1), 1)))
        late = crowd.send(append(draft(stream(2), 1), seconds=0.1))
        with pytest.raises(DeadlineExceeded):
            late.result()

    assert isinstance(store.append(append(draft(stream(3), 1))), Appended)
    assert store.read_stream(stream(2))[0] == []
    with pytest.raises(DeadlineExceeded):
        store.append(append(draft(stream(2), 1), seconds=0))


def test_the_queue_is_bounded_in_events(database_url: str) -> None:
    with open_store(database_url, StoreSettings(limits=Limits(waiting_events=3))) as store:
        crowd = Crowd(store)
        with head_taken(database_url):
            sent = [crowd.send(append(draft(stream(1), 1)))]
            sent.append(crowd.send(append(draft(stream(2), 1), draft(stream(3), 1))))
            with pytest.raises(QueueFull) as refused:
                store.append(append(draft(stream(4), 1), draft(stream(5), 1)))
            sent.append(crowd.send(append(draft(stream(6), 1))))

        assert (refused.value.code, refused.value.fields) == ("busy", {"waiting": 2, "limit": 3})
        assert all(isinstance(one.result(), Appended) for one in sent)
        assert store.head()[0] == 4


def test_closing_writes_what_waits_and_takes_nothing_more(database_url: str) -> None:
    store = open_store(database_url)
    crowd = Crowd(store)
    closing = ThreadPoolExecutor(1)
    with head_taken(database_url):
        sent = [crowd.send(append(draft(stream(number), 1))) for number in (1, 2, 3)]
        closed = closing.submit(store.close)
        time.sleep(0.05)

    closed.result()
    assert all(isinstance(one.result(), Appended) for one in sent)
    with pytest.raises(StoreUnavailable):
        store.append(append(draft(stream(4), 1)))
    with psycopg.connect(database_url) as connection:
        assert connection.execute("SELECT position FROM pledger.head").fetchone() == (3,)
