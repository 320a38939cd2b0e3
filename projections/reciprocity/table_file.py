"""A table `from,to,minutes` in a CSV file: any network, measured without a ledger."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar, Final

from ledger.errors import FieldError, Kind, Refusal
from projections.reciprocity.flow import TooMuch
from projections.reciprocity.measured import Measured, measured

COLUMNS: Final = ("from", "to", "minutes")
PLACES: Final = 6
UNIT: Final = 10**PLACES
"""Amounts are counted in millionths of a minute, so that no decimal is rounded."""

MOST_BYTES: Final = 200 * 1024 * 1024
MOST_TOLD: Final = 20
_AMOUNT: Final = re.compile(r"([0-9]{1,12})(?:\.([0-9]*))?")


class TableWrong(Refusal):
    """The file is no table of who gave whom how much; `errors` name the first wrong lines. Fields: `file`."""

    code = "table-wrong"
    kind: ClassVar[Kind] = "unreadable"
    title = "The file is no table of who gave whom how much"


@dataclass(frozen=True, slots=True)
class GivenTable:
    """`given` in millionths of a minute by (from, to); `members` are all who are named, with 0 minutes too."""

    given: Mapping[tuple[str, str], int]
    members: frozenset[str]


def measure_file(file: Path) -> Measured:
    """The figures of a CSV file. Raises TableWrong."""
    table = read_table(file)
    try:
        return measured(table.given, table.members, UNIT)
    except TooMuch as error:
        raise TableWrong(f"{file.name}: {error.detail}", file=str(file)) from None


def read_table(file: Path) -> GivenTable:
    """The table of a CSV file: UTF-8 with or without a BOM; rows for the same two add up. Raises TableWrong."""
    reader = csv.reader(io.StringIO(_text(file), newline=""), strict=True)
    try:
        return _read(file, reader, _places(file, reader))
    except csv.Error as error:
        detail = f"{file.name}, line {reader.line_num}: {error}; is a quotation mark left open?"
        raise TableWrong(detail, file=str(file)) from None


def _text(file: Path) -> str:
    try:
        if file.stat().st_size > MOST_BYTES:
            raise TableWrong(f"{file.name} is larger than {MOST_BYTES // 2**20} MiB", file=str(file))
        return file.read_bytes().decode("utf-8-sig")
    except OSError as error:
        raise TableWrong(f"{file} cannot be opened: {error.strerror}", file=str(file)) from None
    except UnicodeDecodeError as error:
        raise TableWrong(f"{file.name} is not UTF-8 (byte {error.start + 1})", file=str(file)) from None


def _places(file: Path, rows: Iterator[list[str]]) -> tuple[int, int, int]:
    """Where in a row the columns stand. Raises TableWrong."""
    header = [name.strip().casefold() for name in next(rows, [])]
    if not any(header):
        raise TableWrong(f"{file.name} is empty: its first line should be from,to,minutes", file=str(file))
    missing = [name for name in COLUMNS if name not in header]
    if missing:
        found = ", ".join(header[:30])
        raise TableWrong(f"{file.name} has no column {', '.join(missing)}; found: {found}", file=str(file))
    doubled = [name for name in COLUMNS if header.count(name) > 1]
    if doubled:
        raise TableWrong(f"{file.name} has the column {', '.join(doubled)} twice", file=str(file))
    giver, receiver, minutes = (header.index(name) for name in COLUMNS)
    return giver, receiver, minutes


def _read(file: Path, rows: Any, places: tuple[int, int, int]) -> GivenTable:
    given: dict[tuple[str, str], int] = {}
    members: set[str] = set()
    errors: list[FieldError] = []
    for row in rows:
        if not row or not any(map(str.strip, row)):
            continue
        try:
            giver, receiver, units = _row(row, places)
        except ValueError as error:
            errors.append(FieldError(f"line {rows.line_num}:", "row-wrong", str(error)))
            continue
        members.update((giver, receiver))
        if units:
            given[giver, receiver] = given.get((giver, receiver), 0) + units
    if errors:
        more = f" (the first {MOST_TOLD} follow)" if len(errors) > MOST_TOLD else ""
        lines = "1 line is" if len(errors) == 1 else f"{len(errors)} lines are"
        raise TableWrong(f"{file.name}: {lines} wrong{more}", errors=tuple(errors[:MOST_TOLD]), file=str(file))
    if not members:
        raise TableWrong(f"{file.name} has no rows", file=str(file))
    return GivenTable(given, frozenset(members))


def _row(row: Sequence[str], places: tuple[int, int, int]) -> tuple[str, str, int]:
    """Who, whom, and how many millionths of a minute. Raises ValueError."""
    try:
        giver, receiver, text = (row[place].strip() for place in places)
    except IndexError:
        raise ValueError(f"has {len(row)} cells, which leaves out one of {', '.join(COLUMNS)}") from None
    if not giver or not receiver:
        raise ValueError("says not who gave to whom")
    if giver == receiver:
        raise ValueError(f"has {giver} give to itself")
    return giver, receiver, _units(text)


def _units(text: str) -> int:
    found = _AMOUNT.fullmatch(text)
    if found is None:
        why = (
            "is negative: turn from and to round" if text.startswith(("-", "−")) else "is no amount such as 90 or 7.25"
        )
        raise ValueError(f"minutes {text!r} {why}")
    decimals = (found[2] or "").rstrip("0")
    if len(decimals) > PLACES:
        raise ValueError(f"minutes {text!r} has more than {PLACES} decimals")
    return int(found[1]) * UNIT + int(decimals.ljust(PLACES, "0"))
