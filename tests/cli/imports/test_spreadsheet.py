"""A trust's own spreadsheet comes in once, whoever enters it again; its receiver confirms it in one go."""

from __future__ import annotations

import io
import json
from pathlib import Path

import pytest

from tests.cli.terminal import HOUR, Ran, Terminal

HEADER = "Giver,receiver,date,quantity,unit,category"
ROW = "Northfield,Ashfield,05/10/2025,2,hour,maths"


@pytest.fixture(autouse=True)
def schools(terminal: Terminal) -> None:
    terminal.school("Northfield")
    terminal.school("Ashfield")


def bring(terminal: Terminal, *rows: str, who: str = "Northfield", header: str = HEADER, options: str = "") -> Ran:
    file = terminal.folder / "support.csv"
    file.write_text("\n".join((header, *rows)) + "\n", "utf-8")
    report = terminal.folder / "report.json"
    report.unlink(missing_ok=True)
    words = ("--report", str(report), "--key", terminal.keys[who], *options.split())
    return terminal.run("import", "csv", str(file), *words)


def outcomes(terminal: Terminal) -> dict[str, int]:
    return dict(json.loads((terminal.folder / "report.json").read_text("utf-8"))["totals"])


def remarks(terminal: Terminal) -> list[tuple[int, str | None, str]]:
    found = json.loads((terminal.folder / "report.json").read_text("utf-8"))["remarks"]
    return [(one["line"], one["column"], one["reason"]) for one in found]


def answering(monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    """Somebody at the terminal who types this."""
    typed = io.StringIO(text)
    monkeypatch.setattr(typed, "isatty", lambda: True)
    monkeypatch.setattr("sys.stdin", typed)


def test_columns_named_like_fields_need_no_mapping(terminal: Terminal) -> None:
    assert bring(terminal, ROW).code == 0
    assert outcomes(terminal) == {"recorded": 1}
    bring(terminal, ROW)
    assert outcomes(terminal) == {"unchanged": 1}
    assert terminal.done("balance", "Northfield")["claimed_minutes"] == 120


def test_all_that_is_nowhere_is_named_at_once(terminal: Terminal) -> None:
    ran = bring(terminal, ROW, header="giver,receiver,Day,Hours,unit,category")
    assert ran.code == 2
    assert all(word in ran.err for word in ("date=", "quantity=", "Day", "Hours"))


@pytest.mark.parametrize("again", [ROW, "Northfield,Ashfield,2025-10-05,120,minute,maths"])
def test_a_row_like_another_is_refused(terminal: Terminal, again: str) -> None:
    bring(terminal, ROW, again, "Northfield,Ashfield,05/10/2025,2,hour,english")
    assert outcomes(terminal) == {"recorded": 2, "refused": 1}
    assert [(line, reason.partition(";")[0]) for line, _, reason in remarks(terminal)] == [(3, "looks like line 2")]
    bring(terminal, ROW, again, options="--allow-alike")
    assert outcomes(terminal) == {"unchanged": 1, "recorded": 1}


def test_a_row_like_a_delivery_of_another_source_is_refused(terminal: Terminal) -> None:
    ids = terminal.ids
    two_hours = HOUR | {"quantity": "2"}
    sides = {"giver_id": ids["Northfield"], "receiver_id": ids["Ashfield"], "category": "maths"}
    said = terminal.said(
        "Northfield", "support.delivered", delivery_id="d1", amount=two_hours, delivered_on="2025-10-05", **sides
    )
    bring(terminal, ROW, ROW.replace("05/10", "06/10"))
    assert outcomes(terminal) == {"recorded": 1, "refused": 1}
    assert f"position {said['position']};" in remarks(terminal)[0][2]

    taken_back = {"delivery_id": "d1", "reason": "Twice", "effective_on": "2025-10-05"}
    terminal.said("Northfield", "support.delivery_reversed", said["stream"]["id"], **taken_back)
    bring(terminal, ROW)
    assert outcomes(terminal) == {"recorded": 1}


@pytest.mark.parametrize(
    ("row", "column"),
    [
        ("Northfield,,05/10/2025,2,hour,maths", "receiver"),
        ("Northfield,Elm,05/10/2025,2,hour,maths", "receiver"),
        ("Northfield,Ashfield,5 October,2,hour,maths", "date"),
        ("Northfield,Ashfield,,2,hour,maths", "date"),
        ("Northfield,Ashfield,05/10/2025,,hour,maths", "quantity"),
    ],
)
def test_a_cell_that_says_nothing_is_named(terminal: Terminal, row: str, column: str) -> None:
    bring(terminal, row)
    assert outcomes(terminal) == {"refused": 1}
    assert [one[:2] for one in remarks(terminal)] == [(2, column)]


def test_a_key_of_another_role_is_refused_before_anything_is_read(terminal: Terminal) -> None:
    assert bring(terminal, ROW, who="admin").code == 3
    assert not (terminal.folder / "report.json").exists()
    register = terminal.folder / "register.csv"
    register.write_bytes(b"PK\x03\x04\x00")
    assert terminal.run("import", "schools", str(register), "--key", terminal.keys["Northfield"]).code == 3


def test_the_receiver_confirms_in_one_go(terminal: Terminal, monkeypatch: pytest.MonkeyPatch) -> None:
    terminal.school("Elm")
    bring(terminal, ROW, ROW.replace("05/10", "06/10"))
    bring(terminal, ROW.replace("Northfield", "Elm"), who="Elm", options="--source urn:elm")
    confirm = ("import", "confirm", "--key", terminal.keys["Ashfield"])
    answering(monkeypatch, "n\n")
    assert terminal.run(*confirm).code == 0
    monkeypatch.setattr("sys.stdin", io.StringIO())
    assert terminal.run(*confirm).code == 2
    assert terminal.run("import", "confirm", "--yes", "--key", terminal.keys["admin"]).code == 3
    assert terminal.done("balance", "Ashfield")["received_minutes"] == 0

    assert terminal.run(*confirm, "--yes", "--from", "Elm").code == 0
    assert terminal.done("balance", "Ashfield")["received_minutes"] == 120
    answering(monkeypatch, "y\n")
    assert terminal.run(*confirm).code == 0
    assert terminal.done("balance", "Ashfield")["received_minutes"] == 360


def test_the_table_names_giver_and_category(terminal: Terminal) -> None:
    bring(terminal, ROW)
    shown = terminal.run("import", "confirm", "--yes", "--key", terminal.keys["Ashfield"]).out.splitlines()
    assert shown[1].split() == ["giver", "day", "amount", "category", "delivery"]
    assert shown[2].split()[:5] == ["Northfield", "2025-10-05", "2", "h", "maths"]


def test_a_register_tells_what_is_in_and_what_is_not(terminal: Terminal, tmp_path: Path) -> None:
    register = tmp_path / "register.csv"
    header = "trust_name,trust_uid,trust_ref,trust_ukprn,companies_house,urn,school,phase,dateJoined"
    rows = ("T,77,TR00077,,,900001,Oak,,2020-09-01", "T,77,TR00077,,,900002,Yew,,soon", "T,77,,,,9,Ash,,")
    register.write_text("\n".join((header, *rows)) + "\n", "utf-8")
    first = terminal.run("import", "schools", str(register)).out.splitlines()[0]
    assert [int(word) for word in first.replace("(", "").split() if word.isdigit()] == [2, 1, 1, 1]
