"""`pledger history` and `--questions`: sentences with marks, the same as HTTP gives."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator

import pytest
from flask.testing import FlaskClient

from api.app import create_app
from ledger.service import open_ledger
from ledger.settings import Settings
from projections.views import open_read_models
from tests.cli.terminal import HOUR, Terminal


@pytest.fixture
def http(terminal: Terminal, settings: Settings) -> Iterator[FlaskClient]:
    """The API on the terminal's ledger."""
    with open_ledger(settings) as ledger, open_read_models(ledger.dsn, ledger.zone, ledger.today) as models:
        yield create_app(ledger, models).test_client()


@pytest.fixture
def support(terminal: Terminal) -> str:
    """Northfield gave Ashfield an hour long before it said so, and took it back."""
    sides = {"giver_id": terminal.school("Northfield"), "receiver_id": terminal.school("Ashfield"), "category": "maths"}
    given = {"delivery_id": "d1", "amount": HOUR, "delivered_on": "2026-01-05"}
    stream = terminal.said("Northfield", "support.delivered", **given, **sides)["stream"]["id"]
    back = {"delivery_id": "d1", "reason": "Twice", "effective_on": "2026-01-05"}
    terminal.said("Northfield", "support.delivery_reversed", stream, **back)
    return str(stream)


def test_the_trail_of_an_organisation_is_what_http_gives(terminal: Terminal, http: FlaskClient, support: str) -> None:
    own = ("--key", terminal.keys["Northfield"])
    here = terminal.done("history", "Northfield", *own)
    path = f"/v1/organisations/{terminal.ids['Northfield']}/history"
    there = http.get(path, headers={"Authorization": f"Bearer {terminal.keys['Northfield']}"}).get_json()
    here["next"], there["next"] = None, None  # a place here, a cursor there
    assert here == there
    assert [one["type"] for one in here["items"]][-2:] == ["support.delivered", "support.delivery_reversed"]


def test_marks_order_and_pages(terminal: Terminal, support: str) -> None:
    page = terminal.done("history", "--mark", "reversed")
    assert [(one["type"], one["marks"]) for one in page["items"]] == [("support.delivered", ["late", "reversed"])]
    first = terminal.done("history", "Ashfield", "--newest", "--limit", "1")
    assert ([one["type"] for one in first["items"]], first["has_more"]) == (["support.delivery_reversed"], True)
    then = terminal.done("history", "Ashfield", "--newest", "--limit", "1", "--after", str(first["next"]))
    assert [one["type"] for one in then["items"]] == ["support.delivered"]


def test_a_day_and_what_was_known_are_the_same_as_over_http(
    terminal: Terminal, http: FlaskClient, support: str
) -> None:
    own = ("--key", terminal.keys["Northfield"])
    whole = terminal.done("history", "Northfield", *own)
    before, back = (one["position"] for one in whole["items"][-2:])
    bearer = {"Authorization": f"Bearer {terminal.keys['Northfield']}"}
    for query, last in (({"as_of": "2026-01-04"}, before - 1), ({"known_at": f"position:{back - 1}"}, before)):
        options = [word for name, value in query.items() for word in (f"--{name.replace('_', '-')}", value)]
        here = terminal.done("history", "Northfield", *options, *own)
        path = f"/v1/organisations/{terminal.ids['Northfield']}/history"
        there = http.get(path, query_string=query, headers=bearer).get_json()
        here["next"], there["next"] = None, None  # a place here, a cursor there
        assert here == there
        assert max((one["position"] for one in here["items"]), default=0) <= last
    heading = terminal.run("history", "Northfield", "--known-at", f"position:{back - 1}", *own).out.splitlines()[0]
    assert heading.endswith(f"position {back - 1}")
    assert "position" not in terminal.run("history", "Northfield", *own).out.splitlines()[0]
    assert terminal.run("history", support, "--as-of", "2026-01-05", *own).code == 2
    assert terminal.run("history", "Northfield", "--explain", *own).code == 2


def test_a_table_and_csv(terminal: Terminal, support: str) -> None:
    ran = terminal.run("history", "Ashfield", "--type", "support.delivered")
    assert "late, reversed" in ran.out
    assert "Northfield recorded 1 h of maths support for Ashfield" in ran.out
    [row] = csv.DictReader(io.StringIO(terminal.run("history", "--mark", "correction", "--csv").out))
    assert (row["type"], json.loads(row["marks"])) == ("support.delivery_reversed", ["late", "correction"])


def test_questions(terminal: Terminal) -> None:
    for name in ("Northfield", "Ashfield"):
        terminal.school(name)
    for _ in range(3):
        for giver, receiver in (("Northfield", "Ashfield"), ("Ashfield", "Northfield")):
            sides = {"giver_id": terminal.ids[giver], "receiver_id": terminal.ids[receiver], "category": "maths"}
            given = {"delivery_id": "d1", "amount": HOUR, "delivered_on": "2026-01-05"}
            stream = terminal.said(giver, "support.delivered", **given, **sides)["stream"]["id"]
            terminal.said(receiver, "support.delivery_confirmed", stream, delivery_id="d1")
    assert [one["kind"] for one in terminal.done("history", "--questions")["items"]] == ["mirrored"]
    [working] = terminal.done("history", "--questions", "--explain")["working"]
    assert working["steps"][-1]["comes_to"].startswith("3 ")
    assert terminal.done("history", "--questions", "--as-of", "2026-01-04")["items"] == []
    assert [one["times"] for one in terminal.done("history", "Ashfield", "--questions")["items"]] == [3]
    assert terminal.run("history", "--questions", "--key", terminal.keys["Ashfield"]).code == 3


def test_who_may_not_read_it(terminal: Terminal, support: str) -> None:
    terminal.school("Elm")
    assert terminal.run("history", "Ashfield", "--key", terminal.keys["Elm"]).code == 3
    assert terminal.run("history", "--key", terminal.keys["Ashfield"]).code == 3
