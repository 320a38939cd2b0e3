"""The stored record: the same bytes as the reference library, and back again without loss."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as st

from ledger.domain.fact import AnyFact
from ledger.domain.values import Name
from ledger.eventstore.append import RECORDED_AT_PLACEHOLDER
from ledger.eventstore.codec import UNKNOWN_YET, NewerThanThis, decode, record_of
from ledger.eventstore.stored_names import STORED
from tests.samples import facts

GOLDEN = Path(__file__).parents[2] / "golden" / "records.ndjson"


@given(facts())
def test_a_record_is_what_the_reference_library_writes(fact: AnyFact) -> None:
    record = record_of(fact)
    assert record == rfc8785.dumps(json.loads(record))


@given(facts())
def test_a_fact_survives_its_record(fact: AnyFact) -> None:
    assert decode(record_of(fact), fact.position) == fact


@given(facts(), st.sampled_from(['"recorded_at":"', '\\"recorded_at\\":\\"', "recorded_at"]))
def test_the_placeholder_stands_exactly_once(fact: AnyFact, text: str) -> None:
    record = record_of(replace(fact, recorded_at=UNKNOWN_YET, source=text, correlation_id=text))
    assert record.count(b'"recorded_at":"') == 1
    assert record.index(b'"recorded_at":"') + 15 == record.index(RECORDED_AT_PLACEHOLDER)


def golden() -> list[bytes]:
    return GOLDEN.read_bytes().splitlines()


def test_every_stored_name_has_a_golden_record() -> None:
    assert {json.loads(line)["type"] for line in golden()} == set(STORED)


@pytest.mark.parametrize("line", golden(), ids=lambda line: json.loads(line)["type"])
def test_what_was_stored_once_is_read_for_ever_and_written_the_same(line: bytes) -> None:
    fact = decode(line, 1)
    if fact.schema == json.loads(line)["schema"]:
        assert record_of(fact) == line


@dataclass(frozen=True, slots=True, kw_only=True)
class Renamed:
    """What a second schema of an event might look like."""

    heading: Name


def test_an_older_payload_is_brought_up_to_date() -> None:
    line = next(line for line in golden() if json.loads(line)["type"] == "practice.shared")
    title = json.loads(line)["data"]["title"]
    upcasters = {("practice.shared", 1): lambda data: {"heading": data["title"]}}
    assert decode(line, 1, upcasters, {"practice.shared": (Renamed, 2)}).data == Renamed(heading=title)


def test_a_newer_payload_is_refused_by_name() -> None:
    line = next(line for line in golden() if json.loads(line)["type"] == "practice.shared")
    newer = line.replace(b'"schema":1', b'"schema":2')
    with pytest.raises(NewerThanThis) as caught:
        decode(newer, 1)
    assert (caught.value.type, caught.value.schema) == ("practice.shared", 2)
