"""Tables for people: nothing but names wraps, ids and headings never, and a program finds one row on one line."""

from __future__ import annotations

import os
import sys

import pytest

from cli.output import print_table

ID = "7c9e6679-7425-40de-944b-e07fc1f90ae7"
NAME = "The Harbour Cluster of Schools in the North"


def shown(capsys: pytest.CaptureFixture[str], *rows: tuple[str, str, int], title: str = "") -> list[str]:
    print_table(title, ("id", "name", "minutes"), rows, frozenset({2}), wrap={1})
    return capsys.readouterr().out.splitlines()


def test_piped_a_row_is_a_line_without_trailing_blanks(capsys: pytest.CaptureFixture[str]) -> None:
    title = "A title that is longer than the table below it, and stays on its line all the same, however long it is"
    lines = shown(capsys, (ID, NAME * 4, 5), ("x", "y", 12), title=title)
    assert lines[0] == title
    assert lines[2].split()[0] == ID
    assert len(lines) == 4
    assert all(line == line.rstrip() for line in lines)
    assert lines[3].endswith("  12")


def test_on_a_narrow_terminal_only_names_wrap(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True)
    monkeypatch.setattr("shutil.get_terminal_size", lambda: os.terminal_size((70, 20)))
    lines = shown(capsys, (ID, NAME, 5))
    assert len(lines) == 3
    assert lines[1].startswith(ID)
    assert " ".join(line.replace(ID, "").rstrip("5").strip() for line in lines[1:]) == NAME


def test_a_name_does_not_steer_the_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    lines = shown(capsys, (ID, "two\nlines\x1b[2J", 5))
    assert len(lines) == 2
    assert "\x1b" not in lines[1]


def test_a_table_without_rows_says_so(capsys: pytest.CaptureFixture[str]) -> None:
    assert len(shown(capsys, title="Title")) == 2
