"""From a finding to what came of it, as one chain."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from projections.views import Asked
from tests.projections.reviews.harbour import AUDITOR, Harbour
from tests.projections.reviews.notes import TO_DEVELOP

TWO_DAYS = {"quantity": "2", "unit": "day"}
ONE_DAY = {"quantity": "1", "unit": "day"}
ACCEPTED = {"response": "We agree", "findings": [{"finding_id": "writing", "accepted": True}]}


@pytest.fixture
def review_id(harbour: Harbour) -> str:
    """Oakwood found writing to develop at Northfield, which accepts it."""
    found = harbour.held("Northfield", "Oakwood", "2026-09-14", TO_DEVELOP)
    harbour.at("2026-09-15").said("Northfield", "review.answered", found, **ACCEPTED)
    return found


def asked(harbour: Harbour, review_id: str, **more: Any) -> str:
    """Northfield asks Ashfield for two days because of the finding."""
    data = {
        "receiver_id": harbour.ids["Northfield"],
        "partnership_id": harbour.ids["Harbour"],
        "category": "english",
        "need": "Somebody to plan writing with us",
        "amount": TWO_DAYS,
        "open_to": {"to": "organisation", "organisation_id": harbour.ids["Ashfield"]},
        "arising_from": {"review_id": review_id, "finding_id": "writing"},
    }
    given = {name: value for name, value in (data | more).items() if value is not None}
    return harbour.at("2026-09-16").said("Northfield", "support.requested", **given).stream_id


def agreed(harbour: Harbour, support_id: str | None = None, **more: Any) -> str:
    data = {
        "giver_id": harbour.ids["Ashfield"],
        "receiver_id": harbour.ids["Northfield"],
        "partnership_id": harbour.ids["Harbour"],
        "category": "english",
        "amount": TWO_DAYS,
        "starts_on": "2026-09-20",
        "ends_on": "2026-10-30",
        "basis": "exchange",
    }
    who = "Northfield" if "answers" in more else "Ashfield"
    return harbour.at("2026-09-17").said(who, "support.agreed", support_id, **data | more).stream_id


def given(harbour: Harbour, support_id: str) -> None:
    """One day given and confirmed, one only recorded, and what came of it."""
    for number, on in enumerate(("2026-09-25", "2026-09-28"), 1):
        day = {"delivery_id": f"d{number}", "amount": ONE_DAY, "delivered_on": on}
        harbour.at(on).said("Ashfield", "support.delivered", support_id, **day)
    harbour.said("Northfield", "support.delivery_confirmed", support_id, delivery_id="d1")
    outcome = {"impact": 2, "evidence": "Longer texts", "assessed_on": "2026-10-12"}
    harbour.at("2026-10-12").said("Northfield", "support.outcome_recorded", support_id, **outcome)


def chain(answer: dict[str, Any]) -> list[tuple[Any, ...]]:
    [finding] = answer["findings"]
    return [(link["step"], link["on"], link.get("minutes", link.get("impact"))) for link in finding["chain"]]


WHOLE = [
    ("found", "2026-09-14", None),
    ("accepted", "2026-09-15", None),
    ("asked", "2026-09-16", 780),
    ("agreed", "2026-09-17", 780),
    ("delivered", "2026-09-25", 390),
    ("recorded", "2026-09-28", 390),
    ("outcome", "2026-10-12", 2),
]


def test_the_whole_chain_in_one_stream(harbour: Harbour, review_id: str) -> None:
    support_id = asked(harbour, review_id)
    given(harbour, agreed(harbour, support_id))
    answer = harbour.one(harbour.member("Northfield"), review_id)
    [finding] = answer["findings"]
    assert chain(answer) == WHOLE
    assert finding["reached"] == "outcome"
    assert {link["support_id"] for link in finding["chain"] if "support_id" in link} == {support_id}
    delivered = next(link for link in finding["chain"] if link["step"] == "delivered")
    facts = [harbour.village.ledger.fact(event_id).type for event_id in delivered["event_ids"]]
    assert facts == ["support.delivered", "support.delivery_confirmed"]
    assert answer["names"][harbour.ids["Ashfield"]] == "Ashfield"


def test_a_request_to_many_is_followed_into_the_agreement(harbour: Harbour, review_id: str) -> None:
    request_id = asked(harbour, review_id, open_to={"to": "partnership"})
    interest = {"interest_id": "i1", "organisation_id": harbour.ids["Ashfield"], "amount": TWO_DAYS}
    harbour.said("Ashfield", "support.interest_shown", request_id, **interest)
    support_id = agreed(harbour, answers={"support_id": request_id, "interest_id": "i1"})
    given(harbour, support_id)
    answer = harbour.one(harbour.member("Northfield"), review_id)
    assert support_id != request_id
    assert chain(answer) == WHOLE
    [finding] = answer["findings"]
    steps = {link["step"]: link["support_id"] for link in finding["chain"] if "support_id" in link}
    assert (steps["asked"], steps["agreed"], steps["outcome"]) == (request_id, support_id, support_id)


def test_as_of_a_day_the_chain_is_as_long_as_it_was(harbour: Harbour, review_id: str) -> None:
    given(harbour, agreed(harbour, asked(harbour, review_id)))

    def reached(day: int, month: int = 9) -> str:
        answer = harbour.one(AUDITOR, review_id, Asked(as_of=date(2026, month, day)))
        return str(answer["findings"][0]["reached"])

    assert [reached(14), reached(15), reached(16), reached(17), reached(25)] == [
        "found", "accepted", "asked", "agreed", "delivered",
    ]  # fmt: skip
    assert reached(12, 10) == "outcome"


def test_what_its_receiver_has_not_confirmed_is_not_delivered(harbour: Harbour, review_id: str) -> None:
    support_id = agreed(harbour, asked(harbour, review_id))
    day = {"delivery_id": "d1", "amount": ONE_DAY, "delivered_on": "2026-09-25"}
    harbour.at("2026-09-25").said("Ashfield", "support.delivered", support_id, **day)
    [finding] = harbour.one(AUDITOR, review_id)["findings"]
    assert (finding["chain"][-1]["step"], finding["reached"]) == ("recorded", "agreed")


def test_what_is_not_accepted_leads_nowhere(harbour: Harbour) -> None:
    found = harbour.held("Northfield", "Oakwood", "2026-09-14", TO_DEVELOP)
    answer = {"response": "No", "findings": [{"finding_id": "writing", "accepted": False}]}
    harbour.said("Northfield", "review.answered", found, **answer)
    [finding] = harbour.one(AUDITOR, found)["findings"]
    assert ([link["step"] for link in finding["chain"]], finding["reached"]) == (["found", "not_accepted"], "found")


def test_confidential_support_is_followed_by_its_two_sides_alone(harbour: Harbour, review_id: str) -> None:
    support_id = asked(harbour, review_id, confidential=True)
    agreed(harbour, support_id, confidential=True)
    for reader in (harbour.member("Oakwood"), harbour.hub(), AUDITOR):
        assert chain(harbour.one(reader, review_id)) == WHOLE[:2]
    assert chain(harbour.one(harbour.member("Northfield"), review_id)) == WHOLE[:4]


def test_a_reader_follows_only_the_support_it_sees(harbour: Harbour, review_id: str) -> None:
    asked(harbour, review_id, partnership_id=None)
    assert chain(harbour.one(harbour.member("Oakwood"), review_id)) == WHOLE[:2]
    assert chain(harbour.one(harbour.member("Northfield"), review_id)) == WHOLE[:3]
