"""`pledger find` and `pledger partnerships`: ids by names, and the partnership that is furthest from even."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from tests.cli.terminal import HOUR, Terminal

ABSENT = "7c9e6679-7425-40de-944b-e07fc1f90ae7"


def form(terminal: Terminal, name: str, *partners: str) -> str:
    """A partnership that the hub coordinates, with partners that have accepted."""
    today = datetime.now(ZoneInfo("Europe/London")).date().isoformat()
    aim = {"aim_id": "a1", "statement": "Better", "success_measure": "+5", "due_on": "2027-07-01"}
    formed = terminal.said(
        "coordinator",
        "partnership.formed",
        name=name,
        purpose="Better schools",
        aims=[aim],
        partners=[{"organisation_id": terminal.ids[one], "role": "partner"} for one in partners],
        coordinator_id=terminal.ids["Hub"],
        terms={},
        starts_on=today,
    )
    stream = str(formed["stream"]["id"])
    for one in partners:
        terminal.said(one, "partnership.partner_accepted", stream, organisation_id=terminal.ids[one], on=today)
    return stream


def give(terminal: Terminal, giver: str, receiver: str, partnership: str, hours: str) -> None:
    """Support of today that both sides have said."""
    sides: dict[str, Any] = {"giver_id": terminal.ids[giver], "receiver_id": terminal.ids[receiver]}
    made = terminal.said(
        giver,
        "support.delivered",
        delivery_id="d1",
        amount=HOUR | {"quantity": hours},
        delivered_on=datetime.now(ZoneInfo("Europe/London")).date().isoformat(),
        partnership_id=partnership,
        category="maths",
        **sides,
    )
    terminal.said(receiver, "support.delivery_confirmed", made["stream"]["id"], delivery_id="d1")


@pytest.fixture
def clusters(terminal: Terminal) -> dict[str, str]:
    """Two clusters: one even, one in which Elm only gets."""
    terminal.school("Hub", "hub")
    terminal.key("coordinator", "coordinator", "--organisation", terminal.ids["Hub"])
    for name in ("Northfield", "Ashfield", "Elm"):
        terminal.school(name)
    even = form(terminal, "Harbour Cluster", "Northfield", "Ashfield")
    give(terminal, "Northfield", "Ashfield", even, "2")
    give(terminal, "Ashfield", "Northfield", even, "2")
    uneven = form(terminal, "Riverside Cluster", "Northfield", "Elm")
    give(terminal, "Northfield", "Elm", uneven, "3")
    return {"even": even, "uneven": uneven}


def test_a_word_of_a_name_finds_ids(terminal: Terminal, clusters: dict[str, str]) -> None:
    terminal.said(
        "admin",
        "organisation.details_changed",
        terminal.ids["Northfield"],
        identifiers=[{"scheme": "urn", "value": "900001"}],
    )
    terminal.school("Oak Trust", "trust")
    joined = {"trust_id": terminal.ids["Oak Trust"], "on": "2025-09-01"}
    terminal.said("admin", "organisation.joined_trust", terminal.ids["Northfield"], **joined)
    [found] = terminal.done("find", "FIELD", "--limit", "1")["items"]
    assert found["name"] == "Ashfield"
    [northfield] = terminal.done("find", "900001")["items"]
    assert northfield == {
        "id": terminal.ids["Northfield"], "kind": "school", "name": "Northfield", "urn": "900001", "trust": "Oak Trust",
    }  # fmt: skip
    both = terminal.done("find", "cluster")["items"]
    assert {one["id"] for one in both} == set(clusters.values())
    assert terminal.done("find", "Elm", "--key", terminal.keys["admin"])["items"] != []
    assert terminal.done("find", "cluster", "--key", terminal.keys["admin"])["items"] == []
    assert terminal.done("find", "nobody at all")["items"] == []


def test_a_word_inside_a_name_is_suggested(terminal: Terminal, clusters: dict[str, str]) -> None:
    ran = terminal.run("balance", "side Cluster")
    assert ran.code == 3
    assert "Riverside Cluster" in ran.err


def test_the_widest_partnership_comes_first(terminal: Terminal, clusters: dict[str, str]) -> None:
    uneven, even = terminal.done("partnerships")["items"]
    assert (uneven["id"], uneven["partners"], uneven["given_minutes"]) == (clusters["uneven"], 2, 180)
    assert abs(uneven["widest_net_minutes"]) == 180
    assert uneven["widest_organisation"] in {"Northfield", "Elm"}
    assert (even["id"], even["given_minutes"], even["widest_net_minutes"]) == (clusters["even"], 240, 0)
    header, first, _ = terminal.run("partnerships", "--csv").out.splitlines()
    assert header.split(",")[:2] == ["id", "name"]
    assert first.startswith(f"{clusters['uneven']},Riverside Cluster,2,180,")


def test_partnerships_are_for_those_in_them(terminal: Terminal, clusters: dict[str, str]) -> None:
    own = terminal.done("partnerships", "--key", terminal.keys["Elm"])["items"]
    assert [one["id"] for one in own] == [clusters["uneven"]]
    assert terminal.run("partnerships", "--key", terminal.keys["admin"]).code == 3


@pytest.mark.parametrize("command", ["balance", "health", "withdrawal", "reciprocity", "history"])
def test_what_is_not_the_key_s_is_neither_found_nor_suggested(
    terminal: Terminal, clusters: dict[str, str], command: str
) -> None:
    elm = ("--key", terminal.keys["Elm"])
    for word in ("Cluster", "Harbour Clustr", "Harbour Cluster"):
        ran = terminal.run(command, word, *elm)
        assert (ran.code, "Harbour" in ran.err.replace(word, "")) == (3, False)
    foreign, absent = (terminal.run(command, one, *elm) for one in (clusters["even"], ABSENT))
    assert (foreign.code, foreign.err.replace(clusters["even"], "…")) == (absent.code, absent.err.replace(ABSENT, "…"))
    assert terminal.run(command, clusters["uneven"], *elm).code == 0
