"""Single values: quantities, numbers, ids, days, moments, texts and lists, each with its own limits."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.domain import shape
from ledger.domain.credential.facts import Issued
from ledger.domain.organisation.facts import Closed, JoinedTrust, Registered
from ledger.domain.practice.facts import Shared
from ledger.domain.review.facts import Completed
from ledger.domain.support.facts import DeliveryConfirmed, OutcomeRecorded
from ledger.domain.values import Amount, Number
from ledger.errors import ClaimMalformed
from tests.scenario import ref

SCHOOL: dict[str, Any] = {"name": "Northfield", "kind": "school", "identifiers": []}


def wrong(cls: type[Any], value: Any) -> set[tuple[str, str]]:
    """What is wrong with a claim, as pointers and codes."""
    with pytest.raises(ClaimMalformed) as caught:
        shape.read(cls, value)
    return {(error.pointer, error.code) for error in caught.value.errors}


@pytest.mark.parametrize(
    ("value", "read"),
    [
        ("2", "2"),
        (2, "2"),
        (0, "0"),
        (Number("1.50"), "1.50"),
        (Number("0.3333"), "0.3333"),
        ("1.5", "1.5"),
        ("1/3", "1/3"),
        ("007", "007"),
    ],
)
def test_a_quantity_is_read_exactly_as_it_was_written(value: Any, read: str) -> None:
    assert shape.read(Amount, {"quantity": value, "unit": "hour"}).quantity == read


@pytest.mark.parametrize(
    "value",
    [-1, "-1", Number("-0.5"), Number("1e2"), Number("1E400"), Number("0.33333"), "1,5", " 2", "2 ", "2\n", "", "1/0",
     "1/3/5", "NaN", "\uff12", 10**30, 1234567, True, ["2"], {"value": "2"}],
)  # fmt: skip
def test_what_is_no_quantity_is_refused(value: Any) -> None:
    assert {pointer for pointer, _ in wrong(Amount, {"quantity": value, "unit": "hour"})} == {"/data/quantity"}


def test_a_number_too_long_to_print_is_refused() -> None:
    assert wrong(Amount, {"quantity": 10**5000, "unit": "hour"}) == {("/data/quantity", "wrong-type")}


@pytest.mark.parametrize("value", [1.5, 2.0])
def test_a_float_never_enters(value: float) -> None:
    assert wrong(Amount, {"quantity": value, "unit": "hour"}) == {("/data/quantity", "wrong-type")}
    outcome = {"impact": value, "evidence": "x", "assessed_on": "2026-09-20"}
    assert wrong(OutcomeRecorded, outcome) == {("/data/impact", "wrong-type")}


@pytest.mark.parametrize(("impact", "ok"), [(-2, False), (-1, True), (0, True), (3, True), (4, False), (10**40, False)])
def test_a_whole_number_lies_in_its_range(impact: int, ok: bool) -> None:
    claim = {"impact": impact, "evidence": "Seen", "assessed_on": "2026-09-20"}
    if ok:
        assert shape.read(OutcomeRecorded, claim).impact == impact
    else:
        assert wrong(OutcomeRecorded, claim) == {("/data/impact", "out-of-range")}


@pytest.mark.parametrize("value", [True, "1", Number("1.0"), [1], None])
def test_a_whole_number_is_written_as_one(value: Any) -> None:
    codes = {code for _, code in wrong(Registered, SCHOOL | {"pupils": value})}
    assert codes <= {"wrong-type", "null"}


def test_an_id_is_a_uuid_in_any_case_and_kept_in_lower_case() -> None:
    joined = shape.read(JoinedTrust, {"trust_id": ref("harbour").upper(), "on": "2026-09-01"})
    assert joined.trust_id == ref("harbour")
    for value in ("harbour", ref("harbour").replace("-", ""), f"{{{ref('harbour')}}}", ref("harbour") + "\n", ""):
        assert wrong(JoinedTrust, {"trust_id": value, "on": "2026-09-01"}) == {("/data/trust_id", "not-an-id")}


@pytest.mark.parametrize(
    "value", ["2026-02-29", "2026-13-01", "20260901", "2026-9-1", "2026-W36-2", "2026-09-01T00:00"]
)
def test_a_day_is_written_in_one_way(value: str) -> None:
    assert wrong(JoinedTrust, {"trust_id": ref("harbour"), "on": value}) == {("/data/on", "not-a-day")}


@pytest.mark.parametrize(
    "value",
    ["2026-09-20T15:00:00", "2026-09-20", "2026-09-20 15:00:00Z", "15:00", "2026-09-20T25:00:00Z", "soon",
     "0001-01-01T00:00:00+01:00", "9999-12-31T23:59:59-01:00"],
)  # fmt: skip
def test_a_moment_has_a_day_a_time_and_an_offset(value: str) -> None:
    claim = {"principal": ref("pat"), "role": "admin", "expires_at": value}
    assert wrong(Issued, claim) == {("/data/expires_at", "not-a-moment")}


@given(st.datetimes(datetime(1900, 1, 1), datetime(2100, 1, 1)), st.integers(-14 * 60, 14 * 60))  # noqa: DTZ001  # the offset comes from the next argument
def test_a_moment_is_kept_in_utc_with_27_characters(at: datetime, offset: int) -> None:
    said = at.replace(tzinfo=timezone(timedelta(minutes=offset)))
    issued = shape.read(Issued, {"principal": ref("pat"), "role": "admin", "expires_at": said.isoformat()})
    stored = shape.write(issued)["expires_at"]
    assert issued.expires_at == said
    assert (len(stored), stored[-1]) == (27, "Z")
    assert datetime.fromisoformat(stored).astimezone(UTC) == said


def test_text_is_kept_in_nfc() -> None:
    assert shape.read(Registered, SCHOOL | {"name": "Zoe\u0308s School"}).name == "Zo\u00ebs School"


def test_text_of_one_line_and_of_several() -> None:
    assert wrong(Registered, SCHOOL | {"name": "North\nfield"}) == {("/data/name", "control-character")}
    assert shape.read(Closed, {"on": "2026-09-01", "reason": "One\nTwo"}).reason == "One\nTwo"
    assert wrong(Closed, {"on": "2026-09-01", "reason": "One\x00"}) == {("/data/reason", "control-character")}


@pytest.mark.parametrize("link", ["javascript:alert(1)", "http://", "ftp://a.example", 'https://a.example/"x', "//a"])
def test_a_link_is_http(link: str) -> None:
    shared = {"organisation_id": ref("northfield"), "title": "A", "category": "maths", "summary": "B", "link": link}
    assert wrong(Shared, shared) == {("/data/link", "not-of-this-form")}


@pytest.mark.parametrize("count", [0, 101, 10_000])
def test_a_list_has_a_number_of_items_and_a_long_one_is_not_read(count: int) -> None:
    findings = [{"finding_id": str(n), "area": "Reading", "judgement": "sound"} for n in range(count)]
    assert wrong(Completed, {"findings": findings, "on": "2026-09-14"}) == {("/data/findings", "wrong-number-of-items")}


def test_a_list_of_the_greatest_length_is_read() -> None:
    findings = [{"finding_id": str(n), "area": "Reading", "judgement": "sound"} for n in range(100)]
    assert len(shape.read(Completed, {"findings": findings, "on": "2026-09-14"}).findings) == 100


@pytest.mark.parametrize("value", ["", "a b", "a/b", "é", "x" * 65, "a\n"])
def test_an_id_inside_a_stream_has_few_characters(value: str) -> None:
    assert wrong(DeliveryConfirmed, {"delivery_id": value}) == {("/data/delivery_id", "not-of-this-form")}
