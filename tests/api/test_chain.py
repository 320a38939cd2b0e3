"""The chain of a support over HTTP: from the finding to the outcome, every step with both its dates."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from ledger.clock import SetClock
from tests.api.boarding import offered, requested, settled
from tests.api.calls import Town, hours


@pytest.fixture
def village(served: Town) -> Town:
    return settled(served)


def chain(town: Town, who: str, support: str, **query: Any) -> dict[str, Any]:
    answer = town.http.get(f"/v1/support/{support}", query_string=query, headers=town.as_(who))
    assert answer.status_code == 200, answer.get_data(as_text=True)
    return answer.get_json()  # type: ignore[no-any-return]  # JSON has no type


def types(answer: dict[str, Any]) -> list[str]:
    return [one["type"].removeprefix("support.") for one in answer["elements"]]


def figures(answer: dict[str, Any]) -> dict[str, int]:
    """The figures that are not nothing."""
    return {name.removesuffix("_minutes"): value for name, value in answer.items() if "_minutes" in name and value}


def agreement(town: Town, giver: str, receiver: str, **more: Any) -> dict[str, Any]:
    data = {"giver_id": town.ids[giver], "receiver_id": town.ids[receiver], "category": "maths", "basis": "exchange"}
    return data | {"starts_on": "2026-09-01", "ends_on": "2026-12-18", "amount": hours("6")} | more


def agreed(town: Town) -> str:
    """Northfield offers Ashfield six hours, which takes them; answers the support's id."""
    addressed = {"to": "organisation", "organisation_id": town.ids["Ashfield"]}
    support = offered(town, "Northfield", open_to=addressed, partnership_id=town.ids["Cluster"])
    data = agreement(town, "Northfield", "Ashfield", partnership_id=town.ids["Cluster"])
    town.said("Ashfield", "support.agreed", support, **data)
    return support


@pytest.fixture
def eventful(village: Town, clock: SetClock) -> str:
    """A support in which everything happened: varied, missed, confirmed, queried and settled, taken back."""
    support = agreed(village)
    more = {"variation_id": "v1", "amount": hours("7"), "reason": "One more class"}
    village.said("Ashfield", "support.variation_proposed", support, **more)
    village.said("Northfield", "support.variation_agreed", support, variation_id="v1")
    clock.advance(timedelta(days=10))
    missed = {"on": "2026-09-10", "amount": hours("1"), "because": "weather"}
    village.said("Ashfield", "support.visit_missed", support, **missed)
    for number, quantity in (("d1", "2"), ("d2", "1"), ("d3", "0.5")):
        given = {"delivery_id": number, "amount": hours(quantity), "delivered_on": "2026-09-08"}
        village.said("Northfield", "support.delivered", support, **given)
    village.said("Ashfield", "support.delivery_confirmed", support, delivery_id="d1")
    village.said("Ashfield", "support.delivery_disputed", support, delivery_id="d2", reason="It was shorter")
    settlement = {"settlement_id": "x1", "delivery_id": "d2", "amount": hours("0.5"), "reason": "Halfway"}
    village.said("Northfield", "support.settlement_proposed", support, **settlement)
    village.said("Ashfield", "support.dispute_settled", support, settlement_id="x1")
    outcome = {"impact": 2, "evidence": "Y4 books", "assessed_on": "2026-09-11"}
    village.said("Ashfield", "support.outcome_recorded", support, **outcome)
    clock.advance(timedelta(days=4))
    reversal = {"delivery_id": "d1", "reason": "Recorded twice", "effective_on": "2026-09-13"}
    village.said("Northfield", "support.delivery_reversed", support, **reversal)
    return support


def test_everything_that_was_said_in_order(village: Town, eventful: str) -> None:
    answer = chain(village, "Ashfield", eventful)
    assert types(answer) == [
        "offered", "agreed", "variation_proposed", "variation_agreed", "visit_missed", "delivered", "delivered",
        "delivered", "delivery_confirmed", "delivery_disputed", "settlement_proposed", "dispute_settled",
        "outcome_recorded", "delivery_reversed",
    ]  # fmt: skip
    last = answer["elements"][-1]
    assert (last["on"], last["recorded_on"], last["delivery_id"]) == ("2026-09-13", "2026-09-15", "d1")
    assert answer["names"][last["voice_id"]] == "Northfield"
    assert figures(answer) == {
        "agreed": 420, "delivered": 90, "confirmed": 30, "unanswered": 30, "open": 330, "missed": 60,
        "offered": 360,
    }  # fmt: skip
    statuses = {one["delivery_id"]: (one["status"], one["confirmed_minutes"]) for one in answer["deliveries"]}
    assert statuses == {"d1": ("reversed", 0), "d2": ("settled", 30), "d3": ("claimed", 0)}
    assert [step["step"] for step in answer["deliveries"][0]["steps"]] == ["confirmed", "reversed"]


def test_as_of_a_day_and_as_known_at_a_position(village: Town, eventful: str) -> None:
    answer = chain(village, "Ashfield", eventful)
    before = chain(village, "Ashfield", eventful, as_of="2026-09-12")
    assert figures(before)["confirmed"] == 150
    assert types(before)[-1] == "outcome_recorded"
    position = answer["elements"][5]["position"]
    then = chain(village, "Ashfield", eventful, known_at=f"position:{position}")
    assert (figures(then)["delivered"], figures(then).get("confirmed")) == (120, None)
    assert (len(then["chain"][0]["events"]), then["chain"][0]["version"]) == (6, 6)
    assert answer["chain"][0]["events"][-2]["data"]["evidence"] == "Y4 books"


def test_the_working_of_each_figure_ends_in_it(village: Town) -> None:
    support = agreed(village)
    given = {"delivery_id": "d1", "amount": hours("2"), "delivered_on": "2026-09-01"}
    delivery = village.said("Northfield", "support.delivered", support, **given)
    confirmed = village.said("Ashfield", "support.delivery_confirmed", support, delivery_id="d1")
    answer = chain(village, "Ashfield", support, explain="true")
    ends = {one["figure"]: one["steps"][-1]["comes_to"] for one in answer["working"]}
    assert ends == {
        "agreed_minutes": "6 h", "delivered_minutes": "2 h", "confirmed_minutes": "2 h", "open_minutes": "4 h"
    }  # fmt: skip
    [counted] = [one["steps"][0] for one in answer["working"] if one["figure"] == "confirmed_minutes"]
    assert counted["event_ids"] == [delivery["event_id"], confirmed["event_id"]]


def test_an_offer_to_all_and_what_took_it_up(village: Town) -> None:
    offer = offered(village, "Northfield")
    streams = []
    for number, who in enumerate(("Ashfield", "Elm")):
        interest = {"interest_id": f"i{number}", "organisation_id": village.ids[who], "amount": hours("2")}
        village.said(who, "support.interest_shown", offer, **interest)
        answers = {"support_id": offer, "interest_id": f"i{number}"}
        data = agreement(village, "Northfield", who, amount=hours("2"), answers=answers)
        streams.append(village.said("Northfield", "support.agreed", **data)["stream"]["id"])
    whole = chain(village, "Northfield", offer)
    assert [(one["way"], one["support_id"]) for one in whole["siblings"]] == [
        ("answered_by", streams[0]),
        ("answered_by", streams[1]),
    ]
    assert [one["id"] for one in whole["chain"]] == [offer, *streams]
    assert figures(whole) == {"agreed": 240, "open": 240, "offered": 360, "left": 120}
    own = chain(village, "Elm", streams[1])
    assert types(own) == ["offered", "interest_shown", "agreed"]
    assert [(one["way"], one["support_id"]) for one in own["siblings"]] == [("answers", offer)]
    giver = chain(village, "Northfield", streams[1])
    assert types(giver) == ["offered", "interest_shown", "interest_shown", "agreed"]
    assert [(one["way"], one["support_id"]) for one in giver["siblings"]] == [
        ("answers", offer),
        ("same_posting", streams[0]),
    ]


def test_one_occasion_for_several_schools(village: Town) -> None:
    first, second = (
        village.delivered("Northfield", who, "1", occasion_id="inset-day")["stream"]["id"]
        for who in ("Ashfield", "Elm")
    )
    village.delivered("Northfield", "Oakwood", "1", occasion_id="another")
    [sibling] = chain(village, "Northfield", first)["siblings"]
    assert (sibling["way"], sibling["support_id"]) == ("same_occasion", second)
    assert chain(village, "Ashfield", first)["siblings"] == []


def test_of_confidential_support_others_learn_that_minutes_passed(village: Town) -> None:
    support = agreed(village)
    asked = {"variation_id": "v1", "confidential": True, "reason": "A hard year"}
    village.said("Ashfield", "support.variation_proposed", support, **asked)
    given = {"delivery_id": "d1", "amount": hours("2"), "delivered_on": "2026-09-01"}
    village.said("Northfield", "support.delivered", support, **given)
    village.said("Ashfield", "support.delivery_confirmed", support, delivery_id="d1")
    for who in ("coordinator", "auditor"):
        answer = chain(village, who, support)
        assert (answer["category"], answer["confidential"], answer["confirmed_minutes"]) == ("other", True, 120)
        assert (answer["elements"], answer["deliveries"], answer["names"]) == ([], [], {})
        [link] = answer["chain"]
        assert (link["events"], set(link["state"])) == ([], {"shape", "category", "confidential"})
        earlier = chain(village, who, support, known_at=f"position:{village.ledger.head() - 3}")
        assert earlier["elements"] == []
    assert chain(village, "Ashfield", support)["category"] == "maths"


def test_from_the_finding_on(village: Town) -> None:
    plan = {"reviewed_id": village.ids["Ashfield"], "reviewers": [{"organisation_id": village.ids["Northfield"]}]}
    plan |= {"lead_id": village.ids["Northfield"], "on": "2026-09-01"}
    review = village.said("Ashfield", "review.scheduled", **plan)["stream"]["id"]
    texts = {"judgement": "to_develop", "evidence": "Lessons", "next_step": "Work on reasoning"}
    findings = [{"finding_id": f"f{number}", "area": "Maths", **texts} for number in (1, 2)]
    village.said("Northfield", "review.completed", review, findings=findings, on="2026-09-01")
    answers = [{"finding_id": "f1", "accepted": True}]
    village.said("Ashfield", "review.answered", review, response="Thank you", findings=answers)
    addressed = {"to": "organisation", "organisation_id": village.ids["Northfield"]}
    request = requested(village, "Ashfield", open_to=addressed, arising_from={"review_id": review, "finding_id": "f1"})
    answer = chain(village, "Ashfield", request)
    assert [one["type"] for one in answer["elements"]] == ["review.completed", "review.answered", "support.requested"]
    assert [one["kind"] for one in answer["chain"]] == ["review", "support"]
    assert figures(answer) == {"requested": 240, "left": 240}


def test_a_chain_as_a_table_and_out_of_sight(village: Town) -> None:
    support = agreed(village)
    answer = village.get("Ashfield", f"/v1/support/{support}", Accept="text/csv")
    header, *lines = answer.get_data(as_text=True).splitlines()
    assert len(lines) == 2
    assert {"on", "recorded_on", "voice", "says", "event_id"} <= set(header.split(","))
    absent = village.get("Elm", f"/v1/support/{support}")
    assert (absent.status_code, absent.get_json()["code"]) == (404, "not-found")
    assert village.get("Ashfield", f"/v1/support/{village.ids['Cluster']}").status_code == 404
