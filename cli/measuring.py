"""`pledger measure reciprocity FILE`: the figures of any table, without a ledger."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

import click

from cli.output import Form, form_options, print_csv, print_json, print_table

ROW: Final = ("organisation_id", "given_minutes", "received_minutes", "net_minutes", "balance_index")


@click.group(short_help="Figures of a file, without a ledger.")
def measure() -> None:
    """Work out figures of a file, without a ledger.

    \b
    Example:  pledger measure reciprocity given.csv --json
    """


@measure.command(short_help="Whether giving in a table goes both ways.")
@click.argument("file", type=click.Path(path_type=Path))
@form_options
def reciprocity(form: Form, file: Path) -> None:
    """Tell which part of what was given came back from those it was given to, which came round, and which did not.

    FILE is CSV with the columns from, to and minutes (up to six decimals); rows for the same two add up.

    \b
    Example:  pledger measure reciprocity given.csv
              pledger measure reciprocity given.csv --json
              pledger measure reciprocity given.csv --csv     one line for each who gave or got
    """
    from projections.reciprocity.measured import MOST_LISTED
    from projections.reciprocity.table_file import measure_file

    found = measure_file(file)
    if form == "csv":
        rows = [row | {"balance_index": value(row["balance_index"])} for row in found.organisations()]
        print_csv(ROW, [[row[name] for name in ROW] for row in rows])
    elif form == "json":
        listed = found.organisations() if len(found.sides) <= MOST_LISTED else []
        print_json(found.figures() | {"organisations": listed, "left_out": len(found.sides) - len(listed)})
    else:
        print_table(file.name, ("", "share", "exactly"), table_rows(found.figures()), frozenset({1, 2}))


def table_rows(figures: dict[str, Any]) -> list[tuple[Any, ...]]:
    """The shares among the figures, one a line, those of the concentration after the others."""
    rows = []
    for name, figure in (figures | figures["concentration"]).items():
        if isinstance(figure, dict) and "fraction" in figure:
            rows.append((name.replace("_", " "), figure["value"], exactly(figure)))
    return rows


def exactly(figure: dict[str, Any]) -> str:
    """The fraction, unless it is longer than anybody reads."""
    fraction = str(figure["fraction"])
    return fraction if len(fraction) <= 24 else ""


def value(figure: dict[str, Any] | None) -> float | None:
    return None if figure is None else figure["value"]
