"""Histories, the trail and its questions over HTTP: who may read them, page by page, and what they leave out."""

from __future__ import annotations

import csv
import io
from typing import Any

import pytest

from tests.api.calls import Town, hours


@pytest.fixture
def village(served: Town) -> Town:
    """Northfield and Ashfield in a hub's partnership, Oakwood outside; Northfield gave Ashfield two hours in it."""
    for name in ("Northfield", "Ashfield", "Oakwood"):
        served.school(name)
    served.key("auditor", "auditor", whole_ledger=True)
    served.cluster("Coast", "Hub", "Northfield", "Ashfield")
    inside = {"partnership_id": served.ids["Coast"], "amount": hours("2")}
    delivered = served.said("Northfield", "support.delivered", **inside, **given(served))
    served.ids["support"] = delivered["stream"]["id"]
    reason = {"delivery_id": "d1", "reason": "It was one hour"}
    disputed = served.said("Ashfield", "support.delivery_disputed", served.ids["support"], **reason)
    served.ids["position"] = str(disputed["position"])
    return served


def given(village: Town) -> dict[str, Any]:
    sides = {"giver_id": village.ids["Northfield"], "receiver_id": village.ids["Ashfield"]}
    return {"delivery_id": "d1", "delivered_on": "2026-09-01", "category": "maths", **sides}


def history(village: Town, who: str, path: str, query: str = "") -> dict[str, Any]:
    answer = village.get(who, f"/v1/{path}?min_position={village.ids['position']}{query}")
    assert answer.status_code == 200, answer.get_data(as_text=True)
    return answer.get_json()  # type: ignore[no-any-return]  # JSON has no type


def test_partners_and_coordinator_read_the_partnership_s_history(village: Town) -> None:
    path = f"partnerships/{village.ids['Coast']}/history"
    for who in ("Northfield", "Ashfield", "coordinator", "auditor"):
        items = history(village, who, path)["items"]
        assert [one["type"] for one in items] == [
            "partnership.formed", "partnership.partner_accepted", "partnership.partner_accepted",
            "support.delivered", "support.delivery_disputed",
        ]  # fmt: skip
        assert "one hour" not in str(items)
    assert village.get("Oakwood", f"/v1/{path}").status_code == 404
    assert village.get("admin", f"/v1/{path}").status_code == 403


def test_a_history_has_pages_filters_and_a_table(village: Town) -> None:
    path = f"partnerships/{village.ids['Coast']}/history"
    first = history(village, "Ashfield", path, "&limit=2&order=newest")
    assert [one["type"] for one in first["items"]] == ["support.delivery_disputed", "support.delivered"]
    rest = village.get("Ashfield", f"/v1/{path}?cursor={first['next']}").get_json()
    assert [one["type"] for one in rest["items"]][-1] == "partnership.formed"
    assert rest["has_more"] is False
    own = history(village, "Ashfield", path, f"&voice={village.ids['Ashfield']}&type=support.delivery_disputed")
    assert [one["voice_id"] for one in own["items"]] == [village.ids["Ashfield"]]
    assert history(village, "Ashfield", path, "&mark=late")["items"] == []
    answer = village.get("Ashfield", f"/v1/{path}", Accept="text/csv")
    rows = list(csv.DictReader(io.StringIO(answer.get_data(as_text=True))))
    assert (answer.headers["Cache-Control"], len(rows), rows[-1]["voice"]) == ("no-store", 5, "Ashfield")
    assert village.get("Ashfield", f"/v1/{path}?mark=wrong").status_code == 400


def test_an_organisation_s_history_is_for_who_sees_it(village: Town) -> None:
    path = f"organisations/{village.ids['Ashfield']}/history"
    types = [one["type"] for one in history(village, "Ashfield", path)["items"]]
    assert types[0] == "organisation.registered"
    assert types[-1] == "support.delivery_disputed"
    assert village.get("Oakwood", f"/v1/{path}").status_code == 404
    assert village.get("Northfield", f"/v1/{path}").status_code == 404


def test_the_trail_is_for_auditors_and_coordinators(village: Town) -> None:
    whole = history(village, "auditor", "audit/trail", "&limit=1000")["items"]
    assert [one["position"] for one in whole] == list(range(1, int(village.ids["position"]) + 1))
    seen = history(village, "coordinator", "audit/trail", "&type=support.delivered")["items"]
    assert [one["stream_id"] for one in seen] == [village.ids["support"]]
    one = (
        f"&partnership={village.ids['Coast']}&organisation={village.ids['Ashfield']}&type=partnership.partner_accepted"
    )
    assert len(history(village, "auditor", "audit/trail", one)["items"]) == 1
    assert village.get("Northfield", "/v1/audit/trail").status_code == 403
    assert village.get("coordinator", f"/v1/audit/trail?organisation={village.ids['Oakwood']}").status_code == 404


def test_questions_name_the_facts_they_rest_on(village: Town) -> None:
    last = 0
    for number in range(3):
        for giver, receiver in (("Northfield", "Ashfield"), ("Ashfield", "Northfield")):
            stream = village.delivered(giver, receiver, str(number + 3))["stream"]["id"]
            last = village.said(receiver, "support.delivery_confirmed", stream, delivery_id="d1")["position"]
    answer = village.get("auditor", f"/v1/audit/questions?min_position={last}")
    [question] = answer.get_json()["items"]
    assert (question["kind"], question["times"]) == ("mirrored", 3)
    assert {*question["organisation_ids"]} == {village.ids["Northfield"], village.ids["Ashfield"]}
    assert village.get("coordinator", "/v1/audit/questions").get_json()["items"] == []
    assert village.get("Northfield", "/v1/audit/questions").status_code == 403
    asked = f"/v1/audit/questions?partnership={village.ids['Coast']}"
    assert village.get("auditor", asked).get_json()["items"] == []


def test_questions_are_explained_couple_by_couple_and_come_page_by_page(village: Town) -> None:
    village.school("Elm")
    for other in ("Ashfield", "Elm"):
        for _ in range(3):
            for giver, receiver in (("Northfield", other), (other, "Northfield")):
                stream = village.delivered(giver, receiver)["stream"]["id"]
                village.said(receiver, "support.delivery_confirmed", stream, delivery_id="d1")
    asked = f"/v1/audit/questions?min_position={village.ledger.head()}&explain=true"
    whole = village.get("auditor", asked).get_json()
    first = village.get("auditor", asked + "&limit=1").get_json()
    rest = village.get("auditor", f"/v1/audit/questions?cursor={first['next']}").get_json()
    assert [first["items"], rest["items"]] == [whole["items"][:1], whole["items"][1:]]
    assert (first["has_more"], rest["has_more"], len(whole["items"])) == (True, False, 2)
    steps = whole["working"][0]["steps"]
    assert [step["event_ids"] for step in steps[:-1]] == [one["event_ids"] for one in whole["items"][0]["couples"]]
    assert steps[-1]["comes_to"] == "3 times"


def test_as_of_a_day_only_what_had_happened_by_then_is_told(village: Town) -> None:
    joined = {"trust_id": village.school("Trust", "trust"), "on": "2026-10-01"}
    position = village.said("admin", "organisation.joined_trust", village.ids["Ashfield"], **joined)["position"]
    village.ids["position"] = str(position)
    own = f"organisations/{village.ids['Ashfield']}/history"
    for who, path in (("Ashfield", own), ("auditor", "audit/trail")):
        today, later = (history(village, who, path, query) for query in ("", "&as_of=2026-10-01"))
        assert [one["position"] for one in later["items"]] == [
            *(one["position"] for one in today["items"]), position,
        ]  # fmt: skip
        assert (today["as_of"], later["as_of"], today["unknown"]) == ("2026-09-01", "2026-10-01", [])
    assert history(village, "Ashfield", own, "&as_of=2026-08-31")["items"] == []


def test_a_successor_reads_what_went_before(village: Town) -> None:
    village.school("Academy")
    succeeded = {"successor_id": village.ids["Academy"], "on": "2026-09-01"}
    receipt = village.said("admin", "organisation.succeeded", village.ids["Ashfield"], **succeeded)
    village.ids["position"] = str(receipt["position"])
    page = history(village, "Academy", f"organisations/{village.ids['Academy']}/history")
    disputed = next(one for one in page["items"] if one["type"] == "support.delivery_disputed")
    assert disputed["identity_ids"] == [village.ids["Ashfield"]]
    assert [(one["relation"], one["name"], one["on"]) for one in page["identities"]] == [
        ("predecessor", "Ashfield", "2026-09-01")
    ]
