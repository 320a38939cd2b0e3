"""`pledger withdrawal`: points, and what leaving takes; the same JSON as over HTTP."""

from __future__ import annotations

import csv
import io

import pytest

from api.app import create_app
from ledger.service import open_ledger
from ledger.settings import Settings
from projections.views import open_read_models
from tests.cli.terminal import Terminal

DAY = "2026-09-20"


@pytest.fixture
def harbour(terminal: Terminal) -> Terminal:
    """Northfield gave Ashfield an hour that nobody confirmed; their review was due in the middle of August."""
    terminal.harbour(review_every_days=14)
    return terminal


def test_the_points_are_those_over_http(harbour: Terminal, settings: Settings) -> None:
    told = harbour.done("withdrawal", "Harbour Cluster", "--as-of", DAY, "--key", harbour.keys["Northfield"])
    way = harbour.done(
        "withdrawal", "Harbour Cluster", "--organisation", "Ashfield", "--as-of", DAY, "--explain", "--key",
        harbour.keys["Northfield"],
    )["way_out"]  # fmt: skip
    key = {"Authorization": f"Bearer {harbour.keys['Northfield']}"}
    path = f"/v1/partnerships/{harbour.ids['Harbour']}"
    with open_ledger(settings) as ledger, open_read_models(ledger.dsn, ledger.zone, ledger.today) as models:
        http = create_app(ledger, models).test_client()
        points = http.get(f"{path}/withdrawal-points?as_of={DAY}", headers=key).get_json()
        query = f"organisation={harbour.ids['Ashfield']}&as_of={DAY}&explain=true"
        assert way == http.get(f"{path}/way-out?{query}", headers=key).get_json()
    assert {name: told[name] for name in told if name != "next"} == {
        name: points[name] for name in points if name != "next"
    }
    assert {one["kind"] for one in told["items"]} == {"review_due", "review_overdue"}


def test_a_table_for_people(harbour: Terminal) -> None:
    ran = harbour.run("withdrawal", "Harbour", "--as-of", DAY, "--organisation", "Ashfield", "--explain")
    assert ran.code == 0, ran.err
    assert "You may leave at these points" in ran.out
    assert "What leaving takes: Ashfield" in ran.out
    assert "30 Aug 2026" in ran.out  # overdue since then


def test_a_table_for_programs(harbour: Terminal) -> None:
    ran = harbour.run("withdrawal", "Harbour", "--as-of", DAY, "--state", "open", "--csv")
    lines = list(csv.DictReader(io.StringIO(ran.out)))
    assert {(one["organisation"], one["kind"], one["state"]) for one in lines} == {
        ("Northfield", "review_overdue", "open"), ("Ashfield", "review_overdue", "open"),
    }  # fmt: skip


def test_page_by_page(harbour: Terminal) -> None:
    first = harbour.done("withdrawal", "Harbour", "--as-of", DAY, "--limit", "3")
    rest = harbour.done("withdrawal", "Harbour", "--as-of", DAY, "--after", first["next"])
    assert (len(first["items"]), first["has_more"], len(rest["items"]), rest["has_more"]) == (3, True, 1, False)


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("Harbour", "--on", DAY), 2), (("Harbour", "--from", DAY), 2), (("Harbour", "--after", "here"), 2),
        (("Nobody",), 3), (("Harbour", "--organisation", "Hub"), 3),
    ],
)  # fmt: skip
def test_what_is_refused(harbour: Terminal, words: tuple[str, ...], code: int) -> None:
    assert harbour.run("withdrawal", *words).code == code


def test_who_is_outside_finds_nothing(harbour: Terminal) -> None:
    harbour.school("Outside")
    assert harbour.run("withdrawal", "Harbour", "--key", harbour.keys["Outside"]).code == 3
