"""The health of a partnership over HTTP: who reads how much, in which shape, and since when."""

from __future__ import annotations

import csv
import io
from datetime import timedelta
from typing import Any

import pytest

from ledger.clock import SetClock
from projections.health.dimension import NAMES
from tests.api.calls import Town

FORMED: dict[str, Any] = {
    "name": "Harbour Cluster",
    "purpose": "Better mathematics",
    "aims": [
        {"aim_id": "maths", "statement": "Raise attainment", "success_measure": "+5 points", "due_on": "2027-07-01"}
    ],
    "starts_on": "2026-09-01",
    "terms": {"grace_days": 0},
}
SCHOOLS = ("Northfield", "Ashfield", "Brookside")
RATINGS = {"purpose": 4, "trust": 5, "reciprocity": 2, "challenge": 3, "impact": 4}
SOUND = [{"finding_id": "f1", "area": "Reading", "judgement": "sound"}]


@pytest.fixture
def harbour(served: Town) -> Town:
    """Three partners and an invited school; Northfield and Ashfield helped each other and say how they find it."""
    for name in (*SCHOOLS, "Elmwood", "Outside"):
        served.school(name)
    served.key("auditor", "auditor", whole_ledger=True)
    served.cluster("harbour", "hub", *SCHOOLS, invited=("Elmwood",), **FORMED)
    for giver, receiver, quantity in (("Northfield", "Ashfield", "3"), ("Ashfield", "Northfield", "1")):
        support = served.delivered(giver, receiver, quantity, partnership_id=served.ids["harbour"])["stream"]["id"]
        served.said(receiver, "support.delivery_confirmed", support, delivery_id="d1")
    for one in SCHOOLS[:2]:
        served.said(one, "partnership.reviewed", served.ids["harbour"], ratings=RATINGS, decision="continue")
    return served


def get(town: Town, name: str, query: str = "", path: str = "health", **headers: str) -> Any:
    at = f"min_position={town.ledger.head()}"
    return town.get(name, f"/v1/partnerships/{town.ids['harbour']}/{path}?{query}&{at}".replace("?&", "?"), **headers)


def test_the_shape_of_the_answer(harbour: Town) -> None:
    body = get(harbour, "Northfield").get_json()
    assert tuple(body["dimensions"]) == NAMES
    assert body["dimensions"]["reciprocity"]["f"] == {"fraction": "1/2", "value": 0.5}
    assert body["dimensions"]["reciprocity"]["score"] == {"fraction": "2/1", "value": 2.0}
    assert len(body["dimensions"]["reciprocity"]["event_ids"]) == 4
    assert body["dimensions"]["outcomes"]["f"] is None
    assert body["dimensions"]["outcomes"]["why"] == "no support was completed in the last 365 days"
    assert (body["band"], body["overall"]["fraction"]) == ("from_92", "31/40")
    assert (body["low"], body["codes"]) == ([], [])
    assert body["coverage"] == {"known": 5, "of": 8, "missing": ["follow_through", "outcomes", "challenge"]}
    assert body["unknown"] == ["follow_through", "outcomes", "challenge"]
    received = body["confirmation_by_receiver"]
    assert {one: each["f"]["fraction"] for one, each in received.items()} == {
        harbour.ids["Northfield"]: "1/1",
        harbour.ids["Ashfield"]: "1/1",
    }
    assert body["next_review"] == {"due_on": "2026-11-30", "scheduled": False, "overdue": False}
    assert body["benchmark"]["follow_through"]["value"] == 0.893204
    assert (body["scope"], body["rule_version"]) == ({"partnership": harbour.ids["harbour"]}, "health/1")
    assert body["names"][harbour.ids["Ashfield"]] == "Ashfield"
    assert "working" not in body


def test_before_it_began_nothing_is_known_and_the_whole_says_why(harbour: Town) -> None:
    body = get(harbour, "Northfield", "as_of=2026-08-31").get_json()
    assert (body["overall"], body["band"]) == (None, "unknown")
    assert body["why"]["overall"]
    assert "overall" in body["unknown"]


def test_what_others_said_is_for_the_coordinator_and_the_auditor_until_three_have_answered(harbour: Town) -> None:
    own = get(harbour, "Ashfield").get_json()["said"]
    assert (own["answered"], own["ratings"], own["why"]) == (2, {}, "fewer than three have answered")
    assert [one["organisation_id"] for one in own["answers"] if "ratings" in one] == [harbour.ids["Ashfield"]]
    for name in ("coordinator", "auditor"):
        said = get(harbour, name).get_json()["said"]
        assert said["ratings"]["trust"] == {"count": 2, "lowest": 5, "highest": 5}
        assert [one["ratings"] for one in said["answers"]] == [RATINGS, RATINGS]
    harbour.said("Brookside", "partnership.reviewed", harbour.ids["harbour"], ratings=RATINGS, decision="continue")
    assert get(harbour, "Ashfield").get_json()["said"]["ratings"]["purpose"]["count"] == 3


def swapped(town: Town) -> None:
    """Northfield and Ashfield review each other and find nothing to work on."""
    for whose, by in (("Northfield", "Ashfield"), ("Ashfield", "Northfield")):
        plan = {"reviewed_id": town.ids[whose], "lead_id": town.ids[by], "on": "2026-09-01"}
        reviewers = [{"organisation_id": town.ids[by]}]
        review = town.said(whose, "review.scheduled", reviewers=reviewers, **plan)["stream"]["id"]
        town.said(by, "review.completed", review, findings=SOUND, on="2026-09-01")


def test_the_code_is_for_the_partners_and_their_coordinator(harbour: Town) -> None:
    swapped(harbour)
    for name in ("Northfield", "Brookside", "coordinator"):
        assert get(harbour, name).get_json()["codes"] == ["cosy"]
    for name in ("Elmwood", "auditor"):  # Elmwood is only invited
        looking_on = get(harbour, name).get_json()
        assert (looking_on["codes"], looking_on["low"]) == ([], ["challenge"])


def test_outside_it_is_not_there_and_an_admin_reads_no_figures(harbour: Town) -> None:
    for path in ("health", "health/history"):
        assert get(harbour, "Outside", path=path).status_code == 404
        assert get(harbour, "admin", path=path).status_code == 403
        absent = f"/v1/partnerships/{harbour.ids['Northfield']}/{path}"
        assert harbour.get("Northfield", absent).status_code == 404


def test_an_unknown_parameter_is_refused_with_the_one_that_was_meant(harbour: Town) -> None:
    answer = get(harbour, "Northfield", "as_off=2026-09-01")
    assert answer.status_code == 400
    assert "as_of" in answer.get_json()["errors"][0]["detail"]
    assert get(harbour, "Northfield", "from=2026-09-01").status_code == 400


def test_each_figure_explains_itself_and_ends_in_the_number(harbour: Town) -> None:
    working = {one["figure"]: one for one in get(harbour, "Northfield", "explain=true").get_json()["working"]}
    assert tuple(working) == (*NAMES, "overall")
    last = {name: one["steps"][-1]["comes_to"] for name, one in working.items()}
    assert (last["reciprocity"], last["outcomes"], last["overall"]) == ("50 %", "unknown", "78 %")
    assert len(working["reciprocity"]["steps"][-1]["event_ids"]) == 4
    assert {one["rule_version"] for one in working.values()} == {"health/1"}


def test_as_known_at_a_position_the_first_facts_alone_count(harbour: Town) -> None:
    before = harbour.ledger.head()
    support = harbour.delivered("Northfield", "Ashfield", "8", partnership_id=harbour.ids["harbour"])["stream"]["id"]
    harbour.said("Ashfield", "support.delivery_confirmed", support, delivery_id="d1")
    then = get(harbour, "Northfield", f"known_at=position:{before}").get_json()
    assert then["dimensions"]["reciprocity"]["f"]["fraction"] == "1/2"
    assert get(harbour, "Northfield").get_json()["dimensions"]["reciprocity"]["f"]["fraction"] == "1/6"


def test_who_has_it_already_gets_it_not_again(harbour: Town) -> None:
    first = get(harbour, "Northfield", "explain=true")
    assert first.headers["ETag"].startswith('W/"')
    assert get(harbour, "Northfield", "explain=true", If_None_Match=first.headers["ETag"]).status_code == 304


def test_the_table_begins_with_the_lowest(harbour: Town) -> None:
    swapped(harbour)
    answer = get(harbour, "coordinator", Accept="text/csv")
    rows = list(csv.DictReader(io.StringIO(answer.get_data(as_text=True))))
    assert len(rows) == 8
    assert (rows[0]["dimension"], rows[0]["band"], rows[0]["f"]) == ("challenge", "below_50", "1/4")
    assert (rows[0]["said_lowest"], rows[0]["said_highest"], rows[0]["said_count"]) == ("3", "3", "2")
    assert (rows[-1]["band"], rows[-1]["f"]) == ("unknown", "")
    assert rows[-1]["reason"]


def test_its_history_tells_what_changed_on_which_day(harbour: Town, clock: SetClock) -> None:
    clock.advance(timedelta(days=60))
    body = get(harbour, "Northfield", path="health/history").get_json()
    assert (body["from"], body["to"]) == ("2026-09-01", "2026-10-31")
    first = {one["what"]: one for one in body["items"] if one["on"] == "2026-09-01"}
    assert (first["band"]["from_band"], first["band"]["to_band"]) == ("unknown", "from_92")
    assert first["reciprocity"]["to"]["fraction"] == "1/2"
    assert len(first["reciprocity"]["event_ids"]) >= 4
    [falls] = [one for one in body["items"] if one["on"] == "2026-10-17" and one["what"] == "tempo"]
    assert (falls["from"]["fraction"], falls["to"]["fraction"]) == ("1/1", "89/90")
    later = get(harbour, "Northfield", "from=2026-10-17&to=2026-10-18", path="health/history").get_json()
    assert [(one["on"], one["what"]) for one in later["items"]] == [("2026-10-17", "tempo")]
    table = get(harbour, "Northfield", path="health/history", Accept="text/csv").get_data(as_text=True)
    assert len(list(csv.DictReader(io.StringIO(table)))) == len(body["items"])


def test_its_history_page_by_page_and_explained(harbour: Town) -> None:
    path, query = "health/history", "as_of=2026-09-01&explain=true"
    whole = get(harbour, "Northfield", query, path=path).get_json()
    first = get(harbour, "Northfield", query + "&limit=2", path=path)
    assert (first.get_json()["items"], first.get_json()["has_more"]) == (whole["items"][:2], True)
    rest = harbour.get("Northfield", f"/v1/partnerships/{harbour.ids['harbour']}/{path}?cursor={first.json['next']}")
    assert (rest.get_json()["items"], rest.get_json()["has_more"]) == (whole["items"][2:], False)
    assert len(rest.get_json()["working"]) == len(whole["items"]) - 2
    steps = {one["figure"]: one["steps"] for one in whole["working"]}
    assert [one["comes_to"] for one in steps["reciprocity"]] == ["unknown", "50 %"]
    [change] = [one for one in whole["items"] if one["what"] == "reciprocity"]
    assert steps["reciprocity"][-1]["event_ids"] == change["event_ids"]
    other = harbour.get("Northfield", f"/v1/partnerships/{harbour.ids['harbour']}/history?limit=1").get_json()["next"]
    assert get(harbour, "Northfield", f"cursor={other}", path=path).status_code == 400


def test_a_history_runs_forwards_and_not_for_ever(harbour: Town) -> None:
    backwards = get(harbour, "Northfield", "from=2026-09-02&to=2026-09-01", path="health/history")
    assert backwards.status_code == 400
    too_long = get(harbour, "Northfield", "as_of=2031-09-01&from=2026-09-01", path="health/history")
    assert too_long.status_code == 400
    assert [one["pointer"] for one in too_long.get_json()["errors"]] == ["/from"]
