"""What histories and chains tell in sentences is what the facts may tell, route by route."""

from __future__ import annotations

from typing import Any

import pytest

from tests.api.calls import Town, hours

TODAY = "2026-09-01"


@pytest.fixture
def coast(served: Town) -> Town:
    """Northfield offers Ashfield lessons against payment and gives two hours; Fern is a partner as well."""
    for name in ("Northfield", "Ashfield", "Fern"):
        served.school(name)
    served.cluster("Coast", "Hub", "Northfield", "Ashfield", "Fern")
    served.key("auditor", "auditor", whole_ledger=True)
    ids = served.ids
    offer = {"giver_id": ids["Northfield"], "partnership_id": ids["Coast"], "category": "safeguarding"}
    paid = {"basis": "paid", "paid_by": "The county", "pence_per_day": 30000}
    to = {"open_to": {"to": "organisation", "organisation_id": ids["Ashfield"]}, "amount": hours("2")}
    about = {"summary": "After the inspection", "available_from": TODAY}
    ids["given"] = served.said("Northfield", "support.offered", **offer, **to, **paid, **about)["stream"]["id"]
    agreed = {**offer, "receiver_id": ids["Ashfield"], "starts_on": TODAY, "ends_on": "2026-12-18", **paid}
    served.said("Ashfield", "support.agreed", ids["given"], **agreed, amount=hours("2"))
    delivered = {"delivery_id": "d1", "amount": hours("2"), "delivered_on": TODAY}
    served.said("Northfield", "support.delivered", ids["given"], **delivered)
    return served


def get(town: Town, who: str, path: str) -> dict[str, Any]:
    answer = town.get(who, f"{path}?min_position={town.ledger.head()}")
    assert answer.status_code == 200, answer.get_data(as_text=True)
    return answer.get_json()  # type: ignore[no-any-return]  # JSON has no type


def told(town: Town, who: str) -> dict[str, str]:
    """By type, what the partnership's history says of the support."""
    items = get(town, who, f"/v1/partnerships/{town.ids['Coast']}/history")["items"]
    return {one["type"]: one["says"] for one in items if one["stream_id"] == town.ids["given"]}


def test_of_an_offer_to_one_other_partners_are_not_told_the_words(coast: Town) -> None:
    chain = {who: get(coast, who, f"/v1/support/{coast.ids['given']}") for who in ("Ashfield", "Fern")}
    assert "After the inspection" in chain["Ashfield"]["elements"][0]["says"]
    for word in ("After the inspection", "The county", "30000"):
        assert word in str(chain["Ashfield"])
        assert word not in str(chain["Fern"])
    [link] = chain["Fern"]["chain"]
    assert [one["type"] for one in link["events"]] == ["support.offered", "support.agreed", "support.delivered"]


def test_confidence_that_is_asked_for_later_covers_what_was_told_before(coast: Town) -> None:
    assert "safeguarding" in told(coast, "Fern")["support.delivered"]
    asked = {"variation_id": "v1", "confidential": True, "reason": "A hard year"}
    coast.said("Ashfield", "support.variation_proposed", coast.ids["given"], **asked)
    for who in ("Fern", "coordinator", "auditor"):
        found = told(coast, who)
        assert set(found) == {"support.agreed", "support.delivered"}
        assert not any("safeguarding" in says for says in found.values())
    assert "safeguarding" in told(coast, "Ashfield")["support.delivered"]
    lifted = {"variation_id": "v2", "confidential": False, "reason": "It may be known"}
    coast.said("Ashfield", "support.variation_proposed", coast.ids["given"], **lifted)
    coast.said("Northfield", "support.variation_agreed", coast.ids["given"], variation_id="v2")
    assert "safeguarding" in told(coast, "Fern")["support.delivered"]


def test_of_a_peer_review_other_partners_are_told_the_plan(coast: Town) -> None:
    ids = coast.ids
    plan = {"reviewed_id": ids["Northfield"], "reviewers": [{"organisation_id": ids["Ashfield"]}], "on": TODAY}
    plan |= {"lead_id": ids["Ashfield"], "partnership_id": ids["Coast"]}
    ids["given"] = coast.said("Northfield", "review.scheduled", **plan)["stream"]["id"]
    found = [{"finding_id": "f1", "area": "Number", "judgement": "strength"}]
    coast.said("Ashfield", "review.completed", ids["given"], findings=found, on=TODAY)
    assert set(told(coast, "Fern")) == {"review.scheduled"}
    assert set(told(coast, "coordinator")) == {"review.scheduled", "review.completed"}
