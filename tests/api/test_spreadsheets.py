"""Tables as spreadsheets: the cells of the CSV, numbers as numbers, nothing that a spreadsheet would run."""

from __future__ import annotations

import io
from typing import Any

import openpyxl
import pytest

from api.answers import XLSX
from api.spreadsheets import MOST_ROWS, TableTooLong, spreadsheet
from tests.api.calls import Town

SIGNS = ("=1+1", "+1", "-1", "@sum", "\tx", "\rx", "https://example.org", "0123")


def sheet(body: bytes, name: str | None = None) -> list[list[Any]]:
    """The rows of a sheet, the first where no name is given."""
    book = openpyxl.load_workbook(io.BytesIO(body))
    page = book.worksheets[0] if name is None else book[name]
    return [list(row) for row in page.iter_rows(values_only=True)]


@pytest.fixture
def village(served: Town) -> Town:
    """Northfield gave Ashfield an hour and a half, confirmed."""
    for name in ("Northfield", "Ashfield"):
        served.school(name)
    support = served.delivered("Northfield", "Ashfield", "1.5")["stream"]["id"]
    served.said("Ashfield", "support.delivery_confirmed", support, delivery_id="d1")
    return served


def test_a_statement_is_read_back_as_it_was_written(village: Town) -> None:
    path = f"/v1/organisations/{village.ids['Northfield']}/statement?min_position={village.ledger.head()}"
    answer = village.get("Northfield", path, Accept=XLSX)
    assert (answer.mimetype, answer.headers["Content-Disposition"]) == (XLSX, 'attachment; filename="statement.xlsx"')
    columns, line = sheet(answer.get_data())
    found = dict(zip(columns, line, strict=True))
    assert (found["counterpart"], found["gave_minutes"], found["counts"]) == ("Ashfield", 90, "true")
    about = dict(sheet(answer.get_data(), "about")[1:])
    assert (about["as_of"], about["position"]) == ("2026-09-01", village.ledger.head())


def test_it_is_not_sent_again(village: Town) -> None:
    path = f"/v1/organisations/{village.ids['Northfield']}/balance?min_position={village.ledger.head()}"
    first = village.get("Northfield", path, Accept=XLSX)
    again = village.get("Northfield", path, Accept=XLSX, If_None_Match=first.headers["ETag"])
    assert (first.status_code, again.status_code) == (200, 304)


def test_no_cell_is_a_formula_or_a_link() -> None:
    body = spreadsheet([{"text": sign} for sign in SIGNS], ["text"], name="signs", about={})
    book = openpyxl.load_workbook(io.BytesIO(body))
    cells = [row[0] for row in book.worksheets[0].iter_rows(min_row=2)]
    assert [cell.data_type for cell in cells] == ["s"] * len(SIGNS)
    assert all(cell.hyperlink is None for cell in cells)
    shielded = [str(cell.value) for cell in cells]
    assert shielded[:4] == ["'=1+1", "'+1", "'-1", "'@sum"]
    assert all(text.startswith("'") for text in shielded[:6])
    assert shielded[6:] == ["https://example.org", "0123"]


def test_what_is_nothing_is_an_empty_cell_and_a_share_its_fraction() -> None:
    rows = [{"a": None, "b": {"fraction": "-1/3", "value": -0.333333}, "c": 0.5, "d": True}]
    body = spreadsheet(rows, ["a", "b", "c", "d", "e"], name="kinds", about={})
    assert sheet(body) == [["a", "b", "c", "d", "e"], [None, "'-1/3", 0.5, "true", None]]


def test_the_same_table_has_the_same_bytes() -> None:
    one, other = (spreadsheet([{"a": 1}], ["a"], name="same", about={"as_of": "2026-09-01"}) for _ in range(2))
    assert one == other


def test_a_table_too_long_for_a_sheet_is_refused() -> None:
    with pytest.raises(TableTooLong) as refused:
        spreadsheet([{}] * (MOST_ROWS + 1), ["a"], name="long", about={})
    assert refused.value.most == MOST_ROWS
