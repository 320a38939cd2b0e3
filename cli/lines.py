"""The lines of an answer as CSV: the same columns and cells as over HTTP."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import marshmallow as ma

from api.answers import cell
from api.figures import columns_of, columns_told, with_names
from cli.output import print_csv


def print_lines(lines: Sequence[Mapping[str, Any]], names: Mapping[str, str], of: type[ma.Schema]) -> None:
    """Each line with a name beside each id that has one. `of` describes a line: it names the columns where none is."""
    rows = [with_names(line, names) for line in lines]
    columns = columns_of(rows, columns_told(of))
    print_csv(columns, [[cell(row.get(column)) for column in columns] for row in rows])
