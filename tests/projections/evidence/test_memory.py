"""What was read once is not read again, what is asked as known earlier holds nothing later, and little is kept."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from projections.evidence.memory import Memory

LOG = {"partnership:a": [(3, "formed"), (7, "met"), (12, "closed")], "stream:b": [(5, "registered")]}


class Reader:
    """Reads LOG as it stood at a head, and keeps what it was asked for."""

    def __init__(self, head: int) -> None:
        self.head = head
        self.asked: list[tuple[tuple[str, ...], int]] = []

    def __call__(self, keys: Collection[str], after: int) -> dict[str, list[Any]]:
        self.asked.append((tuple(keys), after))
        return {key: [row for row in LOG[key] if after < row[0] <= self.head] for key in keys}


def test_facts_are_read_once_and_then_only_those_that_follow() -> None:
    memory, first, again, later = Memory(), Reader(8), Reader(8), Reader(12)
    assert memory.facts(["partnership:a"], 8, first) == {"partnership:a": ((3, "formed"), (7, "met"))}
    memory.facts(["partnership:a"], 8, again)
    assert memory.facts(["partnership:a"], 12, later) == {"partnership:a": tuple(LOG["partnership:a"])}
    assert (first.asked, again.asked, later.asked) == ([(("partnership:a",), 0)], [], [(("partnership:a",), 8)])


def test_as_known_earlier_nothing_later_is_in_the_answer_and_nothing_is_read() -> None:
    memory, nothing = Memory(), Reader(12)
    memory.facts(["partnership:a"], 12, Reader(12))
    assert memory.facts(["partnership:a"], 6, nothing) == {"partnership:a": ((3, "formed"),)}
    assert memory.facts(["partnership:a"], 2, nothing) == {"partnership:a": ()}
    assert nothing.asked == []


def test_keys_read_to_different_positions_come_out_whole_and_without_doubles() -> None:
    memory = Memory()
    memory.facts(["partnership:a"], 7, Reader(7))
    both = memory.facts(["partnership:a", "stream:b"], 12, Reader(12))
    assert both == {"partnership:a": tuple(LOG["partnership:a"]), "stream:b": ((5, "registered"),)}


def test_what_was_asked_for_longest_ago_goes_first() -> None:
    memory, reader = Memory(most_rows=3), Reader(12)
    memory.facts(["stream:b"], 12, reader)
    memory.facts(["partnership:a"], 12, reader)  # four rows with the other: one key has to go
    memory.facts(["partnership:a"], 12, reader)
    memory.facts(["stream:b"], 12, reader)
    assert [keys for keys, _ in reader.asked] == [("stream:b",), ("partnership:a",), ("stream:b",)]


def test_what_was_worked_out_is_kept_for_its_key_until_there_is_too_much() -> None:
    memory, made = Memory(most_worked=2), list[str]()

    def work(key: str) -> str:
        def make() -> str:
            made.append(key)
            return key.upper()

        return memory.worked(key, make, lambda _: 1)

    assert [work(key) for key in ("a", "b", "a", "c", "a", "b")] == ["A", "B", "A", "C", "A", "B"]
    assert made == ["a", "b", "c", "b"]


def test_what_weighs_much_leaves_little_room_beside_it() -> None:
    memory, made = Memory(most_worked=10), list[str]()

    def work(key: str, weight: int) -> None:
        memory.worked(key, lambda: made.append(key), lambda _: weight)

    for key, weight in (("a", 4), ("b", 4), ("heavy", 9), ("heavy", 9), ("a", 4)):
        work(key, weight)
    assert made == ["a", "b", "heavy", "a"]
