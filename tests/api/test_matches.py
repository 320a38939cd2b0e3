"""What would go together over HTTP: both ways, with reasons, and nothing that a reader may not know."""

from __future__ import annotations

from typing import Any

import pytest

from projections.wording import several
from tests.api.boarding import board, offered, requested, settled
from tests.api.calls import Town, event, hours


@pytest.fixture
def village(served: Town) -> Town:
    return settled(served)


def matches(town: Town, who: str, **query: Any) -> list[dict[str, Any]]:
    items: list[dict[str, Any]] = board(town, who, "matches", **query)["items"]
    return items


def codes(match: dict[str, Any]) -> set[str]:
    return {reason["code"] for reason in match["reasons"]}


def helped(town: Town, giver: str, receiver: str, impact: int) -> None:
    """Two hours given and confirmed, and what came of it in the receiver's words."""
    support = town.delivered(giver, receiver, "2", delivered_on="2026-08-20")["stream"]["id"]
    town.said(receiver, "support.delivery_confirmed", support, delivery_id="d1")
    outcome = {"impact": impact, "evidence": "Books of year five", "assessed_on": "2026-08-31"}
    town.said(receiver, "support.outcome_recorded", support, **outcome)


def test_a_request_and_an_offer_find_each_other_with_the_reasons(village: Town) -> None:
    helped(village, "Ashfield", "Northfield", 2)
    for who in ("Ashfield", "Oakwood"):
        village.said(who, "organisation.details_changed", village.ids[who], region="South West")
    good = offered(village, "Ashfield")
    part = offered(village, "Oakwood", amount=hours("1"))
    offered(village, "Elm", category="send")
    offered(village, "Elm", available_from="2026-12-01")
    request = requested(village, "Northfield", needed_by="2026-10-30", named=True)

    first, second = matches(village, "Northfield")
    assert [one["offer_id"] for one in (first, second)] == [good, part]
    assert {one["request_id"] for one in (first, second)} == {one["for_id"] for one in (first, second)} == {request}
    assert codes(first) == {"same_category", "enough_left", "free_in_time", "good_before"}
    assert codes(second) == {"same_category", "part_of_it", "free_in_time", "new_pair"}
    assert first["weight"] == sum(reason["weight"] for reason in first["reasons"]) == 8
    [the_other_way] = matches(village, "Ashfield", support=good)
    assert (the_other_way["request_id"], the_other_way["for_id"]) == (request, good)


def test_giving_back_evens_the_balance(village: Town) -> None:
    helped(village, "Northfield", "Ashfield", 0)
    requested(village, "Northfield", named=True)
    offered(village, "Ashfield")
    [match] = matches(village, "Ashfield")
    assert "evens_balance" in codes(match)
    assert not codes(match) & {"good_before", "new_pair"}
    offered(village, "Elm", category="data")
    requested(village, "Elm", category="data")
    assert matches(village, "Elm") == []


def test_each_must_be_open_to_the_other(village: Town) -> None:
    request = requested(village, "Ashfield", open_to={"to": "partnership"}, partnership_id=village.ids["Cluster"])
    to_elm = {"to": "organisation", "organisation_id": village.ids["Elm"]}
    offered(village, "Northfield", open_to=to_elm)
    offered(village, "Northfield", open_to={"to": "trust"})
    offered(village, "Elm")
    assert matches(village, "Ashfield") == []
    inside = offered(village, "Northfield", open_to={"to": "partnership"}, partnership_id=village.ids["Cluster"])
    addressed = {"to": "organisation", "organisation_id": village.ids["Ashfield"]}
    meant = offered(village, "Northfield", open_to=addressed)
    found = {one["offer_id"]: codes(one) for one in matches(village, "Ashfield", support=request)}
    assert set(found) == {inside, meant}
    assert ("same_partnership" in found[inside], "meant_for_it" in found[meant]) == (True, True)


def test_an_anonymous_request_stays_anonymous(village: Town) -> None:
    helped(village, "Elm", "Ashfield", 3)
    request = requested(village, "Ashfield")
    offered(village, "Elm", open_to={"to": "organisation", "organisation_id": village.ids["Ashfield"]})
    to_all = offered(village, "Elm")
    page = board(village, "Elm", "matches")
    [match] = page["items"]
    assert (match["offer_id"], match["request_id"]) == (to_all, request)
    assert not {"receiver_id", "minutes_asked"} & set(match)
    assert codes(match) == {"same_category", "no_day_set", "good_before"}
    assert set(page["names"]) == {village.ids["Elm"]}


def test_what_passed_between_two_is_told_to_these_two_alone(village: Town) -> None:
    helped(village, "Northfield", "Ashfield", 1)
    cluster = {"open_to": {"to": "partnership"}, "partnership_id": village.ids["Cluster"]}
    request = requested(village, "Northfield", **cluster)
    offered(village, "Ashfield", **cluster)
    [known] = matches(village, "Northfield", support=request)
    [seen] = matches(village, "coordinator", support=request)
    assert codes(known) - codes(seen) == {"evens_balance"}
    assert codes(seen) <= codes(known)


def test_explained_reason_by_reason(village: Town) -> None:
    offer = offered(village, "Northfield")
    requested(village, "Ashfield", named=True)
    answer = board(village, "Northfield", "matches", explain="true", support=offer)
    [working] = answer["working"]
    assert working["steps"][-1]["comes_to"] == several(answer["items"][0]["weight"], "point")
    assert len(working["steps"]) == len(answer["items"][0]["reasons"]) + 1
    assert len(working["steps"][-1]["event_ids"]) == 2


def test_pages_and_absence(village: Town) -> None:
    request = requested(village, "Ashfield", named=True)
    offers = {offered(village, who) for who in ("Northfield", "Oakwood", "Elm")}
    first = board(village, "Ashfield", "matches", limit=2)
    second = board(village, "Ashfield", "matches", limit=2, cursor=first["next"])
    assert (first["has_more"], second["has_more"]) == (True, False)
    assert {one["offer_id"] for one in first["items"] + second["items"]} == offers
    village.said("Ashfield", "support.request_withdrawn", request, reason="Found another way")
    narrow = {"to": "organisation", "organisation_id": village.ids["Elm"]}
    other = offered(village, "Northfield", open_to=narrow)
    head = village.ledger.head()
    for absent in (request, other, village.ids["Cluster"]):
        answer = village.get("Ashfield", f"/v1/board/matches?support={absent}&min_position={head}")
        assert (answer.status_code, answer.get_json()["code"]) == (404, "not-found")
    wrong = village.get("Ashfield", "/v1/board/matches?cursor=x")
    assert wrong.status_code == 400


def reviewed(town: Town) -> str:
    """A peer review of Ashfield led by Northfield, with two findings, of which Ashfield accepts the first."""
    plan = {"reviewed_id": town.ids["Ashfield"], "reviewers": [{"organisation_id": town.ids["Northfield"]}]}
    plan |= {"lead_id": town.ids["Northfield"], "on": "2026-09-01", "partnership_id": town.ids["Cluster"]}
    review = str(town.said("Ashfield", "review.scheduled", **plan)["stream"]["id"])
    texts = {"judgement": "to_develop", "evidence": "Lessons", "next_step": "Work on reasoning"}
    findings = [{"finding_id": f"f{number}", "area": "Maths", **texts} for number in (1, 2)]
    town.said("Northfield", "review.completed", review, findings=findings, on="2026-09-01")
    answers = [{"finding_id": "f1", "accepted": True}, {"finding_id": "f2", "accepted": False}]
    town.said("Ashfield", "review.answered", review, response="Thank you", findings=answers)
    return review


def test_an_accepted_finding_is_a_draft_request_until_something_is_asked_for(village: Town) -> None:
    review = reviewed(village)
    arising = {"review_id": review, "finding_id": "f1"}
    for who in ("Ashfield", "coordinator"):
        [draft] = board(village, who, "requests")["drafts"]
        assert (draft["receiver_id"], draft["category"]) == (village.ids["Ashfield"], "maths")
        assert (draft["need"], draft["arising_from"]) == ("Work on reasoning", arising)
        assert len(draft["event_ids"]) == 2
    for who in ("Northfield", "Elm", "auditor"):
        assert board(village, who, "requests")["drafts"] == []
    request = requested(village, "Ashfield", arising_from=arising)
    page = board(village, "Ashfield", "requests")
    assert (page["drafts"], page["items"][0]["support_id"]) == ([], request)
    assert page["items"][0]["arising_from"] == arising


def test_an_unknown_parameter_is_refused(village: Town) -> None:
    answer = village.get("Elm", "/v1/board/offers?categry=maths")
    assert answer.status_code == 400
    assert village.post("Elm", event("support.offered")).status_code == 422
