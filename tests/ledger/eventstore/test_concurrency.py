"""Two processes with a dozen threads each on a few streams: no gap, nothing lost, nothing twice."""

from __future__ import annotations

import subprocess
import sys
from collections import Counter
from typing import Any

import orjson

from ledger.eventstore.store import Store
from ledger.integrity.tree import leaf_hash
from tests.ledger.eventstore import crowd
from tests.ledger.eventstore.drafts import stream

PROCESSES = 2


def run(database_url: str, job: str) -> list[tuple[Any, Any]]:
    """What each thread of each process says it did."""
    command = [sys.executable, "-m", "tests.ledger.eventstore.crowd", database_url, job]
    processes = [subprocess.Popen([*command, str(n)], stdout=subprocess.PIPE) for n in range(PROCESSES)]
    printed = [process.communicate(timeout=100)[0] for process in processes]
    assert [process.returncode for process in processes] == [0] * PROCESSES
    return [(first, second) for one in printed for first, second in orjson.loads(one)]


def test_positions_and_versions_have_no_gap_and_every_receipt_names_its_own_fact(
    store: Store, database_url: str
) -> None:
    receipts = run(database_url, "append")

    facts = store.read_positions(0, 10_000)
    assert len(facts) == len(receipts) == PROCESSES * crowd.THREADS * crowd.APPENDS
    assert [fact.position for fact in facts] == list(range(1, len(facts) + 1))
    by_position = {fact.position: orjson.loads(fact.record)["data"]["said"] for fact in facts}
    assert sorted(receipts) == sorted(by_position.items())
    assert len(set(by_position.values())) == len(facts)
    for number in range(1, crowd.STREAMS + 1):
        versions = [fact.version for fact in store.read_stream(stream(number))[0]]
        assert versions == list(range(1, len(versions) + 1))


def test_what_is_stored_is_what_is_hashed_and_time_runs_one_way(store: Store, database_url: str) -> None:
    run(database_url, "backwards")

    facts = store.read_positions(0, 10_000)
    assert facts
    assert [fact.leaf_hash for fact in facts] == [leaf_hash(fact.record) for fact in facts]
    moments = [fact.recorded_at for fact in facts]
    assert moments == sorted(moments)
    in_records = [orjson.loads(fact.record)["recorded_at"] for fact in facts]
    assert in_records == [moment.strftime("%Y-%m-%dT%H:%M:%S.%fZ") for moment in moments]


def test_one_key_has_one_effect_whoever_sends_it_and_however_often(store: Store, database_url: str) -> None:
    answers = run(database_url, "repeat")

    assert store.head()[0] == crowd.REPEATED
    positions: dict[object, set[object]] = {}
    for idempotency, position in answers:
        positions.setdefault(idempotency, set()).add(position)
    assert len(positions) == crowd.REPEATED
    assert all(len(found) == 1 for found in positions.values())
    assert set(Counter(str(idempotency) for idempotency, _ in answers).values()) == {PROCESSES * crowd.THREADS}
