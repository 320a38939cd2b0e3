"""`pledger report` and `pledger landscape`: the same figures as HTTP, readable at the terminal."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from flask.testing import FlaskClient

from api.answers import XLSX
from api.app import create_app
from ledger.service import open_ledger
from ledger.settings import Settings
from projections.landscape.answering import LEGEND
from projections.views import open_read_models
from tests.cli.terminal import HOUR, Terminal


@pytest.fixture
def http(terminal: Terminal, settings: Settings) -> Iterator[FlaskClient]:
    """The API on the terminal's ledger."""
    with open_ledger(settings) as ledger, open_read_models(ledger.dsn, ledger.zone, ledger.today) as models:
        yield create_app(ledger, models).test_client()


@pytest.fixture
def village(terminal: Terminal) -> Terminal:
    """Northfield of Oak Trust gave Ashfield an hour in a hub's partnership."""
    northfield, ashfield = terminal.school("Northfield"), terminal.school("Ashfield")
    hub, trust = terminal.school("Hub", "hub"), terminal.school("Oak Trust", "trust")
    terminal.key("coordinator", "coordinator", "--organisation", hub)
    terminal.said("Northfield", "organisation.joined_trust", northfield, trust_id=trust, on="2025-09-01")
    aim = {"aim_id": "a", "statement": "Read", "due_on": "2027-07-01"}
    partners = [{"organisation_id": one, "role": "partner"} for one in (northfield, ashfield)]
    formed = {"name": "Coast", "purpose": "Share", "aims": [aim], "partners": partners, "terms": {}}
    more = {"coordinator_id": hub, "starts_on": "2026-01-05"}
    coast = terminal.said("coordinator", "partnership.formed", **formed, **more)["stream"]["id"]
    for name in ("Northfield", "Ashfield"):
        joined = {"organisation_id": terminal.ids[name], "on": "2026-01-05"}
        terminal.said(name, "partnership.partner_accepted", coast, **joined)
    given = {"delivery_id": "d1", "amount": HOUR, "delivered_on": "2026-01-06", "category": "maths"}
    sides = {"giver_id": northfield, "receiver_id": ashfield, "partnership_id": coast}
    stream = terminal.said("Northfield", "support.delivered", **given, **sides)["stream"]["id"]
    terminal.said("Ashfield", "support.delivery_confirmed", stream, delivery_id="d1")
    terminal.ids["Coast"] = coast
    return terminal


def there(village: Terminal, http: FlaskClient, who: str, path: str, **query: Any) -> dict[str, Any]:
    answer = http.get(path, query_string=query, headers={"Authorization": f"Bearer {village.keys[who]}"})
    assert answer.status_code == 200, answer.get_data(as_text=True)
    return answer.get_json()  # type: ignore[no-any-return]  # JSON has no type


def test_a_programme_report_is_what_http_gives(village: Terminal, http: FlaskClient) -> None:
    own = ("--key", village.keys["coordinator"])
    here = village.done("report", "programme", "Coast", "--from", "2026-01-01", "--explain", *own)
    asked = {"partnership": village.ids["Coast"], "from": "2026-01-01", "explain": "true"}
    assert here == there(village, http, "coordinator", "/v1/programmes/report", **asked)
    assert here["totals"]["confirmed_minutes"] == 60
    every = village.done("report", "programme", "--coordinator", "Hub", "--pence-per-day", "39000", *own)
    asked = {"coordinator": village.ids["Hub"], "pence_per_day": "39000"}
    assert every == there(village, http, "coordinator", "/v1/programmes/report", **asked)
    assert every["value"]["value_pence"] == 6000


def test_a_trust_and_governors_too(village: Terminal, http: FlaskClient) -> None:
    trust = village.ids["Oak Trust"]
    here = village.done("report", "trust", "Oak Trust")
    assert [one["organisation_id"] for one in here["members"]] == sorted([trust, village.ids["Northfield"]])
    days = {"from": "2026-01-01", "to": "2026-01-31"}
    own = ("--from", days["from"], "--to", days["to"], "--key", village.keys["Northfield"])
    side = village.done("report", "governors", "Northfield", *own)
    path = f"/v1/organisations/{village.ids['Northfield']}/governors"
    assert side == there(village, http, "Northfield", path, **days)
    assert [(one["side"], one["confirmed_minutes"]) for one in side["support"]] == [("gave", 60)]


def test_the_landscape_is_what_http_gives(village: Terminal, http: FlaskClient) -> None:
    here = village.done("landscape", "Northfield", "--as-of", "2026-02-01", "--key", village.keys["Northfield"])
    path = f"/v1/organisations/{village.ids['Northfield']}/landscape"
    assert here == there(village, http, "Northfield", path, as_of="2026-02-01")
    refused = village.run("landscape", "Northfield", "--key", village.keys["Ashfield"])
    assert refused.code == 3
    assert village.run("landscape", "Northfield", "--from", "2026-01-01").code == 2
    table = village.run("landscape", "Northfield", "--as-of", "2026-02-01", "--csv").out
    assert not any(field in table for field in LEGEND)


def test_they_read_well(village: Terminal) -> None:
    text = village.run("report", "programme", "--explain").out
    for heading in ("What was set out", "What was given", "How things ended", "How it was reckoned"):
        assert heading in text
    assert "Coast: Share" in text
    assert "Northfield" not in text
    assert "We gave 1 h of support that is confirmed" in village.run(
        "report", "governors", "Northfield", "--from", "2026-01-01", "--to", "2026-01-31"
    ).out  # fmt: skip
    assert "given outside" in village.run("report", "trust", "Oak Trust").out
    [row] = csv.DictReader(io.StringIO(village.run("report", "programme", "--csv").out))
    assert (row["partnership"], row["confirmed_minutes"], row["value_pence"]) == ("Coast", "60", "5385")


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("report", "programme", "Nowhere"), 3),
        (("report", "programme", "--pence-per-day", "1"), 2),
        (("report", "trust", "Northfield"), 3),
        (("report", "governors", "Nobody"), 3),
    ],
)
def test_what_cannot_be_reported_on(village: Terminal, words: tuple[str, ...], code: int) -> None:
    assert village.run(*words).code == code


def test_out_of_sight_is_absent(village: Terminal) -> None:
    village.school("Elm")
    elm = ("--key", village.keys["Elm"])
    assert village.run("report", "programme", "Coast", *elm).code == 3
    assert village.done("report", "programme", *elm)["partnerships"] == []
    assert village.run("report", "governors", "Northfield", *elm).code == 3


@pytest.mark.parametrize(
    ("words", "path", "who"),
    [
        (("programme",), "/v1/programmes/report", "coordinator"),
        (("trust", "Oak Trust"), "/v1/trusts/{Oak Trust}/overview", "auditor"),
        (("governors", "Northfield"), "/v1/organisations/{Northfield}/governors", "Northfield"),
    ],
)
def test_a_spreadsheet_is_the_one_that_http_gives(
    village: Terminal, http: FlaskClient, tmp_path: Path, words: tuple[str, ...], path: str, who: str
) -> None:
    village.key("auditor", "auditor", "--trust", "Oak Trust")
    file, january = tmp_path / "report.xlsx", {"from": "2026-01-01", "to": "2026-01-31"}
    days = ("--from", january["from"], "--to", january["to"])
    done = village.run("report", *words, *days, "--xlsx", str(file), "--key", village.keys[who])
    assert (done.code, done.out) == (0, "")
    headers = {"Authorization": f"Bearer {village.keys[who]}", "Accept": XLSX}
    answer = http.get(path.format(**village.ids), headers=headers, query_string=january)
    assert (answer.status_code, answer.mimetype) == (200, XLSX)
    here, there = (rows_of(body) for body in (file.read_bytes(), answer.get_data()))
    assert here == there
    assert len(here) > 1


def rows_of(body: bytes) -> list[tuple[Any, ...]]:
    return list(openpyxl.load_workbook(io.BytesIO(body)).worksheets[0].iter_rows(values_only=True))


def test_a_spreadsheet_that_cannot_be_written_is_told(village: Terminal, tmp_path: Path) -> None:
    done = village.run("report", "programme", "--xlsx", str(tmp_path / "nowhere" / "report.xlsx"))
    assert (done.code, done.out) == (2, "")
    assert "report.xlsx" in done.err
