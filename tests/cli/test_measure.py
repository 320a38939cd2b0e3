"""`pledger measure reciprocity`: any table, without a ledger."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Final

import pytest

from projections.reciprocity.network_words import EFFECTIVE_GIVERS, LABELS
from tests.cli.terminal import Terminal

FOURTH: Final = "from,to,minutes\nA,B,6\nB,A,2\nB,C,4\nC,A,3\nA,D,5\nD,C,1\n"


@pytest.fixture
def anywhere(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> Terminal:
    """A terminal on a machine without a ledger."""
    return Terminal(monkeypatch, capsys, tmp_path)


def saved(terminal: Terminal, text: str) -> str:
    file = terminal.folder / "given.csv"
    file.write_text(text, "utf-8")
    return str(file)


def test_the_fourth_case(anywhere: Terminal) -> None:
    told = anywhere.done("measure", "reciprocity", saved(anywhere, FOURTH))
    assert [told[name]["fraction"] for name in ("two_way", "comes_round", "one_way")] == ["4/21", "3/7", "8/21"]
    assert (told["minutes"], told["members"], told["left_out"]) == (21, 4, 0)
    assert told["concentration"]["hhi"]["value"] == 0.378685
    assert {one["organisation_id"]: one["net_minutes"] for one in told["organisations"]} == {
        "A": 6,
        "B": 0,
        "C": -2,
        "D": -4,
    }


def test_decimals_are_exact(anywhere: Terminal) -> None:
    told = anywhere.done("measure", "reciprocity", saved(anywhere, "from,to,minutes\na,b,0.3\nb,a,0.1\n"))
    assert told["two_way"] == {"fraction": "1/2", "value": 0.5}
    assert told["minutes"] == 0.4


def test_one_line_for_each_as_csv(anywhere: Terminal) -> None:
    ran = anywhere.run("measure", "reciprocity", saved(anywhere, FOURTH), "--csv")
    header, first, *rest = ran.out.splitlines()
    assert header == "organisation_id,given_minutes,received_minutes,net_minutes,balance_index"
    assert first == "A,11,5,6,3/8"
    assert len(rest) == 3


def test_a_table_for_people(anywhere: Terminal) -> None:
    file = saved(anywhere, FOURTH)
    lines = anywhere.run("measure", "reciprocity", file).out.splitlines()
    for label in (*LABELS.values(), EFFECTIVE_GIVERS):
        assert sum(line.startswith(f"{label}  ") for line in lines) == 1
    [one_way] = [line.split() for line in lines if line.startswith(f"{LABELS['one_way']}  ")]
    assert one_way[-3:] == ["38", "%", "8/21"]
    shares = anywhere.done("measure", "reciprocity", file)
    figures = {
        name for name, one in (shares | shares["concentration"]).items() if isinstance(one, dict) and "value" in one
    }
    assert figures == {*LABELS, "effective_givers"}


def test_a_part_of_a_minute_is_told_and_nothing_too(anywhere: Terminal) -> None:
    assert (
        "less than 1 min" in anywhere.run("measure", "reciprocity", saved(anywhere, "from,to,minutes\na,b,0.3\n")).out
    )
    nothing = anywhere.run("measure", "reciprocity", saved(anywhere, "from,to,minutes\na,b,0\n"))
    assert (nothing.code, "%" in nothing.out) == (0, True)


def test_wrong_lines_are_told_by_number(anywhere: Terminal) -> None:
    ran = anywhere.run("measure", "reciprocity", saved(anywhere, "from,to,minutes\na,b,1\na,b,-1\n"))
    assert ran.code == 2
    assert "line 3" in ran.err


def test_it_reads_no_ledger_and_no_database(tmp_path: Path) -> None:
    file = tmp_path / "given.csv"
    file.write_text(FOURTH, "utf-8")
    program = (
        "import sys; from cli.main import main; sys.argv[1:] = ['measure', 'reciprocity', sys.argv[1]]\n"
        "try: main()\nfinally: print(sorted({'psycopg', 'eventsourcing', 'flask', 'pandas'} & set(sys.modules)))"
    )
    ran = subprocess.run([sys.executable, "-c", program, str(file)], capture_output=True, text=True, check=True)
    assert ran.stdout.splitlines()[-1] == "[]"
