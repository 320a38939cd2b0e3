"""The board over HTTP: who sees which offers and requests, and what is left of them."""

from __future__ import annotations

from typing import Any

import pytest

from tests.api.boarding import board, offered, requested, seen, settled
from tests.api.calls import Town, hours


@pytest.fixture
def village(served: Town) -> Town:
    return settled(served)


def test_offers_reach_those_they_are_open_to(village: Town) -> None:
    cluster, elm = village.ids["Cluster"], village.ids["Elm"]
    to_elm = offered(village, "Northfield", open_to={"to": "organisation", "organisation_id": elm})
    to_partners = offered(village, "Northfield", open_to={"to": "partnership"}, partnership_id=cluster)
    to_trust = offered(village, "Northfield", open_to={"to": "trust"})
    to_all = offered(village, "Northfield")
    assert seen(village, "Northfield", "offers") == [to_all, to_trust, to_partners, to_elm]
    assert seen(village, "Ashfield", "offers") == [to_all, to_partners]
    assert seen(village, "Oakwood", "offers") == [to_all, to_trust]
    assert seen(village, "Elm", "offers") == [to_all, to_elm]
    assert seen(village, "coordinator", "offers") == [to_all, to_partners]
    assert seen(village, "auditor", "offers") == [to_all, to_trust, to_partners, to_elm]


def test_of_a_request_in_the_pool_strangers_see_what_for_where_and_when(village: Town) -> None:
    village.said(
        "Ashfield", "organisation.details_changed", village.ids["Ashfield"], region="South West", phase="primary"
    )
    hidden = requested(village, "Ashfield", needed_by="2026-10-30")
    named = requested(village, "Ashfield", named=True)
    page = board(village, "Elm", "requests")
    assert page["items"][1] == {
        "support_id": hidden,
        "kind": "request",
        "category": "maths",
        "phase": "primary",
        "region": "South West",
        "needed_by": "2026-10-30",
        "named": False,
        "open_to": {"to": "pool"},
    }
    assert (page["items"][0]["support_id"], page["items"][0]["maker_id"]) == (named, village.ids["Ashfield"])
    assert "need" not in page["items"][0]
    assert page["names"] == {village.ids["Ashfield"]: "Ashfield"}


def test_the_need_is_read_by_those_who_may(village: Town) -> None:
    elm = {"to": "organisation", "organisation_id": village.ids["Elm"]}
    requested(village, "Ashfield", open_to=elm)
    requested(village, "Ashfield", open_to={"to": "partnership"}, partnership_id=village.ids["Cluster"])
    needs = {
        who: [one.get("need") for one in board(village, who, "requests")["items"]]
        for who in ("Ashfield", "Elm", "Northfield", "coordinator", "auditor", "Oakwood")
    }
    text = "Fractions in year five"
    assert needs == {
        "Ashfield": [text, text],
        "Elm": [text],
        "Northfield": [None],
        "coordinator": [text],
        "auditor": [None, None],
        "Oakwood": [],
    }


def test_of_confidential_support_only_its_sides_see_more_than_minutes(village: Town) -> None:
    cluster = {"open_to": {"to": "partnership"}, "partnership_id": village.ids["Cluster"]}
    support = requested(village, "Ashfield", confidential=True, **cluster)
    reduced = {
        "support_id": support,
        "kind": "request",
        "category": "other",
        "confidential": True,
        "partnership_id": village.ids["Cluster"],
        "minutes": 240,
        "minutes_left": 240,
    }
    for who in ("Northfield", "coordinator", "auditor"):
        assert board(village, who, "requests")["items"] == [reduced]
        assert seen(village, who, "requests", category="maths") == []
    [own] = board(village, "Ashfield", "requests", category="maths")["items"]
    assert (own["need"], own["maker_id"]) == ("Fractions in year five", village.ids["Ashfield"])


def test_what_is_left_and_what_has_run_out(village: Town) -> None:
    offer = offered(village, "Northfield", available_until="2026-12-18")
    interest = {"interest_id": "i1", "organisation_id": village.ids["Elm"], "amount": hours("2")}
    village.said("Elm", "support.interest_shown", offer, **interest)
    agreed: dict[str, Any] = {"giver_id": village.ids["Northfield"], "receiver_id": village.ids["Elm"]}
    agreed |= {"category": "maths"}
    agreed |= {"starts_on": "2026-09-10", "ends_on": "2026-12-18", "basis": "exchange", "amount": hours("2")}
    answers = {"support_id": offer, "interest_id": "i1"}
    before = village.ledger.head()
    village.said("Northfield", "support.agreed", **agreed, answers=answers)
    [item] = board(village, "Ashfield", "offers")["items"]
    assert (item["minutes"], item["minutes_left"], len(item["event_ids"])) == (360, 240, 2)
    [then] = board(village, "Ashfield", "offers", known_at=f"position:{before}")["items"]
    assert (then["minutes_left"], len(then["event_ids"])) == (360, 1)
    assert seen(village, "Ashfield", "offers", as_of="2026-12-18") == [offer]
    assert seen(village, "Ashfield", "offers", as_of="2026-12-19") == []
    assert seen(village, "Ashfield", "offers", as_of="2026-08-31") == []


def test_filters(village: Town) -> None:
    village.said("Elm", "organisation.details_changed", village.ids["Elm"], region="London", phase="secondary")
    maths = offered(village, "Elm", available_until="2026-10-30")
    send = offered(village, "Northfield", category="send", summary="Speech, 100 % tested", amount=hours("10"))
    inside = offered(village, "Ashfield", partnership_id=village.ids["Cluster"], available_from="2027-01-10")
    found = {
        str(query): seen(village, "Oakwood", "offers", **query)
        for query in (
            {"category": "send"},
            {"region": "London"},
            {"phase": "secondary"},
            {"partnership": village.ids["Cluster"]},
            {"least_minutes": 361},
            {"q": "SPECIALIST fractions"},
            {"q": "100 %"},
            {"from": "2026-11-01"},
            {"to": "2026-12-31"},
        )
    }
    assert list(found.values()) == [
        [send], [maths], [maths], [inside], [send], [inside, maths], [send], [inside, send], [send, maths],
    ]  # fmt: skip


def test_a_maker_that_left_or_ended_offers_nothing(village: Town) -> None:
    inside = offered(village, "Ashfield", partnership_id=village.ids["Cluster"], open_to={"to": "partnership"})
    alone = offered(village, "Elm")
    assert seen(village, "Northfield", "offers") == [alone, inside]
    left = {"organisation_id": village.ids["Ashfield"], "on": "2026-09-01", "removed": True, "reason": "Moved away"}
    village.said("coordinator", "partnership.partner_left", village.ids["Cluster"], **left)
    village.said("admin", "organisation.closed", village.ids["Elm"], on="2026-09-01", reason="Merged")
    assert seen(village, "Northfield", "offers") == []


def test_pages_follow_one_another(village: Town) -> None:
    made = [offered(village, "Northfield") for _ in range(5)]
    found, query = [], {"limit": 2}
    while True:
        page = board(village, "Elm", "offers", **query)
        found += [one["support_id"] for one in page["items"]]
        if not page["has_more"]:
            break
        query = {"limit": 2, "cursor": page["next"]}
    assert found == made[::-1]
    after_the_last = board(village, "Elm", "offers", cursor=page["next"])
    assert (after_the_last["items"], after_the_last["has_more"]) == ([], False)


def test_the_board_as_a_table(village: Town) -> None:
    support = offered(village, "Northfield", summary="=1+1")
    village.get("Elm", f"/v1/board/offers?min_position={village.ledger.head()}")
    answer = village.get("Elm", "/v1/board/offers", Accept="text/csv")
    header, line = answer.get_data(as_text=True).splitlines()
    cells = dict(zip(header.split(","), line.split(","), strict=False))
    assert cells["support_id"] == support
    assert (cells["maker"], cells["minutes_left"], "'=1+1" in line) == ("Northfield", "360", True)
    assert answer.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("path", ["offers", "requests"])
def test_what_was_said_is_not_worked_out_and_explains_nothing(village: Town, path: str) -> None:
    answer = village.get("Northfield", f"/v1/board/{path}?explain=true")
    assert answer.status_code == 400
    assert [(one["pointer"], one["code"]) for one in answer.get_json()["errors"]] == [("/explain", "unknown-parameter")]


def test_an_admin_reads_no_board(village: Town) -> None:
    for what in ("offers", "requests", "matches"):
        answer = village.get("admin", f"/v1/board/{what}")
        assert (answer.status_code, answer.get_json()["code"]) == (403, "role-forbidden")
