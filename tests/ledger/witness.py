"""Looks at the log from outside and says what must hold of it, whatever was posted; it asks none of the rules."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

import orjson

from ledger.eventstore.append import Stored
from ledger.integrity.tree import leaf_hash
from ledger.service import Ledger

PAGE = 1_000
PROPOSALS = {
    "support.variation_agreed": ("support.variation_proposed", "variation_id"),
    "support.dispute_settled": ("support.settlement_proposed", "settlement_id"),
}
ANSWERS = {"support.delivery_confirmed", "support.confirmation_withdrawn", "support.delivery_disputed"}


def whole_log(ledger: Ledger) -> list[Stored]:
    """Every fact in ledger order, read page by page as any reader would."""
    found: list[Stored] = []
    while page := ledger.store.read_positions(found[-1].position if found else 0, PAGE):
        found += page
    return found


def require_sound(log: list[Stored]) -> None:
    """Positions have no gap, stored bytes have their hash, time runs one way, and one key has one effect."""
    assert [fact.position for fact in log] == list(range(1, len(log) + 1))
    assert [fact.leaf_hash for fact in log] == [leaf_hash(fact.record) for fact in log]
    records = [orjson.loads(fact.record) for fact in log]
    moments = [record["recorded_at"] for record in records]
    assert moments == sorted(moments)
    keys = [(record["actor"], record["source"], record["client_event_id"]) for record in records]
    assert len(set(keys)) == len(keys)
    versions: dict[str, int] = defaultdict(int)
    for record in records:
        versions[record["stream"]["id"]] += 1
        assert record["version"] == versions[record["stream"]["id"]]


class Supports:
    """Follows the support streams of a log by their records alone, and checks each new record against the past."""

    def __init__(self) -> None:
        self.by_stream: dict[str, list[dict[str, Any]]] = defaultdict(list)
        self.counted: dict[tuple[str, str], int] = {}
        self.ended: set[tuple[str, str]] = set()

    def see(self, fact: Stored) -> None:
        """The next fact of the log."""
        record = orjson.loads(fact.record)
        if record["stream"]["kind"] != "support":
            return
        past = self.by_stream[record["stream"]["id"]]
        if record["type"] in ANSWERS:
            self._said_by_the_receiver(record, past)
        if record["type"] in PROPOSALS:
            self._said_by_two(record, past)
        if record["type"] == "support.agreed":
            assert record["voice"] != past[0]["voice"]
            assert record["actor"] != past[0]["actor"]
        past.append(record)
        self._count(record, past)

    def _said_by_the_receiver(self, record: dict[str, Any], past: list[dict[str, Any]]) -> None:
        sides = next(one["data"] for one in past if "receiver_id" in one["data"])
        delivery = next(one for one in past if is_delivery(one, record["data"]["delivery_id"]))
        assert record["voice"] == sides["receiver_id"]
        assert "recorded_for" not in record or record["recorded_for"] == record["voice"]
        assert record["actor"] != delivery["actor"]

    def _said_by_two(self, record: dict[str, Any], past: list[dict[str, Any]]) -> None:
        type_name, member = PROPOSALS[record["type"]]
        wanted = record["data"][member]
        [proposal] = [one for one in past if one["type"] == type_name and one["data"][member] == wanted]
        assert record["voice"] != proposal["voice"]
        assert record["actor"] != proposal["actor"]

    def _count(self, record: dict[str, Any], past: list[dict[str, Any]]) -> None:
        """A delivery enters what counts from outside it, and a reversed one never comes back."""
        stream, data = record["stream"]["id"], record["data"]
        match record["type"]:
            case "support.delivery_confirmed":
                self._enter((stream, data["delivery_id"]), minutes_of(past, data["delivery_id"]))
            case "support.dispute_settled":
                [proposal] = [one["data"] for one in past if one["data"].get("settlement_id") == data["settlement_id"]][
                    :1
                ]
                self._enter((stream, proposal["delivery_id"]), proposal["amount"]["minutes"])
            case "support.confirmation_withdrawn":
                assert self.counted.pop((stream, data["delivery_id"]), None) is not None
            case "support.delivery_reversed":
                self.counted.pop((stream, data["delivery_id"]), None)
                self.ended.add((stream, data["delivery_id"]))

    def _enter(self, key: tuple[str, str], minutes: int) -> None:
        assert key not in self.counted
        assert key not in self.ended
        self.counted[key] = minutes


def is_delivery(record: dict[str, Any], delivery_id: str) -> bool:
    return bool(record["type"] == "support.delivered" and record["data"]["delivery_id"] == delivery_id)


def minutes_of(past: list[dict[str, Any]], delivery_id: str) -> int:
    [minutes] = [one["data"]["amount"]["minutes"] for one in past if is_delivery(one, delivery_id)]
    return int(minutes)
