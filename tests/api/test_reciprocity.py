"""Reciprocity over HTTP: of a partnership, of a trust, and of what a credential sees."""

from __future__ import annotations

from typing import Any

import pytest

from tests.api.calls import Town


@pytest.fixture
def harbour(served: Town) -> Town:
    """Northfield, Ashfield and Brookside in a partnership run by the hub; 10 h and 4 h passed, 5 h came round."""
    served.school("Hub", "hub")
    served.key("coordinator", "coordinator", "Hub")
    for name in ("Northfield", "Ashfield", "Brookside", "Elm"):
        served.school(name)
    partners = [
        {"organisation_id": served.ids[one], "role": "partner"} for one in ("Northfield", "Ashfield", "Brookside")
    ]
    aim = {"aim_id": "a", "statement": "Better", "due_on": "2027-07-01"}
    made = served.said(
        "coordinator", "partnership.formed", name="Harbour", purpose="Share", aims=[aim], partners=partners,
        starts_on="2026-09-01", coordinator_id=served.ids["Hub"],
    )  # fmt: skip
    served.ids["Harbour"] = made["stream"]["id"]
    for one in ("Northfield", "Ashfield", "Brookside"):
        said = {"organisation_id": served.ids[one], "on": "2026-09-01"}
        served.said(one, "partnership.partner_accepted", served.ids["Harbour"], **said)
    for giver, receiver, quantity in (
        ("Northfield", "Ashfield", "10"),
        ("Ashfield", "Northfield", "4"),
        ("Ashfield", "Brookside", "5"),
        ("Brookside", "Northfield", "5"),
    ):
        gave(served, giver, receiver, quantity, partnership_id=served.ids["Harbour"])
    return served


def gave(town: Town, giver: str, receiver: str, quantity: str, **more: Any) -> int:
    """A delivery that its receiver confirms; answers the position of that."""
    stream = town.delivered(giver, receiver, quantity, **more)["stream"]["id"]
    return int(town.said(receiver, "support.delivery_confirmed", stream, delivery_id="d1")["position"])


def asked(town: Town, name: str, path: str, query: str = "") -> dict[str, Any]:
    answer = town.get(name, f"{path}?min_position={town.ledger.head()}&{query}")
    assert answer.status_code == 200, answer.get_data(as_text=True)
    return answer.get_json()  # type: ignore[no-any-return]  # JSON has no type


def of_harbour(town: Town, query: str = "", name: str = "Northfield") -> dict[str, Any]:
    return asked(town, name, f"/v1/partnerships/{town.ids['Harbour']}/reciprocity", query)


def shares(told: dict[str, Any]) -> list[str]:
    return [told[name]["fraction"] for name in ("two_way", "comes_round", "one_way")]


def test_a_partnership_goes_both_ways_in_part(harbour: Town) -> None:
    told = of_harbour(harbour)
    assert shares(told) == ["1/3", "5/8", "1/24"]
    assert {"scope", "as_of", "known_at", "position", "rule_version", "unknown", "names"} <= told.keys()
    assert told["rho"]["fraction"] == "-1/2"
    assert "working" not in told
    [ring] = told["rings"]
    assert {told["names"][one] for one in ring} == {"Northfield", "Ashfield", "Brookside"}


def test_the_working_ends_in_the_number(harbour: Town) -> None:
    told = of_harbour(harbour, "explain=true")
    workings = {one["figure"]: one["steps"] for one in told["working"]}
    assert (told["comes_round"]["fraction"], workings["comes_round"][-1]["comes_to"]) == ("5/8", "62 %")
    assert all(len(step["event_ids"]) >= 2 for step in workings["two_way"][:-1])


def test_organisations_as_a_table(harbour: Town) -> None:
    path = f"/v1/partnerships/{harbour.ids['Harbour']}/reciprocity?min_position={harbour.ledger.head()}"
    header, *lines = harbour.get("Northfield", path, Accept="text/csv").get_data(as_text=True).splitlines()
    assert header.lstrip("\ufeff").split(",")[:3] == ["organisation_id", "organisation", "given_minutes"]
    assert len(lines) == 3


def test_a_partnership_is_for_those_in_it(harbour: Town) -> None:
    path = f"/v1/partnerships/{harbour.ids['Harbour']}/reciprocity"
    assert harbour.get("Elm", path).status_code == 404
    assert harbour.get("admin", path).status_code == 403
    harbour.key("posts only", "member", "Northfield", scopes=["events:write"])
    assert harbour.get("posts only", path).status_code == 403


def test_the_network_is_what_the_credential_sees(harbour: Town) -> None:
    gave(harbour, "Elm", "Hub", "3")
    gave(harbour, "Elm", "Northfield", "1")
    harbour.key("auditor", "auditor", whole_ledger=True)
    minutes = {
        name: asked(harbour, name, "/v1/network/reciprocity")["minutes"]
        for name in ("auditor", "Elm", "Ashfield", "Northfield", "coordinator")
    }
    assert minutes == {"auditor": 1680, "Elm": 240, "Ashfield": 1440, "Northfield": 1500, "coordinator": 1620}
    assert harbour.get("admin", "/v1/network/reciprocity").status_code == 403


def test_a_trust_is_for_those_who_see_all_of_it(harbour: Town) -> None:
    harbour.school("Anchor", "trust")
    for name in ("Northfield", "Elm"):
        joined = {"trust_id": harbour.ids["Anchor"], "on": "2026-09-01"}
        harbour.said("admin", "organisation.joined_trust", harbour.ids[name], **joined)
    harbour.key("chief", "coordinator", "Anchor")
    gave(harbour, "Elm", "Northfield", "2")
    path = f"/v1/trusts/{harbour.ids['Anchor']}/overview"
    told = asked(harbour, "chief", path)
    assert (told["reciprocity"]["minutes"], shares(told["reciprocity"])) == (120, ["0/1", "0/1", "1/1"])
    assert told["whole"]["outside_given_minutes"] == 600
    assert [one["name"] for one in told["partnerships"]] == ["Harbour"]
    assert harbour.get("Elm", path).status_code == 404
    assert harbour.get("Anchor", path).status_code == 404
    assert harbour.get("chief", f"/v1/trusts/{harbour.ids['Northfield']}/overview").status_code == 404


def test_a_window_is_named_or_given_by_its_days(harbour: Town) -> None:
    year = of_harbour(harbour, "window=academic_year")
    assert (year["from"], year["to"], year["minutes"]) == ("2026-09-01", "2027-08-31", 1440)
    before = of_harbour(harbour, "window=academic_year&as_of=2026-08-31")
    assert (before["from"], before["to"], before["minutes"]) == ("2025-09-01", "2026-08-31", 0)
    path = f"/v1/partnerships/{harbour.ids['Harbour']}/reciprocity"
    twice = harbour.get("Northfield", f"{path}?window=term&from=2026-09-01")
    assert (twice.status_code, twice.get_json()["code"]) == (422, "window-twice")
    assert harbour.get("Northfield", f"{path}?window=week").status_code == 400
    assert harbour.get("Northfield", f"{path}?windw=all").status_code == 400


def test_a_term_is_that_of_the_nearest_calendar(harbour: Town) -> None:
    path = f"/v1/partnerships/{harbour.ids['Harbour']}/reciprocity"
    none = harbour.get("Northfield", f"{path}?window=term&min_position={harbour.ledger.head()}")
    assert (none.status_code, none.get_json()["code"]) == (422, "no-term-on-that-day")

    def set_terms(who: str, for_: str, ends_on: str) -> None:
        term = {"name": "Autumn", "starts_on": "2026-09-01", "ends_on": ends_on}
        harbour.said(who, "calendar.terms_set", for_=for_, academic_year="2026/27", terms=[term])

    set_terms("admin", "ledger", "2026-12-18")
    assert of_harbour(harbour, "window=term")["to"] == "2026-12-18"
    set_terms("coordinator", harbour.ids["Hub"], "2026-12-11")
    assert of_harbour(harbour, "window=term")["to"] == "2026-12-11"
    assert asked(harbour, "Northfield", "/v1/network/reciprocity", "window=term")["to"] == "2026-12-18"
    holiday = harbour.get("Northfield", f"{path}?window=term&as_of=2026-12-14&min_position={harbour.ledger.head()}")
    assert (holiday.status_code, holiday.get_json()["code"]) == (422, "no-term-on-that-day")
