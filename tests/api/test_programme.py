"""The programme report and the governors' side over HTTP: who may have them, of what, as JSON and as a table."""

from __future__ import annotations

import csv
import io
from typing import Any

import pytest

from tests.api.calls import Town, hours


@pytest.fixture
def village(served: Town) -> Town:
    """A hub coordinates Coast (Northfield, Ashfield) and another hub Moor (Oakwood, Elm); each has an hour given."""
    for name in ("Northfield", "Ashfield", "Oakwood", "Elm"):
        served.school(name)
    for name, hub, partners in (("Coast", "Hub", ("Northfield", "Ashfield")), ("Moor", "Centre", ("Oakwood", "Elm"))):
        served.school(hub, "hub")
        served.key(f"{hub} coordinator", "coordinator", hub)
        served.ids[name] = form(served, name, hub, partners)
        more: dict[str, Any] = {"partnership_id": served.ids[name], "amount": hours("1")}
        stream = served.delivered(*partners, **more)["stream"]["id"]
        confirmed = served.said(partners[1], "support.delivery_confirmed", stream, delivery_id="d1")
        served.ids["position"] = str(confirmed["position"])
    served.key("auditor", "auditor", whole_ledger=True)
    return served


def form(town: Town, name: str, hub: str, partners: tuple[str, ...]) -> str:
    aim = {"aim_id": "a", "statement": "Read", "due_on": "2027-07-01"}
    named = [{"organisation_id": town.ids[one], "role": "partner"} for one in partners]
    formed = {"name": name, "purpose": "Share", "aims": [aim], "partners": named, "terms": {}}
    more = {"coordinator_id": town.ids[hub], "starts_on": "2026-09-01"}
    stream = town.said(f"{hub} coordinator", "partnership.formed", **formed, **more)["stream"]["id"]
    for one in partners:
        joined = {"organisation_id": town.ids[one], "on": "2026-09-01"}
        town.said(one, "partnership.partner_accepted", stream, **joined)
    return str(stream)


def report(village: Town, who: str, query: str = "", status: int = 200) -> dict[str, Any]:
    answer = village.get(who, f"/v1/programmes/report?min_position={village.ids['position']}{query}")
    assert answer.status_code == status, answer.get_data(as_text=True)
    return answer.get_json()  # type: ignore[no-any-return]  # JSON has no type


def of(answer: dict[str, Any]) -> list[str]:
    return [answer["names"][one["partnership_id"]] for one in answer["partnerships"]]


def test_all_that_is_in_sight(village: Town) -> None:
    assert of(report(village, "auditor")) == ["Coast", "Moor"]
    assert of(report(village, "Hub coordinator")) == ["Coast"]
    assert of(report(village, "Elm")) == ["Moor"]
    assert report(village, "Hub")["counts"] == {"partnerships": 0, "schools": 0}
    report(village, "admin", status=403)


def test_named_ones_in_sight_and_no_others(village: Town) -> None:
    coast, moor = f"&partnership={village.ids['Coast']}", f"&partnership={village.ids['Moor']}"
    assert of(report(village, "auditor", moor)) == ["Moor"]
    assert report(village, "auditor", coast + moor)["totals"]["confirmed_minutes"] == 120
    report(village, "Hub coordinator", moor, 404)
    report(village, "Northfield", coast + moor, 404)
    report(village, "auditor", f"&partnership={village.ids['Elm']}", 404)
    assert of(report(village, "auditor", f"&coordinator={village.ids['Centre']}")) == ["Moor"]


def test_the_rate_is_asked_for(village: Town) -> None:
    value = report(village, "auditor", "&pence_per_day=39000&supplier_pence_per_day=19500")["value"]
    assert (value["value_pence"], value["supplier_pence"], value["other_pence"]) == (12_000, 6_000, 6_000)
    wrong = report(village, "auditor", "&pence_per_day=10&supplier_pence_per_day=11", 400)
    assert [one["pointer"] for one in wrong["errors"]] == ["/supplier_pence_per_day"]


def test_a_line_for_each_partnership(village: Town) -> None:
    answer = village.get("auditor", f"/v1/programmes/report?min_position={village.ids['position']}", Accept="text/csv")
    rows = list(csv.DictReader(io.StringIO(answer.get_data(as_text=True))))
    assert [(one["partnership"], one["confirmed_minutes"], one["one_way"]) for one in rows] == [
        ("Coast", "60", "1/1"), ("Moor", "60", "1/1"),
    ]  # fmt: skip
    assert "Northfield" not in answer.get_data(as_text=True)


def test_it_explains_itself(village: Town) -> None:
    working = {one["figure"]: one["steps"] for one in report(village, "auditor", "&explain=true")["working"]}
    assert working["confirmed_minutes"][-1]["comes_to"] == "2 h"


def test_the_governors_side_is_for_itself_and_its_auditor(village: Town) -> None:
    path = f"/v1/organisations/{village.ids['Northfield']}/governors?min_position={village.ids['position']}"
    side = village.get("Northfield", path).get_json()
    assert [(one["side"], one["confirmed_minutes"]) for one in side["support"]] == [("gave", 60)]
    assert (side["from"], len(side["said"])) == ("2026-09-01", 2)
    assert village.get("auditor", path).status_code == 200
    for who in ("Ashfield", "Hub coordinator", "Oakwood"):
        assert village.get(who, path).status_code == 404
    rows = list(csv.DictReader(io.StringIO(village.get("Northfield", path, Accept="text/csv").get_data(as_text=True))))
    assert [(one["partner"], one["category"]) for one in rows] == [("Ashfield", "maths")]
