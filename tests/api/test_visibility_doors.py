"""Who is given what over HTTP: confidential support, peer reviews, who left, and the filters."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import orjson
import pytest

from ledger.clock import SetClock
from tests.api.calls import Town, event, hours

TODAY = "2026-09-01"


@pytest.fixture
def coast(town: Town) -> Town:
    """Northfield gives Ashfield two hours of safeguarding in confidence; Fern is a partner as well, Elm is not."""
    for name in ("Northfield", "Ashfield", "Fern", "Elm"):
        town.school(name)
    town.cluster("Coast", "Hub", "Northfield", "Ashfield", "Fern", terms={"allow_immediate": True})
    town.key("auditor", "auditor", whole_ledger=True)
    town.key("machine", "client", "Fern", "Elm", scopes=("events:read",))
    town.ids["kept"] = kept(town)
    return town


def kept(town: Town) -> str:
    """The confidential support, with what its sides call things."""
    to = {"open_to": {"to": "organisation", "organisation_id": town.ids["Northfield"]}, "amount": hours("2")}
    asked = {"receiver_id": town.ids["Ashfield"], "partnership_id": town.ids["Coast"], "category": "safeguarding"}
    request = event("support.requested", **asked, **to, need="A hard year", confidential=True)
    support = town.post("Ashfield", request | {"correlationid": "case-7"}).get_json()["stream"]["id"]
    sides = {"giver_id": town.ids["Northfield"], **asked, "amount": hours("2"), "basis": "exchange"}
    town.said("Northfield", "support.agreed", support, **sides, starts_on=TODAY, ends_on="2026-12-18")
    given = event("support.delivered", support, delivery_id="case-7", amount=hours("2"), delivered_on=TODAY)
    given |= {"correlationid": "case-7", "causationid": "case-6"}
    town.ids["delivery"] = town.post("Northfield", given).get_json()["event_id"]
    town.said("Ashfield", "support.delivery_confirmed", support, delivery_id="case-7")
    return str(support)


def events(town: Town, who: str, path: str = "/v1/events?limit=1000") -> list[dict[str, Any]]:
    answer = town.get(who, path)
    assert answer.status_code == 200, answer.get_data(as_text=True)
    return answer.get_json()["events"]  # type: ignore[no-any-return]  # JSON has no type


def about(town: Town, who: str, stream: str) -> list[str]:
    return [one["type"] for one in events(town, who) if one["subject"] == stream]


EVERYWHERE = ("/v1/events?limit=1000", "/v1/events?stream={kept}", "/v1/streams/{kept}/events")


@pytest.mark.parametrize("path", EVERYWHERE)
@pytest.mark.parametrize("who", ["Fern", "coordinator", "auditor", "machine"])
def test_every_list_tells_others_that_minutes_passed_and_no_more(coast: Town, who: str, path: str) -> None:
    kept = [one for one in events(coast, who, path.format(**coast.ids)) if one["subject"] == coast.ids["kept"]]
    assert [one["type"].removeprefix("support.") for one in kept] == ["agreed", "delivered", "delivery_confirmed"]
    assert [one["data"].get("category") for one in kept] == ["other", None, None]
    assert kept[1]["data"] == {"delivery_id": "d1", "amount": {**hours("2"), "minutes": 120}, "delivered_on": TODAY}
    assert {"correlationid", "causationid", "clientid", "clientsource"}.isdisjoint(kept[1])
    assert not any(word in str(kept) for word in ("safeguarding", "case-"))


def test_one_fact_and_its_lines_tell_no_more_than_the_list(coast: Town) -> None:
    path = f"/v1/events/{coast.ids['delivery']}"
    [listed] = [one for one in events(coast, "Fern") if one["id"] == coast.ids["delivery"]]
    assert coast.get("Fern", path).get_json() == listed
    assert coast.get("Fern", f"{path}?dataschema=stored").get_json() == listed
    lines = coast.get("Fern", "/v1/events?limit=1000", Accept="application/x-ndjson").get_data().splitlines()
    assert listed in [orjson.loads(line) for line in lines]
    own = coast.get("Ashfield", path).get_json()
    assert (own["data"]["delivery_id"], own["correlationid"], own["causationid"]) == ("case-7", "case-7", "case-6")


def test_exact_bytes_are_for_those_who_may_have_the_whole_fact(coast: Town) -> None:
    plain = coast.delivered("Northfield", "Ashfield", partnership_id=coast.ids["Coast"])["event_id"]
    readers = ("Northfield", "Ashfield", "Fern", "Elm", "coordinator", "auditor")
    bytes_of = {
        name: [coast.get(who, f"/v1/events/{one}/record").status_code for who in readers]
        for name, one in (("kept", coast.ids["delivery"]), ("plain", plain))
    }
    assert bytes_of == {"kept": [200, 200, 404, 404, 404, 404], "plain": [200, 200, 404, 404, 200, 200]}
    assert coast.get("Fern", f"/v1/events/{plain}").status_code == 200


def test_lifting_by_both_opens_what_came_before(coast: Town) -> None:
    kept = coast.ids["kept"]
    lifted = {"variation_id": "v1", "confidential": False, "reason": "It may be known"}
    coast.said("Ashfield", "support.variation_proposed", kept, **lifted)
    assert len(about(coast, "Fern", kept)) == 3
    coast.said("Northfield", "support.variation_agreed", kept, variation_id="v1")
    assert len(about(coast, "Fern", kept)) == 6
    [agreed] = [one for one in events(coast, "Fern") if one["type"] == "support.agreed"]
    assert agreed["data"]["category"] == "safeguarding"


def test_what_its_client_called_a_fact_finds_it_for_its_sides_alone(coast: Town) -> None:
    found = {
        who: [one["type"] for one in events(coast, who, "/v1/events?correlationid=case-7")]
        for who in ("Northfield", "Ashfield", "Fern", "Elm", "coordinator", "auditor")
    }
    both = ["support.requested", "support.delivered"]
    assert found == {"Northfield": both, "Ashfield": both, "Fern": [], "Elm": [], "coordinator": [], "auditor": []}


def test_the_state_of_a_confidential_support(coast: Town) -> None:
    path = f"/v1/streams/{coast.ids['kept']}"
    for who in ("Fern", "coordinator", "auditor"):
        state = coast.get(who, path).get_json()["state"]
        assert state == {"shape": "agreed", "category": "other", "confidential": True}
    assert coast.get("Ashfield", path).get_json()["state"]["category"] == "safeguarding"
    assert coast.get("Elm", path).status_code == 404


def test_the_state_of_a_support_without_what_is_its_sides_own(coast: Town) -> None:
    ids = coast.ids
    bea = {"person_id": "7c9e6679-7425-40de-944b-e07fc1f90ae7", "organisation_id": ids["Northfield"]}
    coast.said("Northfield", "person.introduced", bea["person_id"], **bea, role="specialist", name="Bea")
    support = coast.delivered("Northfield", "Fern", partnership_id=ids["Coast"], people=[bea["person_id"]])
    path = f"/v1/streams/{support['stream']['id']}"
    of = {who: coast.get(who, path).get_json()["state"] for who in ("Fern", "Ashfield")}
    assert of["Fern"]["deliveries"]["d1"]["people"] == [bea["person_id"]]
    assert "people" not in of["Ashfield"]["deliveries"]["d1"]
    assert of["Ashfield"]["payment"] == {"basis": "exchange"}


@pytest.fixture
def reviewed(coast: Town) -> str:
    """Northfield was reviewed by Ashfield within Coast, Elm moderated, and three others were let in."""
    ids = coast.ids
    for name in ("All", "Summary", "Strengths"):
        coast.school(name)
    plan = {"reviewed_id": ids["Northfield"], "reviewers": [{"organisation_id": ids["Ashfield"]}], "on": TODAY}
    plan |= {"lead_id": ids["Ashfield"], "moderator_id": ids["Elm"], "partnership_id": ids["Coast"]}
    review = str(coast.said("Northfield", "review.scheduled", **plan)["stream"]["id"])
    findings = [
        {"finding_id": "f1", "area": "Number", "judgement": "to_develop", "evidence": "Books", "next_step": "Talk"},
        {"finding_id": "f2", "area": "Reading", "judgement": "strength", "evidence": "Lessons"},
    ]
    coast.said("Ashfield", "review.completed", review, findings=findings, on=TODAY)
    answered = [{"finding_id": "f1", "accepted": True, "comment": "Agreed"}]
    coast.said("Northfield", "review.answered", review, response="Thank you", findings=answered)
    coast.said("Elm", "review.moderated", review, verdict="upheld", comment="Sound")
    for name in ("All", "Summary", "Strengths"):
        shared = {"with": [ids[name], ids["Fern"]] if name == "Strengths" else [ids[name]], "parts": name.lower()}
        coast.said("Northfield", "review.shared", review, **shared)
    return review


def findings(town: Town, who: str, review: str) -> list[dict[str, Any]]:
    [completed] = [one for one in events(town, who) if one["type"] == "review.completed" and one["subject"] == review]
    return completed["data"]["findings"]  # type: ignore[no-any-return]  # JSON has no type


def test_a_report_is_read_by_its_sides_and_as_far_as_it_was_opened(coast: Town, reviewed: str) -> None:
    readers = [who for who in coast.keys if who != "admin"]
    told = {who: [one.removeprefix("review.") for one in about(coast, who, reviewed)] for who in readers}
    shared = ["shared", "shared", "shared"]
    whole = ["scheduled", "completed", "answered", "moderated", *shared]
    assert told == {
        **dict.fromkeys(("Northfield", "Ashfield", "Elm", "coordinator", "auditor", "machine"), whole),
        "All": ["scheduled", "completed", "answered", "moderated", "shared"],
        "Summary": ["scheduled", "completed", "answered", "moderated", "shared"],
        "Strengths": ["scheduled", "completed", "shared"],
        "Fern": ["scheduled", "completed", "shared"],
        "Hub": [],
    }
    number = {"finding_id": "f1", "area": "Number", "judgement": "to_develop"}
    reading = {"finding_id": "f2", "area": "Reading", "judgement": "strength"}
    assert findings(coast, "All", reviewed)[0]["next_step"] == "Talk"
    assert findings(coast, "Summary", reviewed) == [number, reading]
    assert findings(coast, "Strengths", reviewed) == [{**reading, "evidence": "Lessons"}]
    [answered] = [one for one in events(coast, "Summary") if one["type"] == "review.answered"]
    assert answered["data"] == {"response": "[withheld]", "findings": [{"finding_id": "f1", "accepted": True}]}
    [shown] = [one for one in events(coast, "Fern") if one["type"] == "review.shared"]
    assert shown["data"] == {"with": [coast.ids["Fern"]], "parts": "strengths"}


def test_the_state_of_a_report(coast: Town, reviewed: str) -> None:
    states = {who: coast.get(who, f"/v1/streams/{reviewed}").get_json()["state"] for who in ("Elm", "Summary", "Fern")}
    assert states["Elm"]["findings"] == states["Summary"]["findings"] == {"f1": "to_develop", "f2": "strength"}
    assert (states["Summary"]["accepted"], states["Summary"]["moderation"]) == (["f1"], "upheld")
    assert states["Fern"]["findings"] == {"f2": "strength"}
    assert {"moderation", "accepted", "shared_with"}.isdisjoint(states["Fern"])


def test_who_left_reads_what_was_recorded_while_it_was_a_partner_and_its_settlement(
    coast: Town, clock: SetClock
) -> None:
    ids, inside = coast.ids, {"partnership_id": coast.ids["Coast"]}
    before = coast.delivered("Northfield", "Ashfield", **inside)["event_id"]
    clock.advance(timedelta(days=1))
    coast.said("Fern", "partnership.notice_given", ids["Coast"], reason="Too far", leaves_on="2026-09-02")
    coast.said("Fern", "partnership.partner_left", ids["Coast"], organisation_id=ids["Fern"], on="2026-09-02")
    after = coast.delivered("Northfield", "Ashfield", delivered_on="2026-09-01", **inside)["event_id"]
    met = {"aim_id": "maths", "evidence": "Tests", "on": "2026-09-02"}
    coast.said("coordinator", "partnership.aim_met", ids["Coast"], **met)
    told = {one["id"] for one in events(coast, "Fern", f"/v1/events?limit=1000&partnership={ids['Coast']}")}
    assert (before in told, after in told) == (True, False)
    own = [one["type"] for one in events(coast, "Fern", f"/v1/streams/{ids['Coast']}/events")]
    assert (own[0], own[-1]) == ("partnership.formed", "partnership.partner_left")
    assert coast.get("Fern", f"/v1/streams/{ids['Coast']}").status_code == 404
    assert [coast.get("Fern", f"/v1/events/{one}").status_code for one in (before, after)] == [200, 404]
    rest = {"proposal_id": "x1", "debtor_id": ids["Fern"], "creditor_id": ids["Northfield"], "minutes": 30}
    rest |= {"disposal": "forgiven", "reason": "Late"}
    proposed = coast.said("Fern", "partnership.residual_proposed", ids["Coast"], **rest)
    assert coast.get("Fern", f"/v1/events/{proposed['event_id']}").get_json()["data"]["reason"] == "Late"


def test_the_pool_is_on_the_board_and_not_in_the_log_of_strangers(coast: Town) -> None:
    asked = {"receiver_id": coast.ids["Ashfield"], "category": "send", "need": "A hard year", "amount": hours("3")}
    request = coast.said("Ashfield", "support.requested", **asked, open_to={"to": "pool"})
    assert about(coast, "Elm", request["stream"]["id"]) == []
    for path in (f"/v1/events/{request['event_id']}", f"/v1/streams/{request['stream']['id']}"):
        assert coast.get("Elm", path).status_code == 404
    interest = {"interest_id": "i1", "organisation_id": coast.ids["Elm"], "amount": hours("1")}
    coast.said("Elm", "support.interest_shown", request["stream"]["id"], **interest)
    assert about(coast, "Elm", request["stream"]["id"]) == ["support.interest_shown"]
    assert coast.get("Elm", f"/v1/streams/{request['stream']['id']}").status_code == 404
