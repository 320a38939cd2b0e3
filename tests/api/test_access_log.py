"""Who read what: noted for every reading request, and told to those whose figures were read and to auditors."""

from __future__ import annotations

import csv
import io
import uuid
from datetime import timedelta
from typing import Any
from urllib.parse import quote

import pytest

from ledger.clock import SetClock
from tests.api.calls import Town

LOG = "/v1/access-log"


@pytest.fixture
def town(town: Town) -> Town:
    """Ash, Birch and Cedar; the trust Oak has Ash alone. An auditor of the whole ledger, and one of Oak."""
    for name in ("Ash", "Birch", "Cedar"):
        town.school(name)
    town.school("Oak", "trust")
    town.said("Ash", "organisation.joined_trust", town.ids["Ash"], trust_id=town.ids["Oak"], on="2026-01-01")
    town.key("auditor", "auditor", whole_ledger=True)
    town.key("Oak auditor", "auditor", trust=town.ids["Oak"])
    return town


def entries(town: Town, who: str, query: str = "") -> list[dict[str, Any]]:
    answer = town.get(who, f"{LOG}{query}")
    assert answer.status_code == 200, answer.get_data(as_text=True)
    return answer.get_json()["items"]  # type: ignore[no-any-return]  # JSON has no type


def later(town: Town, by: timedelta) -> None:
    assert isinstance(town.ledger.clock, SetClock)
    town.ledger.clock.advance(by)


def principal(town: Town, who: str) -> str:
    return str(town.get(who, "/v1/me").get_json()["principal"])


def test_a_school_sees_who_read_what_of_it(town: Town) -> None:
    ash, birch = town.ids["Ash"], principal(town, "Birch")
    given = town.delivered("Ash", "Birch")

    assert town.get("Birch", f"/v1/events?organisation={ash}&limit=1").status_code == 200
    assert town.get("Cedar", f"/v1/support/{given['stream']['id']}").status_code == 404
    assert town.get("Birch", f"/v1/events/{given['event_id']}").status_code == 200

    first, second, third = [one for one in entries(town, "Ash") if one["route"] != "/v1/access-log"]
    assert {name: first[name] for name in ("principal", "role", "route", "status", "rows", "asked")} == {
        "principal": birch,
        "role": "member",
        "route": "/v1/events",
        "status": 200,
        "rows": 1,
        "asked": {"organisation": ash, "limit": "1"},
    }
    assert first["organisation_ids"] == [ash]
    assert first["at"] == "2026-09-01T09:00:00.000000Z"
    assert (second["route"], second["status"], second["id"]) == (
        "/v1/support/{support_id}", 404, given["stream"]["id"]
    )  # fmt: skip
    assert sorted(third["organisation_ids"]) == sorted([ash, town.ids["Birch"]])


def test_nobody_sees_what_was_read_of_others(town: Town) -> None:
    town.get("Birch", f"/v1/organisations/{town.ids['Birch']}/history")

    assert [one["route"] for one in entries(town, "Ash")] == []
    assert town.get("Ash", f"{LOG}?organisation={town.ids['Birch']}").status_code == 404
    assert town.get("Oak auditor", f"{LOG}?organisation={town.ids['Birch']}").status_code == 404
    assert town.get("Ash", f"{LOG}?partnership={uuid.uuid4()}").status_code == 404
    assert town.get("admin", LOG).status_code == 403


def test_an_auditor_sees_what_was_read_in_its_scope_and_of_the_whole_ledger_everything(town: Town) -> None:
    town.get("Birch", f"/v1/organisations/{town.ids['Birch']}/history")
    town.get("Cedar", f"/v1/organisations/{town.ids['Ash']}/history")
    town.get("Cedar", "/v1/organisations")
    history = "/v1/organisations/{organisation_id}/history"

    assert [(one["route"], one["status"]) for one in entries(town, "Oak auditor")] == [(history, 404)]
    assert {one["route"] for one in entries(town, "auditor")} == {history, "/v1/organisations", LOG}


def test_reading_the_log_is_noted_too(town: Town) -> None:
    entries(town, "auditor", f"?organisation={town.ids['Ash']}")

    [own] = entries(town, "Ash")
    assert (own["route"], own["role"], own["rows"]) == (LOG, "auditor", 0)
    assert own["organisation_ids"] == [town.ids["Ash"]]


def test_the_log_is_found_by_who_read_which_route_and_when(town: Town) -> None:
    cedar = principal(town, "Cedar")
    town.get("Cedar", "/v1/organisations")
    later(town, timedelta(hours=1))
    town.get("Birch", "/v1/organisations")

    assert {one["principal"] for one in entries(town, "auditor", f"?principal={cedar}")} == {cedar}
    assert len(entries(town, "auditor", "?route=/v1/organisations")) == 2
    assert len(entries(town, "auditor", "?route=/v1/organisations&to=2026-09-01T09:30:00Z")) == 1
    assert len(entries(town, "auditor", "?route=/v1/organisations&from=2026-09-01T09:30:00Z")) == 1


def test_the_log_is_read_page_by_page_in_either_order(town: Town) -> None:
    for _ in range(3):
        town.get("Ash", "/v1/organisations")
    path = f"{LOG}?route=/v1/organisations&limit=2"
    for order in ("", "&order=newest"):
        first = town.get("auditor", path + order)
        page = first.get_json()
        rest = town.get("auditor", f"{LOG}?limit=2&cursor={page['next']}").get_json()

        numbers = [one["entry"] for one in page["items"] + rest["items"]]
        assert numbers == sorted(numbers, reverse=bool(order))
        assert len(set(numbers)) == 3
        assert (page["has_more"], rest["has_more"]) == (True, False)
        assert 'rel="next"' in first.headers["Link"]


def test_a_page_of_a_list_is_noted_with_the_filters_its_cursor_carries(town: Town) -> None:
    first = town.get("Ash", f"/v1/events?organisation={town.ids['Ash']}&limit=1").get_json()
    town.get("Ash", f"/v1/events?cursor={first['next']}")

    assert [one["asked"].get("organisation") for one in entries(town, "Ash", "?route=/v1/events")] == [
        town.ids["Ash"],
        town.ids["Ash"],
    ]


def test_no_free_text_is_noted(town: Town) -> None:
    town.get("Ash", "/v1/organisations?q=somebody%20s%20name")
    town.get("Ash", "/v1/events?organisation=somebody%20s%20name")
    town.get("Ash", "/v1/events?correlationid=somebody%20s%20name")

    noted = entries(town, "auditor")
    assert "somebody" not in str(noted)
    assert [one["asked"] for one in noted[:3]] == [{"q": "[withheld]"}, {}, {"correlationid": "[withheld]"}]


def test_what_nobody_signed_in_for_and_what_is_posted_is_not_noted(town: Town) -> None:
    town.http.get("/v1/problems")
    town.http.get("/v1/events")
    town.delivered("Ash", "Birch")

    assert entries(town, "auditor") == []


def test_the_log_as_a_table(town: Town) -> None:
    town.get("Ash", f"/v1/events?organisation={town.ids['Ash']}")

    answer = town.get("Ash", LOG, Accept="text/csv")
    [line] = csv.DictReader(io.StringIO(answer.get_data(as_text=True)))
    assert (line["route"], line["role"], line["status"]) == ("/v1/events", "member", "200")


@pytest.mark.parametrize(
    ("sent", "code"),
    [
        ("too short", "too-short"),
        ("x" * 201, "too-long"),
        ("Ask head@school.example about it", "looks-like-personal-data"),
        ("Complaint %ff of the spring", "not-of-this-form"),
        ("Complaint%0aof the spring", "control-character"),
    ],
)
def test_a_reason_is_a_sentence(town: Town, sent: str, code: str) -> None:
    answer = town.get("auditor", "/v1/events", Read_Reason=sent)

    assert answer.status_code == 400
    assert answer.get_json()["errors"][0]["code"] == code


def test_a_reason_opens_texts_and_is_shown_to_those_whose_texts_they_are(town: Town) -> None:
    given = town.delivered("Ash", "Birch")
    said = {"delivery_id": "d1", "reason": "Only an hour was given"}
    disputed = town.said("Birch", "support.delivery_disputed", given["stream"]["id"], **said)
    path, why = f"/v1/events/{disputed['event_id']}", "Complaint of spring, file Ä/7"

    without = town.get("auditor", path).get_json()
    opened = town.get("auditor", path, Read_Reason=quote(why)).get_json()
    assert (without["data"]["reason"], opened["data"]["reason"]) == ("[withheld]", "Only an hour was given")

    for side in ("Ash", "Birch"):
        plain, reasoned = [one for one in entries(town, side) if one["route"] == "/v1/events/{event_id}"]
        assert "reason" not in plain
        assert (reasoned["reason"], reasoned["opened"]) == (why, [given["stream"]["id"]])
        assert sorted(reasoned["organisation_ids"]) == sorted([town.ids["Ash"], town.ids["Birch"]])


def test_a_reason_of_anybody_else_opens_nothing(town: Town) -> None:
    given = town.delivered("Ash", "Birch")
    why = {"Read_Reason": "We would like to know"}

    assert town.get("Cedar", f"/v1/events/{given['event_id']}", **why).status_code == 404
    assert all("reason" not in one for one in entries(town, "auditor"))
    assert town.get("Oak auditor", f"/v1/organisations/{town.ids['Birch']}/history", **why).status_code == 404
