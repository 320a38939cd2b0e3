"""CSV as people make it."""

from __future__ import annotations

from pathlib import Path

import pytest

from cli.imports.table import ColumnsMissing, FileUnreadable, read_table


def written(folder: Path, content: bytes) -> Path:
    file = folder / "table.csv"
    file.write_bytes(content)
    return file


def test_a_plain_table(tmp_path: Path) -> None:
    table = read_table(written(tmp_path, b'a,b\n1,"two, with a comma"\n\n3,4\n'))
    assert table.header == ("a", "b")
    assert [(row.line, row.cells) for row in table.rows] == [
        (2, {"a": "1", "b": "two, with a comma"}),
        (4, {"a": "3", "b": "4"}),
    ]


@pytest.mark.parametrize(
    ("content", "note"),
    [
        ("name\nSt Anne’s\n".encode("utf-8-sig"), False),
        ("name\nSt Anne’s\n".encode("cp1252"), True),
        ("name\r\nSt Anne’s\r\n".encode(), False),
    ],
)
def test_every_usual_encoding_is_read(tmp_path: Path, content: bytes, note: bool) -> None:
    table = read_table(written(tmp_path, content))
    assert table.rows[0].cells == {"name": "St Anne’s"}
    assert (table.note is not None) is note


@pytest.mark.parametrize("delimiter", [b",", b";", b"\t"])
def test_the_delimiter_is_found_out(tmp_path: Path, delimiter: bytes) -> None:
    table = read_table(written(tmp_path, delimiter.join([b"a", b"b"]) + b"\n" + delimiter.join([b"1", b"2"]) + b"\n"))
    assert table.rows[0].cells == {"a": "1", "b": "2"}


def test_a_cell_with_line_breaks_keeps_the_lines_right(tmp_path: Path) -> None:
    table = read_table(written(tmp_path, b'a,b\n"one\ntwo",2\n3,4\n'))
    assert [row.line for row in table.rows] == [2, 4]


def test_a_row_of_the_wrong_width_is_marked_and_the_others_are_read(tmp_path: Path) -> None:
    table = read_table(written(tmp_path, b"a,b\n1\n2,3\n"))
    assert [(row.line, row.broken is None) for row in table.rows] == [(2, False), (3, True)]


@pytest.mark.parametrize(
    ("content", "line"),
    [(b"", None), (b"\n \n", None), (b"a,a\n1,2\n", 1), (b'a,b\n1,"open\n', 2), (b"PK\x03\x04\x00", None)],
)
def test_what_is_no_table_is_refused(tmp_path: Path, content: bytes, line: int | None) -> None:
    with pytest.raises(FileUnreadable) as caught:
        read_table(written(tmp_path, content))
    assert caught.value.fields.get("line") == line


def test_missing_columns_are_named(tmp_path: Path) -> None:
    with pytest.raises(ColumnsMissing) as caught:
        read_table(written(tmp_path, b"a,b\n1,2\n")).require(["b", "c"])
    assert caught.value.missing == ("c",)
