"""Claims are read from the annotations of the facts: everything wrong is told at once, nothing is guessed."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.domain import shape
from ledger.domain.calendar.facts import TermsSet
from ledger.domain.credential.facts import Issued
from ledger.domain.marks import named
from ledger.domain.organisation.facts import Closed, Registered
from ledger.domain.person.facts import Introduced
from ledger.domain.review.facts import Answered
from ledger.domain.review.facts import Shared as ReviewShared
from ledger.domain.shape import LooksLikePersonalData
from ledger.domain.support.facts import Delivered, DeliveryConfirmed
from ledger.domain.values import Amount, Number, Sealed
from ledger.errors import ClaimMalformed
from tests.scenario import ref

SCHOOL: dict[str, Any] = {"name": "Northfield", "kind": "school", "identifiers": []}
TWO_DAYS: dict[str, Any] = {"quantity": "2", "unit": "day"}
DELIVERED: dict[str, Any] = {"delivery_id": "d1", "amount": TWO_DAYS, "delivered_on": "2026-09-20"}


def wrong(cls: type[Any], value: Any) -> set[tuple[str, str]]:
    """What is wrong with a claim, as pointers and codes."""
    with pytest.raises(ClaimMalformed) as caught:
        shape.read(cls, value)
    return {(error.pointer, error.code) for error in caught.value.errors}


def details(cls: type[Any], value: Any) -> str:
    with pytest.raises(ClaimMalformed) as caught:
        shape.read(cls, value)
    return caught.value.errors[0].detail


def test_a_claim_is_read_with_what_it_leaves_out() -> None:
    read = shape.read(Registered, SCHOOL | {"opened_on": "1932-09-01", "pupils": 210})
    assert read == Registered(name="Northfield", kind="school", identifiers=(), opened_on=date(1932, 9, 1), pupils=210)
    assert read.phase is None


def test_everything_that_is_wrong_is_told_at_once() -> None:
    claim = {
        "name": " ",
        "kind": "shool",
        "identifiers": [{"scheme": "urn", "value": "1"}, {"scheme": "urn"}, 7],
        "pupils": "many",
        "opened_on": "1 September",
        "colour": "blue",
    }
    assert wrong(Registered, claim) == {
        ("/data/name", "blank"),
        ("/data/kind", "not-a-choice"),
        ("/data/identifiers/0/value", "identifier-malformed"),
        ("/data/identifiers/1/value", "missing"),
        ("/data/identifiers/2", "wrong-type"),
        ("/data/pupils", "wrong-type"),
        ("/data/opened_on", "not-a-day"),
        ("/data/colour", "unknown-member"),
    }


@pytest.mark.parametrize("value", [None, [], "text", 1, True, Number("1.5")])
def test_a_claim_is_an_object(value: Any) -> None:
    assert wrong(Registered, value) in ({("/data", "wrong-type")}, {("/data", "null")})


def test_an_unknown_member_is_refused_with_the_nearest_known_one() -> None:
    assert wrong(Registered, SCHOOL | {"opend_on": "1932-09-01"}) == {("/data/opend_on", "unknown-member")}
    assert "opened_on" in details(Registered, SCHOOL | {"opend_on": "1932-09-01"})
    assert "school" in details(Registered, SCHOOL | {"kind": "scholl"})


@pytest.mark.parametrize(
    ("name", "pointer"), [("a/b", "/data/a~1b"), ("a~b", "/data/a~0b"), ("x" * 500, "/data/" + "x" * 80)]
)
def test_a_pointer_to_an_unknown_member_is_escaped_and_short(name: str, pointer: str) -> None:
    assert (pointer, "unknown-member") in wrong(Registered, SCHOOL | {name: 1})


def test_null_is_no_value() -> None:
    assert wrong(Registered, SCHOOL | {"phase": None, "identifiers": None}) == {
        ("/data/phase", "null"),
        ("/data/identifiers", "null"),
    }


def test_python_keeps_some_words_to_itself_but_json_does_not() -> None:
    assert shape.read(ReviewShared, {"with": [ref("oakwood")], "parts": "all"}).with_ == (ref("oakwood"),)
    assert wrong(ReviewShared, {"with_": [ref("oakwood")], "parts": "all"}) == {
        ("/data/with_", "unknown-member"),
        ("/data/with", "missing"),
    }
    assert "for" in shape.shape(TermsSet).members


def test_what_the_ledger_works_out_is_left_out_of_a_claim() -> None:
    claimed = DELIVERED | {"amount": TWO_DAYS | {"minutes": 780}}
    assert wrong(Delivered, claimed) == {("/data/amount/minutes", "derived-member")}
    confirmed = {"delivery_id": "d1", "independence": "independent"}
    assert wrong(DeliveryConfirmed, confirmed) == {("/data/independence", "derived-member")}


def test_free_text_with_personal_data_is_refused_under_its_own_code() -> None:
    answer = {"finding_id": "writing", "accepted": True, "comment": "Ring 07700 900123"}
    with pytest.raises(LooksLikePersonalData) as caught:
        shape.read(Answered, {"response": "Ask ada@northfield.example", "findings": [answer]})
    assert [error.pointer for error in caught.value.errors] == ["/data/response", "/data/findings/0/comment"]
    assert caught.value.code == "looks-like-personal-data"


def test_a_persons_own_address_is_no_free_text() -> None:
    person = {"person_id": ref("ada"), "organisation_id": ref("northfield"), "role": "head", "name": "Ada"}
    assert shape.read(Introduced, person | {"email": "ada@northfield.example"}).email == "ada@northfield.example"


def test_nobody_hands_in_what_looks_sealed() -> None:
    sealed = {"key": ref("event 1"), "nonce": "AAAA", "sealed": 1, "text": "AAAA"}
    assert wrong(Closed, {"on": "2026-09-01", "reason": sealed}) == {("/data/reason", "wrong-type")}


def test_what_is_written_is_restored() -> None:
    fact = Delivered(
        delivery_id="d1",
        amount=Amount(quantity="2", unit="day", minutes=780),
        delivered_on=date(2026, 9, 20),
        people=(ref("ada"), ref("bea")),
        imported=False,
    )
    written = shape.write(fact)
    assert written == {
        "delivery_id": "d1",
        "amount": {"quantity": "2", "unit": "day", "minutes": 780},
        "delivered_on": "2026-09-20",
        "people": [ref("ada"), ref("bea")],
        "imported": False,
    }
    assert shape.restore(Delivered, written) == fact


def test_sealed_text_is_written_and_restored() -> None:
    fact = Closed(on=date(2026, 9, 1), reason=Sealed(key=ref("event 1"), nonce="bm9uY2U=", text="dGV4dA=="))
    written = shape.write(fact)
    assert written["reason"] == {"key": ref("event 1"), "nonce": "bm9uY2U=", "sealed": 1, "text": "dGV4dA=="}
    assert shape.restore(Closed, written) == fact


def test_what_was_admitted_once_is_restored_whatever_the_rules_say_now() -> None:
    old = {"on": "2026-09-01", "reason": "x" * 9000, "a_member_of_tomorrow": 1}
    assert shape.restore(Closed, old) == Closed(on=date(2026, 9, 1), reason="x" * 9000)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20) | st.builds(Number, st.just("1.5")),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=12), inner, max_size=4),
    max_leaves=12,
)
MEMBERS = st.sampled_from([*shape.shape(Registered).members, *shape.shape(Delivered).members])


@given(
    st.dictionaries(MEMBERS | st.text(max_size=8), JSON, max_size=8), st.sampled_from([Registered, Delivered, Issued])
)
def test_whatever_is_handed_in_is_read_or_refused(value: Any, cls: type[Any]) -> None:
    try:
        read = shape.read(cls, value)
    except ClaimMalformed as malformed:
        assert_points_into(malformed)
    else:
        assert shape.restore(cls, shape.write(read)) == read


def assert_points_into(malformed: ClaimMalformed) -> None:
    assert malformed.errors
    assert all(error.pointer.startswith("/data") for error in malformed.errors)


def test_the_ids_of_one_kind_are_found_wherever_they_stand() -> None:
    fact = shape.read(Delivered, DELIVERED | {"giver_id": ref("a"), "receiver_id": ref("b"), "people": [ref("ada")]})
    assert named(fact, "organisation") == {ref("a"), ref("b")}
    assert named(fact, "person") == {ref("ada")}
