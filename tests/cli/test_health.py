"""`pledger health`: a row for each dimension, the lowest first; the same JSON as over HTTP."""

from __future__ import annotations

import csv
import io
from typing import Any

import pytest

from api.app import create_app
from ledger.service import open_ledger
from ledger.settings import Settings
from projections.health.dimension import NAMES
from projections.health.reading import TITLES
from projections.views import open_read_models
from tests.cli.terminal import Terminal

DAY = "2026-09-01"


@pytest.fixture
def harbour(terminal: Terminal) -> Terminal:
    """Northfield gave Ashfield an hour in their cluster, three weeks after it began; it was meant to be reviewed."""
    support = terminal.harbour(grace_days=0, review_every_days=14)
    terminal.said("Ashfield", "support.delivery_confirmed", support, delivery_id="d1")
    return terminal


def health(terminal: Terminal, *words: str) -> Any:
    return terminal.run("health", "Harbour Cluster", "--as-of", DAY, *words)


def test_the_table_has_a_row_for_each_dimension_the_lowest_first(harbour: Terminal) -> None:
    ran = health(harbour)
    assert ran.code == 0, ran.err
    lines = ran.out.splitlines()[2:10]
    found = [next(name for name, title in TITLES.items() if line.startswith(title)) for line in lines]
    assert found[:5] == ["purpose", "reciprocity", "resilience", "tempo", "confirmation"]
    assert set(found) == set(NAMES)
    assert sum(line.startswith("Lowest first: ") for line in ran.out.splitlines()) == 1


def test_the_terminal_and_http_give_the_same(harbour: Terminal, settings: Settings) -> None:
    mine = harbour.run(
        "health", "Harbour Cluster", "--as-of", DAY, "--explain", "--json", "--key", harbour.keys["Ashfield"]
    )
    with open_ledger(settings) as ledger, open_read_models(ledger.dsn, ledger.zone, ledger.today) as models:
        answer = create_app(ledger, models).test_client().get(
            f"/v1/partnerships/{harbour.ids['Harbour']}/health?as_of={DAY}&explain=true",
            headers={"Authorization": f"Bearer {harbour.keys['Ashfield']}"},
        )  # fmt: skip
    assert answer.status_code == 200
    assert mine.json() == answer.get_json()


def test_it_explains_itself(harbour: Terminal) -> None:
    ran = health(harbour, "--explain")
    assert ran.code == 0
    titles = [line for line in ran.out.splitlines() if "rule health/1" in line]
    assert len(titles) == len(NAMES) + 1
    assert not any("_" in title for title in titles)
    assert [title.casefold().startswith(TITLES[name]) for name, title in zip(NAMES, titles, strict=False)] == [True] * 8


def test_as_a_table_for_programs(harbour: Terminal) -> None:
    rows = list(csv.DictReader(io.StringIO(health(harbour, "--csv").out)))
    assert [row["dimension"] for row in rows[:2]] == ["purpose", "reciprocity"]
    assert (rows[0]["band"], rows[0]["f"], rows[-1]["band"], rows[-1]["f"]) == ("below_50", "0/1", "unknown", "")


def test_its_history(harbour: Terminal) -> None:
    body = health(harbour, "--history", "--json").json()
    assert (body["from"], body["to"]) == ("2026-08-01", DAY)
    assert {one["what"] for one in body["items"] if one["on"] == "2026-08-21"} >= {"band", "tempo", "reciprocity"}
    assert "21 Aug 2026" in health(harbour, "--history").out
    rows = list(csv.DictReader(io.StringIO(health(harbour, "--history", "--csv").out)))
    assert len(rows) == len(body["items"])


def test_as_known_before_it_was_confirmed(harbour: Terminal) -> None:
    known = health(harbour, "--json").json()["known_at"]
    before = health(harbour, "--json", "--known-at", f"position:{known - 1}").json()
    assert (before["overall"], before["band"]) == (None, "unknown")


def test_its_history_explained_page_by_page_as_over_http(harbour: Terminal, settings: Settings) -> None:
    whole = health(harbour, "--history", "--explain", "--json").json()
    first = health(harbour, "--history", "--limit", "1", "--json").json()
    rest = health(harbour, "--history", "--after", first["next"], "--json").json()
    assert ([*first["items"], *rest["items"]], first["has_more"]) == (whole["items"], True)
    assert health(harbour, "--history", "--after", "nowhere").code == 2
    with open_ledger(settings) as ledger, open_read_models(ledger.dsn, ledger.zone, ledger.today) as models:
        answer = create_app(ledger, models).test_client().get(
            f"/v1/partnerships/{harbour.ids['Harbour']}/health/history?as_of={DAY}&explain=true",
            headers={"Authorization": f"Bearer {harbour.keys['Ashfield']}"},
        )  # fmt: skip
    assert answer.get_json() | {"next": ""} == whole | {"next": ""}


def test_before_it_was_known_it_is_not_there_and_days_have_bounds(harbour: Terminal) -> None:
    for command in ("health", "withdrawal"):
        ran = harbour.run(command, "Harbour Cluster", "--known-at", "position:1", "--key", harbour.keys["Ashfield"])
        assert (ran.code, "(not-found)" in ran.err) == (3, True)
    for option in (("--as-of", "1899-12-31"), ("--as-of", "2200-01-01"), ("--known-at", "9999-12-31T00:00:00Z")):
        assert harbour.run("health", "Harbour Cluster", *option, "--key", harbour.keys["Ashfield"]).code == 2


def test_what_is_not_there_and_what_does_not_go_together(harbour: Terminal) -> None:
    assert harbour.run("health", "Seaside Cluster").code == 3
    assert harbour.run("health", "Northfield").code == 3
    assert health(harbour, "--from", DAY).code == 2
    assert (
        harbour.run("health", "Harbour Cluster", "--history", "--from", "2026-08-01", "--as-of", "2031-01-01").code == 2
    )
    harbour.school("Outside")
    assert health(harbour, "--key", harbour.keys["Outside"]).code == 3
