"""The whole story at the terminal: a partnership, an offer taken up, given, confirmed, and what both sides then see."""

from __future__ import annotations

import csv
import io
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from projections.statement.words import STATUS
from tests.cli.terminal import Terminal, event

TWO_DAYS = {"quantity": "2", "unit": "day"}
MINUTES = 780


@pytest.fixture
def today() -> str:
    """The ledger runs on the machine's clock here, as it does behind every command."""
    return datetime.now(ZoneInfo("Europe/London")).date().isoformat()


@pytest.fixture
def partnership(terminal: Terminal, today: str) -> str:
    """The Harbour Cluster of Northfield and Ashfield, which a hub coordinates; both have accepted."""
    hub = terminal.school("Harbour Hub", "hub")
    schools = [terminal.school("Northfield"), terminal.school("Ashfield")]
    terminal.key("coordinator", "coordinator", "--organisation", hub)
    formed = terminal.said(
        "coordinator",
        "partnership.formed",
        name="Harbour Cluster",
        purpose="Better mathematics in every school",
        aims=[{"aim_id": "maths", "statement": "Raise attainment", "success_measure": "+5", "due_on": "2027-07-01"}],
        partners=[{"organisation_id": one, "role": "partner"} for one in schools],
        coordinator_id=hub,
        terms={},
        starts_on=today,
    )
    stream = str(formed["stream"]["id"])
    for name in ("Northfield", "Ashfield"):
        terminal.said(name, "partnership.partner_accepted", stream, organisation_id=terminal.ids[name], on=today)
    return stream


@pytest.fixture
def support(terminal: Terminal, partnership: str, today: str) -> str:
    """Two days of mathematics that Northfield offered Ashfield, Ashfield took up, and Northfield says it gave."""
    giver, receiver = terminal.ids["Northfield"], terminal.ids["Ashfield"]
    offered = terminal.said(
        "Northfield",
        "support.offered",
        giver_id=giver,
        partnership_id=partnership,
        category="maths",
        summary="A specialist for two days",
        amount=TWO_DAYS,
        open_to={"to": "organisation", "organisation_id": receiver},
        available_from=today,
    )
    stream = str(offered["stream"]["id"])
    terminal.said(
        "Ashfield",
        "support.agreed",
        stream,
        giver_id=giver,
        receiver_id=receiver,
        partnership_id=partnership,
        category="maths",
        amount=TWO_DAYS,
        starts_on=today,
        ends_on="2027-07-20",
        basis="exchange",
    )
    terminal.said("Northfield", "support.delivered", stream, delivery_id="d1", amount=TWO_DAYS, delivered_on=today)
    return stream


def test_a_delivery_counts_when_its_receiver_says_so(
    terminal: Terminal, partnership: str, support: str, today: str
) -> None:
    before = terminal.done("balance", "Northfield")
    assert (before["given_minutes"], before["claimed_minutes"]) == (0, MINUTES)

    refused = terminal.post("Northfield", event("support.delivery_confirmed", support, delivery_id="d1"))
    assert refused.code == 1
    assert refused.json()["results"][0]["problem"]["code"] == "only-the-receiver-confirms"

    terminal.said("Ashfield", "support.delivery_confirmed", support, delivery_id="d1")
    outcome = {"impact": 2, "evidence": "Lessons seen before and after", "aim_id": "maths", "assessed_on": today}
    for name in ("Ashfield", "Northfield"):
        terminal.said(name, "support.outcome_recorded", support, **outcome)

    giver, receiver = terminal.done("balance", "northfield"), terminal.done("balance", terminal.ids["Ashfield"])
    assert (giver["given_minutes"], giver["received_minutes"], giver["net_minutes"]) == (MINUTES, 0, MINUTES)
    assert (receiver["given_minutes"], receiver["received_minutes"], receiver["net_minutes"]) == (0, MINUTES, -MINUTES)
    both = terminal.done("balance", "Harbour Cluster")
    assert {one["organisation_id"]: one["net_minutes"] for one in both["members"]} == {
        terminal.ids["Northfield"]: MINUTES,
        terminal.ids["Ashfield"]: -MINUTES,
    }
    known = terminal.done("balance", "Northfield", "--known-at", f"position:{before['position']}")
    assert (known["given_minutes"], known["claimed_minutes"]) == (0, MINUTES)
    assert terminal.done("balance", "Northfield", "--as-of", "2026-09-01")["given_minutes"] == 0


def test_the_statement_shows_the_same_line_from_both_sides(terminal: Terminal, support: str) -> None:
    terminal.said("Ashfield", "support.delivery_confirmed", support, delivery_id="d1")
    [given] = terminal.done("statement", "Northfield")["items"]
    [got] = terminal.done("statement", "Ashfield")["items"]
    assert (given["gave_minutes"], given["got_minutes"], given["balance_minutes"]) == (MINUTES, 0, MINUTES)
    assert (got["gave_minutes"], got["got_minutes"], got["balance_minutes"]) == (0, MINUTES, -MINUTES)
    assert given["event_ids"] == got["event_ids"]


def test_people_read_hours_and_days(terminal: Terminal, support: str) -> None:
    terminal.said("Ashfield", "support.delivery_confirmed", support, delivery_id="d1")
    assert "13 h" in terminal.run("balance", "Northfield").out
    assert "13 h" in terminal.run("statement", "Northfield").out
    row = terminal.run("balance", "Northfield", "--csv").out.splitlines()[1]
    assert row.startswith(f"{terminal.ids['Northfield']},Northfield,{MINUTES},0,{MINUTES},")


def test_a_line_that_does_not_count_stands_in_brackets_and_says_why(terminal: Terminal, support: str) -> None:
    table = terminal.run("statement", "Northfield").out
    assert "(13 h)" in table
    assert STATUS["claimed"] in table
    [told] = csv.DictReader(io.StringIO(terminal.run("statement", "Northfield", "--csv").out))
    assert (told["counterpart"], told["partnership"], told["counts"]) == ("Ashfield", "Harbour Cluster", "false")
    assert told["status"] == "claimed"


def test_csv_holds_the_figures_of_the_json(terminal: Terminal, support: str) -> None:
    figures = terminal.done("balance", "Northfield")
    [told] = csv.DictReader(io.StringIO(terminal.run("balance", "Northfield", "--csv").out))
    assert {name for name in figures if name.endswith("_minutes")} < set(told)
    assert told["claimed_minutes"] == str(figures["claimed_minutes"]) == str(MINUTES)
    members = terminal.run("balance", "Harbour Cluster", "--csv").out.splitlines()
    assert len(members) == 3


def test_figures_are_for_those_they_concern(terminal: Terminal, support: str) -> None:
    terminal.school("Elm")
    assert terminal.run("balance", "Northfield", "--key", terminal.keys["Northfield"]).code == 0
    assert terminal.run("balance", "Northfield", "--key", terminal.keys["Elm"]).code == 3
    assert terminal.run("statement", "Northfield", "--key", terminal.keys["admin"]).code == 3
    assert terminal.run("balance", "Harbour Cluster", "--key", terminal.keys["Elm"]).code == 3
    assert terminal.run("balance", "Nowhere").code == 3


def test_the_history_tells_it_in_order(terminal: Terminal, partnership: str, support: str) -> None:
    types = [one["type"] for one in terminal.done("history", "Harbour Cluster", "--facts")["events"]]
    assert types == [
        "partnership.formed", "partnership.partner_accepted", "partnership.partner_accepted",
        "support.offered", "support.agreed", "support.delivered",
    ]  # fmt: skip
