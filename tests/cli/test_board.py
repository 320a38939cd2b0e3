"""`pledger board` and `pledger support`: the same answers as over HTTP, and lines that people read."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from flask.testing import FlaskClient

from api.app import create_app
from cli.saying import short
from ledger.service import open_ledger
from ledger.settings import Settings
from projections.views import open_read_models
from tests.cli.terminal import HOUR, Terminal

TODAY = date.today().isoformat()  # noqa: DTZ011  # the day of the machine's clock, which the ledger keeps
ABSENT = "7c9e6679-7425-40de-944b-e07fc1f90ae7"


@pytest.fixture
def http(terminal: Terminal, settings: Settings) -> Iterator[FlaskClient]:
    """The API on the terminal's ledger."""
    with open_ledger(settings) as ledger, open_read_models(ledger.dsn, ledger.zone, ledger.today) as models:
        yield create_app(ledger, models).test_client()


@pytest.fixture
def offer(terminal: Terminal) -> str:
    """Northfield offers everybody an hour of mathematics, and Ashfield asks for one; answers the offer's id."""
    ids = {name: terminal.school(name) for name in ("Northfield", "Ashfield")}
    shared: dict[str, Any] = {"category": "maths", "amount": HOUR, "open_to": {"to": "pool"}}
    asked = {"receiver_id": ids["Ashfield"], "need": "Fractions", "named": True}
    terminal.said("Ashfield", "support.requested", **shared, **asked)
    offered = {"giver_id": ids["Northfield"], "summary": "A specialist", "available_from": TODAY}
    return str(terminal.said("Northfield", "support.offered", **shared, **offered)["stream"]["id"])


def there(http: FlaskClient, terminal: Terminal, who: str, path: str) -> dict[str, Any]:
    answer = http.get(path, headers={"Authorization": f"Bearer {terminal.keys[who]}"})
    assert answer.status_code == 200, answer.get_data(as_text=True)
    body: dict[str, Any] = answer.get_json()
    return body | {"next": None}


@pytest.mark.parametrize("what", ["offers", "requests", "matches"])
def test_the_board_is_the_same_at_both_doors(terminal: Terminal, http: FlaskClient, offer: str, what: str) -> None:
    for who in ("Northfield", "Ashfield"):
        option, query = (("--explain",), "?explain=true") if what == "matches" else ((), "")
        here = terminal.done("board", what, *option, "--key", terminal.keys[who])
        assert here["items"]
        assert here | {"next": None} == there(http, terminal, who, f"/v1/board/{what}{query}")


def test_filters_are_the_same_at_both_doors(terminal: Terminal, http: FlaskClient, offer: str) -> None:
    own = ("--key", terminal.keys["Ashfield"])
    for options, query in (
        (
            ("--category", "maths", "--least-minutes", "60", "--q", "specialist"),
            "category=maths&least_minutes=60&q=specialist",
        ),
        (("--region", "London"), "region=London"),
        (("--as-of", "2020-01-01"), "as_of=2020-01-01"),
    ):
        here = terminal.done("board", "offers", *options, *own)
        assert here | {"next": None} == there(http, terminal, "Ashfield", f"/v1/board/offers?{query}")
    assert terminal.run("board", "matches", "--support", ABSENT, *own).code == 3


def test_a_chain_is_the_same_at_both_doors(terminal: Terminal, http: FlaskClient, offer: str) -> None:
    own = ("--key", terminal.keys["Northfield"])
    here = terminal.done("support", offer, "--explain", *own) | {"next": None}
    answer = there(http, terminal, "Northfield", f"/v1/support/{offer}?explain=true")
    for one in (here, answer):
        for event in one["chain"][0]["events"]:
            event["dataschema"] = ""  # an address there, none here
    assert here == answer
    assert terminal.run("support", ABSENT, *own).code == 3
    assert terminal.run("support", terminal.ids["Ashfield"], *own).code == 3


def test_lines_for_people_and_for_spreadsheets(terminal: Terminal, offer: str) -> None:
    shown = terminal.run("board", "offers")
    assert (shown.code, shown.out.splitlines()[2].split()[:3]) == (0, ["Northfield", "maths", "1"])
    matches = terminal.run("board", "matches", "--explain", "--key", terminal.keys["Northfield"])
    assert (matches.code, "Northfield" in matches.out, "Ashfield" in matches.out) == (0, True, True)
    [line] = csv.DictReader(io.StringIO(terminal.run("board", "offers", "--csv").out))
    assert (line["support_id"], line["maker"], line["minutes_left"]) == (offer, "Northfield", "60")
    told = terminal.run("support", offer)
    assert (told.code, told.out.splitlines()[2].startswith(short(TODAY))) == (0, True)
    [element] = csv.DictReader(io.StringIO(terminal.run("support", offer, "--csv").out))
    assert (element["type"], element["voice"]) == ("support.offered", "Northfield")


def test_the_next_page_and_a_wrong_one(terminal: Terminal, offer: str) -> None:
    own = ("--key", terminal.keys["Northfield"])
    page = terminal.done("board", "offers", "--limit", "1", *own)
    assert terminal.done("board", "offers", "--after", str(page["next"]), *own)["items"] == []
    assert terminal.run("board", "offers", "--after", "x", *own).code == 2
    assert terminal.run("board", "matches", "--after", "x", *own).code == 2
    assert terminal.run("board", "offers", "--partnership", "Nowhere", *own).code == 3


def test_without_a_match_it_says_whose_are_shown(terminal: Terminal) -> None:
    terminal.school("Northfield")
    assert "--support" in terminal.run("board", "matches").out


def test_an_empty_table_still_names_its_columns(terminal: Terminal) -> None:
    terminal.school("Northfield")
    [header] = terminal.run("board", "offers", "--csv").out.splitlines()
    assert {"support_id", "category", "minutes_left"} <= set(header.split(","))
