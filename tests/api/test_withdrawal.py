"""Points and the way out over HTTP: who may read them, filters, pages, tables, and what is refused."""

from __future__ import annotations

import csv
import io
from datetime import timedelta
from typing import Any

import pytest

from ledger.clock import SetClock
from tests.api.calls import Town

SCHOOLS = ("Northfield", "Ashfield", "Brookside")


@pytest.fixture
def harbour(served: Town) -> Town:
    """Three partners and an invited school, a review due on 30 November, one delivery that nobody answered."""
    for name in (*SCHOOLS, "Elmwood", "Outside"):
        served.school(name)
    served.key("auditor", "auditor", whole_ledger=True)
    served.cluster("harbour", "hub", *SCHOOLS, invited=("Elmwood",), name="Harbour Cluster")
    served.delivered("Northfield", "Ashfield", "3", partnership_id=served.ids["harbour"])
    return served


def get(town: Town, name: str, path: str, query: str = "", **headers: str) -> Any:
    at = f"min_position={town.ledger.head()}"
    return town.get(name, f"/v1/partnerships/{town.ids['harbour']}/{path}?{at}&{query}".rstrip("&"), **headers)


def points(town: Town, name: str, query: str = "as_of=2026-10-05") -> dict[str, Any]:
    answer = get(town, name, "withdrawal-points", query)
    assert answer.status_code == 200, answer.get_data(as_text=True)
    return answer.get_json()  # type: ignore[no-any-return]  # JSON has no type


def test_the_points_of_every_partner(harbour: Town) -> None:
    body = points(harbour, "Northfield")
    assert body["scope"] == {"partnership": harbour.ids["harbour"]}
    assert {one["organisation_id"] for one in body["items"]} == {harbour.ids[one] for one in SCHOOLS}
    assert {(one["kind"], one["state"], one["opens_on"], one["notice_by"]) for one in body["items"]} == {
        ("review_due", "open", "2026-10-01", "2026-10-31")
    }
    assert body["unknown"] == []
    assert body["names"][harbour.ids["Ashfield"]] == "Ashfield"


def test_by_partner_and_by_state(harbour: Town) -> None:
    one = points(harbour, "coordinator", f"as_of=2026-10-05&organisation={harbour.ids['Ashfield']}")
    assert [item["organisation_id"] for item in one["items"]] == [harbour.ids["Ashfield"]]
    assert points(harbour, "coordinator", "as_of=2026-10-05&state=passed")["items"] == []


def test_page_by_page_with_cursors(harbour: Town) -> None:
    first = get(harbour, "Northfield", "withdrawal-points", "as_of=2026-10-05&limit=2")
    body = first.get_json()
    assert (len(body["items"]), body["has_more"]) == (2, True)
    assert 'rel="next"' in first.headers["Link"]
    rest = points(harbour, "Northfield", f"cursor={body['next']}")
    assert (len(rest["items"]), rest["has_more"], rest["as_of"]) == (1, False, "2026-10-05")
    assert rest["next"]
    wrong = harbour.get("Northfield", "/v1/events?limit=1").get_json()["next"]
    assert get(harbour, "Northfield", "withdrawal-points", f"cursor={wrong}").status_code == 400


def test_a_table(harbour: Town) -> None:
    answer = get(harbour, "Northfield", "withdrawal-points", "as_of=2026-10-05", Accept="text/csv")
    lines = list(csv.DictReader(io.StringIO(answer.get_data(as_text=True))))
    assert {(one["organisation"], one["kind"]) for one in lines} == {(name, "review_due") for name in SCHOOLS}


def test_it_explains_itself(harbour: Town) -> None:
    body = points(harbour, "Northfield", "as_of=2026-10-05&explain=true")
    assert {one["figure"] for one in body["working"]} == {one["point_id"] for one in body["items"]}


@pytest.mark.parametrize("path", ["withdrawal-points", "way-out"])
def test_outside_there_is_nothing(harbour: Town, path: str) -> None:
    query = f"organisation={harbour.ids['Ashfield']}" if path == "way-out" else ""
    for name in ("Northfield", "Elmwood", "coordinator", "auditor"):
        assert get(harbour, name, path, query).status_code == 200
    assert get(harbour, "Outside", path, query).status_code == 404
    assert get(harbour, "admin", path, query).status_code == 403


def test_unknown_parameters_are_refused(harbour: Town) -> None:
    for path, query in (
        ("withdrawal-points", "states=open"),
        ("withdrawal-points", "state=closed"),
        ("way-out", "day=1"),
    ):
        assert get(harbour, "Northfield", path, query).status_code == 400


def test_the_way_out_of_any_partner_on_any_day(harbour: Town) -> None:
    query = f"organisation={harbour.ids['Ashfield']}&on=2026-12-01"
    body = get(harbour, "Northfield", "way-out", query).get_json()
    assert (body["on"], body["as_of"], body["leaving"]["earliest_leaving_on"]) == (
        "2026-12-01", "2026-12-01", "2026-12-31",
    )  # fmt: skip
    [delivery] = body["open"]["deliveries"]
    assert (delivery["side"], delivery["awaits"]) == ("gets", [harbour.ids["Ashfield"]])
    assert {one["organisation_id"] for one in body["standing"]} == {harbour.ids["Northfield"], harbour.ids["Brookside"]}


def test_a_member_means_its_own_way_out_where_it_says_none(harbour: Town) -> None:
    assert get(harbour, "Ashfield", "way-out").get_json()["organisation_id"] == harbour.ids["Ashfield"]
    assert get(harbour, "coordinator", "way-out").status_code == 400
    assert get(harbour, "coordinator", "way-out", f"organisation={harbour.ids['Outside']}").status_code == 404


def test_a_notice_takes_its_point(harbour: Town, clock: SetClock) -> None:
    clock.advance(timedelta(days=34))
    [point] = points(harbour, "Ashfield", f"organisation={harbour.ids['Ashfield']}")["items"]
    harbour.said(
        "Ashfield", "partnership.notice_given", harbour.ids["harbour"], point_id=point["point_id"],
        leaves_on="2026-11-30", reason="We look elsewhere",
    )  # fmt: skip
    body = points(harbour, "Northfield", f"organisation={harbour.ids['Ashfield']}")
    assert [(one["point_id"], one["state"]) for one in body["items"]] == [(point["point_id"], "taken")]
    [notice] = body["notices"]
    assert (notice["organisation_id"], notice["leaves_on"], notice["point_was_open"]) == (
        harbour.ids["Ashfield"], "2026-11-30", True,
    )  # fmt: skip
    leaving = get(harbour, "Ashfield", "way-out").get_json()["leaving"]
    assert (leaving["earliest_leaving_on"], leaving["notice"]["event_id"]) == ("2026-11-30", notice["event_id"])
