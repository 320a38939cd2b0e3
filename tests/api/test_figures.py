"""Figures over HTTP: of a day, as known at a position or moment, as JSON and as tables."""

from __future__ import annotations

import csv
import io
from datetime import timedelta
from typing import Any

import pytest

from ledger.clock import SetClock
from tests.api.calls import Town, event, hours


@pytest.fixture
def village(served: Town) -> Town:
    for name in ("Northfield", "=Ashfield+"):
        served.school(name)
    served.ids["Ashfield"], served.keys["Ashfield"] = served.ids["=Ashfield+"], served.keys["=Ashfield+"]
    return served


def confirmed(village: Town, quantity: str, **more: Any) -> int:
    """Northfield helped Ashfield, which says so; answers the position of its word."""
    stream = village.delivered("Northfield", "Ashfield", quantity, **more)["stream"]["id"]
    return int(village.said("Ashfield", "support.delivery_confirmed", stream, delivery_id="d1")["position"])


def balance(village: Town, name: str, query: str = "") -> dict[str, Any]:
    answer = village.get(name, f"/v1/organisations/{village.ids[name]}/balance?{query}")
    assert answer.status_code == 200, answer.get_data(as_text=True)
    return answer.get_json()  # type: ignore[no-any-return]  # JSON has no type


def test_both_sides_see_the_same(village: Town) -> None:
    position = confirmed(village, "2")
    northfield = balance(village, "Northfield", f"min_position={position}")
    ashfield = balance(village, "Ashfield", f"min_position={position}")
    assert (northfield["given_minutes"], ashfield["received_minutes"]) == (120, 120)
    assert northfield["net_minutes"] + ashfield["net_minutes"] == 0
    assert northfield["balance_index"] == {"fraction": "1/1", "value": 1.0}
    assert (northfield["as_of"], northfield["known_at"], northfield["position"]) == ("2026-09-01", position, position)
    assert northfield["rule_version"]


def test_as_of_a_day_and_as_known_at_a_position_or_a_moment(village: Town, clock: SetClock) -> None:
    first = confirmed(village, "1")
    clock.advance(timedelta(days=1))
    second = confirmed(village, "2")

    def given(query: str) -> int:
        return int(balance(village, "Northfield", f"min_position={second}&{query}")["given_minutes"])

    assert given("") == 180
    assert given("as_of=2026-09-01") == 60
    assert given("as_of=2026-08-31") == 0
    assert given(f"known_at=position:{first}") == 60
    assert given("known_at=2026-09-01T23:00:00Z&as_of=2026-09-02") == 60
    assert given("from=2026-09-02") == 120
    assert given("to=2026-09-01") == 60


def test_a_figure_explains_itself(village: Town) -> None:
    position = confirmed(village, "1.5")
    [entry] = balance(village, "Northfield", f"explain=true&min_position={position}")["explained"]
    assert (entry["minutes"], entry["business_on"]) == (90, "2026-09-01")
    assert len(entry["events"]) == 2


def test_the_working_of_a_balance_ends_in_its_number_and_names_its_facts(village: Town) -> None:
    position = confirmed(village, "1.5")
    unanswered = village.delivered("Northfield", "Ashfield", "4")
    asked_for = f"explain=true&min_position={unanswered['position']}"
    [working] = balance(village, "Northfield", asked_for)["working"]
    assert (working["figure"], working["rule_version"]) == ("net_minutes", "reciprocity/1")
    assert [step["comes_to"] for step in working["steps"]] == ["1 h 30 min", None, "1 h 30 min"]
    told = [village.get("Northfield", f"/v1/events/{one}").get_json() for one in working["steps"][0]["event_ids"]]
    assert [one["type"] for one in told] == ["support.delivered", "support.delivery_confirmed"]
    assert int(told[-1]["sequence"]) == position
    assert working["steps"][1]["event_ids"] == [unanswered["event_id"]]


def test_the_working_of_an_account_ends_in_what_it_closes_with(village: Town) -> None:
    position = max(confirmed(village, quantity) for quantity in ("1", "2"))
    path = f"/v1/organisations/{village.ids['Northfield']}/statement"
    body = village.get("Northfield", f"{path}?limit=1&explain=true&min_position={position}").get_json()
    [working] = body["working"]
    assert [step["comes_to"] for step in working["steps"]] == ["0 min", "3 h", "0 min", "3 h"]
    assert working["steps"][1]["event_ids"] == body["items"][0]["event_ids"]


def test_a_pair(village: Town) -> None:
    position = confirmed(village, "1")
    pair = balance(village, "Northfield", f"with={village.ids['Ashfield']}&min_position={position}")
    assert (pair["given_minutes"], pair["received_minutes"]) == (60, 0)


def test_a_statement_page_by_page(village: Town) -> None:
    position = max(confirmed(village, quantity) for quantity in ("1", "2", "3"))
    path = f"/v1/organisations/{village.ids['Northfield']}/statement"
    page = village.get("Northfield", f"{path}?limit=2&min_position={position}").get_json()
    rest = village.get("Northfield", f"{path}?cursor={page['next']}").get_json()
    lines = [*page["items"], *rest["items"]]
    assert [line["balance_minutes"] for line in lines] == [60, 180, 360]
    assert (page["opening_minutes"], page["closing_minutes"], page["has_more"], rest["has_more"]) == (
        0,
        360,
        True,
        False,
    )


def test_partners_page_by_page(village: Town) -> None:
    village.school("Elm")
    confirmed(village, "2")
    village.delivered("Northfield", "Elm")
    path = f"/v1/organisations/{village.ids['Northfield']}/partners"
    first = village.get("Northfield", f"{path}?min_position={village.ledger.head()}&limit=1").get_json()
    rest = village.get("Northfield", f"{path}?cursor={first['next']}").get_json()
    assert [one["organisation_id"] for one in (*first["items"], *rest["items"])] == sorted(
        (village.ids["Ashfield"], village.ids["Elm"])
    )
    assert (first["has_more"], rest["has_more"]) == (True, False)
    after = village.get("Northfield", f"{path}?cursor={rest['next']}").get_json()
    assert (after["items"], after["has_more"], after["next"]) == ([], False, rest["next"])


def test_tables_are_csv_in_which_no_text_is_a_formula(village: Town) -> None:
    position = confirmed(village, "1")
    path = f"/v1/organisations/{village.ids['Ashfield']}/partners?min_position={position}"
    answer = village.get("Ashfield", path, Accept="text/csv")
    [row] = csv.DictReader(io.StringIO(answer.get_data(as_text=True)))
    assert answer.mimetype == "text/csv"
    assert (row["organisation"], row["received_minutes"], row["net_minutes"]) == ("Northfield", "60", "-60")
    other = village.get(
        "Northfield", path.replace(village.ids["Ashfield"], village.ids["Northfield"]), Accept="text/csv"
    )
    assert "'=Ashfield+" in other.get_data(as_text=True)


@pytest.mark.parametrize(
    ("query", "pointer"),
    [
        ("as_of=today", "/as_of"),
        ("known_at=7", "/known_at"),
        ("known_at=position:x", "/known_at"),
        ("from=2026-09-02&to=2026-09-01", "/to"),
        ("explain=yes", "/explain"),
        ("with=Ashfield", "/with"),
        ("asof=2026-09-01", "/asof"),
    ],
)
def test_a_question_that_cannot_be_read(village: Town, query: str, pointer: str) -> None:
    answer = village.get("Northfield", f"/v1/organisations/{village.ids['Northfield']}/balance?{query}")
    assert (answer.status_code, [error["pointer"] for error in answer.get_json()["errors"]]) == (400, [pointer])


def test_what_is_not_known_yet_is_waited_for_and_then_refused(village: Town) -> None:
    ahead = village.ledger.head() + 5
    answer = village.get("Northfield", f"/v1/organisations/{village.ids['Northfield']}/balance?min_position={ahead}")
    assert (answer.status_code, answer.get_json()["code"]) == (503, "not-yet-visible")
    assert answer.get_json()["position"] <= ahead


def test_the_directory_is_found_by_name_and_by_identifier(village: Town) -> None:
    registered = event(
        "organisation.registered",
        name="Oakwood Primary 100% School",
        kind="school",
        identifiers=[{"scheme": "urn", "value": "100000"}],
    )
    receipt = village.post("admin", registered).get_json()
    search = f"min_position={receipt['position']}&limit=1"

    def names(query: str) -> list[str]:
        items = village.get("Northfield", f"/v1/organisations?{search}&{query}").get_json()["items"]
        return [one["name"] for one in items]

    assert names("q=primary OAK") == ["Oakwood Primary 100% School"]
    assert names("q=100%25") == ["Oakwood Primary 100% School"]
    assert names("q=_akwood") == []
    assert names("identifier=urn:100000") == ["Oakwood Primary 100% School"]
    assert names("identifier=urn:100001") == []
    first = village.get("Northfield", f"/v1/organisations?{search}").get_json()
    rest = village.get("Northfield", f"/v1/organisations?cursor={first['next']}&limit=10").get_json()
    assert [one["name"] for one in [*first["items"], *rest["items"]]] == [
        "=Ashfield+",
        "Northfield",
        "Oakwood Primary 100% School",
    ]
    one = village.get("Northfield", f"/v1/organisations/{receipt['stream']['id']}").get_json()
    assert one["identifiers"] == [{"scheme": "urn", "value": "100000"}]


def test_partnerships_in_sight(village: Town) -> None:
    village.school("Harbour", "hub")
    village.key("coordinator", "coordinator", "Harbour")
    aim = {"aim_id": "a", "statement": "Better", "due_on": "2027-07-01"}
    partners = [{"organisation_id": village.ids[one], "role": "partner"} for one in ("Northfield", "Ashfield")]
    formed = {"name": "Coast", "purpose": "Share", "aims": [aim], "partners": partners, "starts_on": "2026-09-01"}
    made = village.said("coordinator", "partnership.formed", **formed, coordinator_id=village.ids["Harbour"])
    partnership = made["stream"]["id"]
    village.said(
        "Northfield",
        "partnership.partner_accepted",
        partnership,
        organisation_id=village.ids["Northfield"],
        on="2026-09-01",
    )
    [item] = village.get("coordinator", "/v1/partnerships").get_json()["items"]
    assert (item["id"], item["name"], item["partners"]) == (partnership, "Coast", [village.ids["Northfield"]])
    one = village.get("Northfield", f"/v1/partnerships/{partnership}").get_json()
    assert (one["purpose"], one["version"], one["state"]["shape"]) == ("Share", 2, "running")
    position = village.delivered("Northfield", "Ashfield", amount=hours("1"))["position"]
    answer = village.get("coordinator", f"/v1/partnerships/{partnership}/balances?min_position={position}")
    assert answer.get_json()["whole"]["given_minutes"] == 0
    village.school("Oakwood")
    assert village.get("Oakwood", "/v1/partnerships").get_json()["items"] == []
    assert village.get("Oakwood", f"/v1/partnerships/{partnership}/balances").status_code == 404
