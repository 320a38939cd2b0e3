"""`pledger reciprocity`: what HTTP answers, at the terminal."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask.testing import FlaskClient

from api.app import create_app
from ledger.service import open_ledger
from ledger.settings import Settings
from projections.views import open_read_models
from tests.cli.terminal import Terminal
from tests.cli.test_finding import form, give


@pytest.fixture
def http(terminal: Terminal, settings: Settings) -> Iterator[FlaskClient]:
    """The API on the terminal's ledger."""
    with open_ledger(settings) as ledger, open_read_models(ledger.dsn, ledger.zone, ledger.today) as models:
        yield create_app(ledger, models).test_client()


@pytest.fixture
def harbour(terminal: Terminal) -> str:
    """Two schools of a trust, in a partnership: 3 h one way, 1 h the other."""
    terminal.school("Hub", "hub")
    terminal.school("Oak Trust", "trust")
    terminal.key("coordinator", "coordinator", "--organisation", terminal.ids["Hub"])
    terminal.key("chief", "coordinator", "--organisation", terminal.ids["Oak Trust"])
    for name in ("Northfield", "Ashfield", "Elm"):
        terminal.school(name)
    for name in ("Northfield", "Ashfield"):
        joined = {"trust_id": terminal.ids["Oak Trust"], "on": "2025-09-01"}
        terminal.said("admin", "organisation.joined_trust", terminal.ids[name], **joined)
    made = form(terminal, "Harbour Cluster", "Northfield", "Ashfield")
    give(terminal, "Northfield", "Ashfield", made, "3")
    give(terminal, "Ashfield", "Northfield", made, "1")
    return made


def test_the_same_as_over_http(terminal: Terminal, http: FlaskClient, harbour: str) -> None:
    trust = terminal.ids["Oak Trust"]
    asked = (
        ("Northfield", ("Harbour Cluster",), f"/v1/partnerships/{harbour}/reciprocity"),
        ("chief", ("Oak Trust",), f"/v1/trusts/{trust}/overview"),
        ("chief", (), "/v1/network/reciprocity"),
    )
    for who, words, path in asked:
        ours = terminal.done("reciprocity", *words, "--explain", "--key", terminal.keys[who])
        theirs = http.get(f"{path}?explain=true", headers={"Authorization": f"Bearer {terminal.keys[who]}"})
        assert theirs.get_json() == ours
        assert ours.get("reciprocity", ours)["two_way"]["fraction"] == "1/2"


def test_in_words_with_its_working(terminal: Terminal, harbour: str) -> None:
    ran = terminal.run("reciprocity", "Harbour Cluster", "--explain")
    assert ran.code == 0
    assert "50 %" in ran.out
    assert "Northfield gave Ashfield 3 h" in ran.out
    header, *lines = terminal.run("reciprocity", "Oak Trust", "--csv").out.splitlines()
    assert header.startswith("organisation_id,organisation,given_minutes")
    assert len(lines) == 3


def test_who_may_not_and_what_is_no_network(terminal: Terminal, harbour: str) -> None:
    assert terminal.run("reciprocity", "Harbour Cluster", "--key", terminal.keys["Elm"]).code == 3
    assert terminal.run("reciprocity", "Oak Trust", "--key", terminal.keys["Northfield"]).code == 3
    assert terminal.run("reciprocity", "Northfield").code == 3
    assert terminal.run("reciprocity", "Harbour Cluster", "--window", "term").code == 2
    assert terminal.run("reciprocity", "Harbour Cluster", "--window", "week").code == 2
