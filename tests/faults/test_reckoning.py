"""The reckoning finds what it is there to find."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import orjson
import pytest

from ledger.eventstore.append import Stored
from ledger.integrity.tree import leaf_hash
from tests.faults.client import SOURCE
from tests.faults.reckoning import Marks, reckon

STREAM = "7c9e6679-7425-40de-944b-e07fc1f90ae7"


def fact(position: int, name: str) -> Stored:
    record = orjson.dumps({"client_event_id": name, "event_id": f"event {name} {position}", "source": SOURCE})
    at = datetime(2026, 9, 1, tzinfo=UTC)
    return Stored(position, STREAM, position, "support.delivered", record, leaf_hash(record), at)


def acknowledged(name: str, position: int) -> dict[str, Any]:
    return {"acknowledged": name, "position": position, "event_id": f"event {name} {position}"}


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """A client that had a and b acknowledged at 1 and 2, and gave c up."""
    lines = [{"intent": "a"}, acknowledged("a", 1), {"intent": "b"}, acknowledged("b", 2), {"intent": "c"}]
    path = tmp_path / "client.ndjson"
    path.write_text("".join(json.dumps(line) + "\n" for line in lines))
    return path


def test_a_log_that_keeps_its_word(file: Path) -> None:
    for log in ([fact(1, "a"), fact(2, "b")], [fact(1, "a"), fact(2, "b"), fact(3, "c")]):
        found = reckon([file], log)
        assert (found.acknowledged, found.unacknowledged, found.found) == (2, 1, len(log) - 2)
        assert (found.lost, found.doubled, found.unasked, found.out_of_order) == (0, 0, 0, 0)


def test_what_is_missing_or_stands_elsewhere_is_lost(file: Path) -> None:
    assert reckon([file], [fact(1, "a")]).lost == 1
    assert reckon([file], [fact(1, "b"), fact(2, "a")]).lost == 2


def test_a_second_effect_and_one_that_nobody_asked_for_are_seen(file: Path) -> None:
    log = [fact(1, "a"), fact(2, "b"), fact(3, "c"), fact(4, "c"), fact(5, "d")]
    assert (reckon([file], log).doubled, reckon([file], log).unasked) == (1, 1)


def test_order_is_that_of_the_acknowledgements(tmp_path: Path) -> None:
    path = tmp_path / "client.ndjson"
    lines = [{"intent": "a"}, acknowledged("a", 2), {"intent": "b"}, acknowledged("b", 1)]
    path.write_text("".join(json.dumps(line) + "\n" for line in lines))
    assert reckon([path], [fact(1, "b"), fact(2, "a")]).out_of_order == 1


def test_a_log_that_does_not_go_on_from_a_mark_is_a_fork(database_url: str) -> None:
    marks = Marks(database_url)
    marks.take()
    assert marks.forks([fact(1, "a")]) == 0
    marks.marks.append((1, "the digest of another log"))
    marks.marks.append((2, "of one that is longer"))
    assert marks.forks([fact(1, "a")]) == 2
