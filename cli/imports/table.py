"""Reads a CSV file as people make them: UTF-8 with or without BOM, or Windows-1252; commas, semicolons or tabs."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar, Final

from ledger.errors import Kind, Refusal

MOST_BYTES: Final = 200 * 1024 * 1024
DELIMITERS: Final = ",;\t"


class FileUnreadable(Refusal):
    """The file is not a table that can be read. Fields: `file`, perhaps `line`."""

    code = "file-unreadable"
    kind: ClassVar[Kind] = "unreadable"
    title = "The file cannot be read as a table"


class ColumnsMissing(Refusal):
    """The header lacks columns. Fields: `file`, `missing`, `found`."""

    code = "columns-missing"
    kind: ClassVar[Kind] = "claim"
    title = "Columns are missing"


@dataclass(frozen=True, slots=True)
class Row:
    """One row: `line` is where it begins in the file (the header is line 1); `broken` says why it cannot be read."""

    line: int
    cells: dict[str, str]
    broken: str | None = None


@dataclass(frozen=True, slots=True)
class Table:
    """`note` says how the file was read, when that was not plain UTF-8."""

    file: Path
    header: tuple[str, ...]
    rows: list[Row]
    note: str | None

    def require(self, columns: Iterable[str]) -> None:
        """Passes when the header has the columns. Raises ColumnsMissing."""
        missing = [name for name in columns if name not in self.header]
        if missing:
            found = ", ".join(self.header[:30])
            detail = f"{self.file.name} has no column {', '.join(missing)}; found: {found}"
            raise ColumnsMissing(detail, file=str(self.file), missing=tuple(missing), found=self.header)


def read_table(file: Path) -> Table:
    """The table in a CSV file. Raises FileUnreadable; a single bad row is kept and marked, the others are read."""
    text, note = text_of(file)
    if not text.strip():
        raise FileUnreadable(f"{file.name} is empty", file=str(file))
    first_line = text.split("\n", 1)[0]
    delimiter = max(DELIMITERS, key=first_line.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        header = tuple(name.strip() for name in next(reader))
        doubled = {name for name in header if header.count(name) > 1 and name}
        if doubled:
            detail = f"{file.name} has the column {', '.join(sorted(doubled))} twice"
            raise FileUnreadable(detail, file=str(file), line=1)
        rows = list(rows_of(reader, header))
    except csv.Error as error:
        detail = f"{file.name}, line {reader.line_num}: {error}; is a quotation mark left open?"
        raise FileUnreadable(detail, file=str(file), line=reader.line_num) from None
    return Table(file, header, rows, note)


def text_of(file: Path) -> tuple[str, str | None]:
    try:
        size = file.stat().st_size
        if size > MOST_BYTES:
            raise FileUnreadable(f"{file.name} is larger than {MOST_BYTES // 2**20} MiB", file=str(file))
        content = file.read_bytes()
    except OSError as error:
        raise FileUnreadable(f"{file} cannot be opened: {error.strerror}", file=str(file)) from None
    if b"\x00" in content:
        raise FileUnreadable(f"{file.name} is no CSV file (save the sheet as CSV first)", file=str(file))
    try:
        return content.decode("utf-8-sig"), None
    except UnicodeDecodeError:
        pass
    try:
        return content.decode("cp1252"), f"{file.name} is not UTF-8; it was read as Windows-1252"
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        detail = f"{file.name}, line {line}: neither UTF-8 nor Windows-1252"
        raise FileUnreadable(detail, file=str(file), line=line) from None


def rows_of(reader: Iterable[Sequence[str]], header: Sequence[str]) -> Iterable[Row]:
    line = 2
    for cells in reader:
        begins, line = line, getattr(reader, "line_num", line) + 1
        if not any(cell.strip() for cell in cells):
            continue
        broken = None
        if len(cells) != len(header):
            broken = f"has {len(cells)} cells where the header has {len(header)}"
        yield Row(begins, {name: cell.strip() for name, cell in zip(header, cells, strict=False)}, broken)
