"""Tables as a spreadsheet (XLSX): the cells of the CSV, with what was asked on a sheet beside them."""

from __future__ import annotations

import io
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any, ClassVar, Final

from api.answers import cell
from ledger.errors import Kind, Refusal

if TYPE_CHECKING:
    from xlsxwriter import Workbook

MOST_ROWS: Final = 100_000
MOST_CHARACTERS: Final = 32_767  # of one cell, by the format
NARROWEST: Final = 12  # characters
WIDEST: Final = 60
ABOUT: Final = ("scope", "as_of", "known_at", "position", "rule_version")
OPTIONS: Final = {
    "constant_memory": True,
    "strings_to_formulas": False,
    "strings_to_numbers": False,
    "strings_to_urls": False,
}
MADE: Final = datetime(1980, 1, 1)  # noqa: DTZ001  # the format has no zone; the same table must give the same bytes


class TableTooLong(Refusal):
    """A spreadsheet takes no table as long as this one; CSV does. Fields: `most` (rows)."""

    code = "table-too-long"
    kind: ClassVar[Kind] = "too_large"
    title = "The table is too long for a spreadsheet"


def spreadsheet(
    rows: Sequence[Mapping[str, Any]], columns: Sequence[str], *, name: str, about: Mapping[str, Any]
) -> bytes:
    """A workbook: a sheet `name` with its columns named in the first row, and a sheet `about` with what of the answer
    stands around its figures. Raises TableTooLong beyond 100,000 rows."""
    from xlsxwriter import Workbook

    if len(rows) > MOST_ROWS:
        raise TableTooLong(f"{len(rows)} rows are more than the {MOST_ROWS} of one sheet; ask for CSV", most=MOST_ROWS)
    out = io.BytesIO()
    with Workbook(out, OPTIONS) as workbook:
        workbook.set_properties({"title": name, "created": MADE})
        sheet(workbook, name, columns, ([cell(row.get(column)) for column in columns] for row in rows))
        told = [(word, about[word]) for word in ABOUT if about.get(word) is not None]
        sheet(workbook, "about", ("what", "value"), ([word, cell(value)] for word, value in told))
    return out.getvalue()


def sheet(workbook: Workbook, name: str, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """One sheet, its first row bold and always in sight."""
    page = workbook.add_worksheet(name[:31])
    page.freeze_panes(1, 0)
    bold = workbook.add_format({"bold": True})
    for index, column in enumerate(columns):
        page.set_column(index, index, min(max(len(column) + 2, NARROWEST), WIDEST))
        page.write_string(0, index, column, bold)
    for number, row in enumerate(rows, 1):
        for index, value in enumerate(row):
            write(page, number, index, value)


def write(page: Any, row: int, column: int, value: Any) -> None:
    """A number as a number; all else as the text that CSV has, never a formula or a link."""
    if isinstance(value, int | float) and not isinstance(value, bool):
        page.write_number(row, column, value)
    elif value != "":
        page.write_string(row, column, str(value)[:MOST_CHARACTERS])
