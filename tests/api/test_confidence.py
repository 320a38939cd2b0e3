"""Confidential support is told under its own category to its sides alone, route by route."""

from __future__ import annotations

from typing import Any

import pytest

from tests.api.calls import Town, hours
from tests.api.test_programme import form

TODAY = "2026-09-01"


@pytest.fixture
def coast(served: Town) -> Town:
    """Northfield gave Ashfield 2 h of safeguarding in confidence, and Fern an hour of maths; all are in Coast."""
    for name in ("Northfield", "Ashfield", "Fern"):
        served.school(name)
    served.school("Hub", "hub")
    served.key("Hub coordinator", "coordinator", "Hub")
    served.school("Oak", "trust")
    served.said("Ashfield", "organisation.joined_trust", served.ids["Ashfield"], trust_id=served.ids["Oak"], on=TODAY)
    served.key("Oak auditor", "auditor", trust=served.ids["Oak"])
    served.key("Oak coordinator", "coordinator", "Oak")
    served.key("auditor", "auditor", whole_ledger=True)
    served.ids["Coast"] = form(served, "Coast", "Hub", ("Northfield", "Ashfield", "Fern"))
    served.ids["kept"] = agreed(served, "Ashfield", "safeguarding", "2", confidential=True)
    agreed(served, "Fern", "maths", "1")
    return served


def agreed(town: Town, receiver: str, category: str, quantity: str, **more: Any) -> str:
    """A request of a school to Northfield that it takes up, and gives; answers the support's id."""
    ids = town.ids
    asked = {"receiver_id": ids[receiver], "partnership_id": ids["Coast"], "category": category, "need": "As agreed"}
    to = {"open_to": {"to": "organisation", "organisation_id": ids["Northfield"]}, "amount": hours(quantity)}
    support = town.said(receiver, "support.requested", **asked, **to, **more)["stream"]["id"]
    sides = {"giver_id": ids["Northfield"], "receiver_id": ids[receiver], "partnership_id": ids["Coast"]}
    days = {"starts_on": TODAY, "ends_on": "2026-12-18", "amount": hours(quantity), "basis": "exchange"}
    town.said("Northfield", "support.agreed", support, **sides, **days, category=category)
    delivery = {"delivery_id": "d1", "amount": hours(quantity), "delivered_on": TODAY}
    town.said("Northfield", "support.delivered", support, **delivery)
    town.said(receiver, "support.delivery_confirmed", support, delivery_id="d1")
    return str(support)


def get(town: Town, who: str, path: str) -> dict[str, Any]:
    answer = town.get(who, f"{path}{'&' if '?' in path else '?'}min_position={town.ledger.head()}")
    assert answer.status_code == 200, answer.get_data(as_text=True)
    return answer.get_json()  # type: ignore[no-any-return]  # JSON has no type


SIDES = ("Northfield", "Ashfield", "Oak coordinator")
OTHERS = ("Fern", "Hub coordinator", "Oak auditor", "auditor")


def categories(told: dict[str, Any]) -> dict[str, int]:
    return {one["category"]: one["minutes"] for one in told["categories"]}


def lift(town: Town) -> None:
    """Both lift it."""
    varied = {"variation_id": "v1", "confidential": False, "reason": "It may be known"}
    town.said("Ashfield", "support.variation_proposed", town.ids["kept"], **varied)
    town.said("Northfield", "support.variation_agreed", town.ids["kept"], variation_id="v1")


def test_reciprocity_by_category(coast: Town) -> None:
    path = f"/v1/partnerships/{coast.ids['Coast']}/reciprocity"
    open_, kept = {"maths": 60, "safeguarding": 120}, {"maths": 60, "other": 120}
    assert {who: categories(get(coast, who, path)) for who in SIDES} == dict.fromkeys(SIDES, open_)
    assert {who: categories(get(coast, who, path)) for who in OTHERS} == dict.fromkeys(OTHERS, kept)
    assert categories(get(coast, "auditor", "/v1/network/reciprocity")) == kept
    assert categories(get(coast, "Ashfield", "/v1/network/reciprocity")) == open_
    report = get(coast, "Fern", "/v1/programmes/report")
    assert {one["category"]: one["confirmed_minutes"] for one in report["support"]} == kept
    lift(coast)
    assert categories(get(coast, "Fern", path)) == categories(get(coast, "auditor", path)) == open_


@pytest.mark.parametrize("who", [*SIDES[1:], *OTHERS[2:]])
def test_the_lines_of_an_account(coast: Town, who: str) -> None:
    path = f"/v1/organisations/{coast.ids['Ashfield']}/statement"
    wanted = "safeguarding" if who in SIDES else "other"
    assert [one["category"] for one in get(coast, who, path)["items"]] == [wanted]
    lift(coast)
    assert [one["category"] for one in get(coast, who, path)["items"]] == ["safeguarding"]


def test_the_side_for_governors(coast: Town) -> None:
    path = f"/v1/organisations/{coast.ids['Ashfield']}/governors"
    for who, category in (("Ashfield", "safeguarding"), ("Oak auditor", "other"), ("auditor", "other")):
        side = get(coast, who, f"{path}?explain=true")
        assert {one["category"] for one in (*side["outcomes"], *side["support"])} == {category}
        assert ("safeguarding" in str(side)) == (who == "Ashfield")


def test_ids_of_points_are_kept_by_nobody(coast: Town) -> None:
    for what in ("withdrawal-points", f"way-out?organisation={coast.ids['Ashfield']}"):
        answer = coast.get("Ashfield", f"/v1/partnerships/{coast.ids['Coast']}/{what}")
        assert answer.headers["Cache-Control"] == "no-store"
