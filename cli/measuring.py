"""`pledger measure reciprocity FILE`: the figures of any table, without a ledger."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path
from typing import Any, Final

import click

from cli.output import Form, form_options, print_csv, print_json, print_table
from projections.wording import percent

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
        print_csv(ROW, [[cell(row[name]) for name in ROW] for row in found.organisations()])
    elif form == "json":
        listed = found.organisations() if len(found.sides) <= MOST_LISTED else []
        print_json(found.figures() | {"organisations": listed, "left_out": len(found.sides) - len(listed)})
    else:
        show(file.name, found.figures())


def show(title: str, figures: dict[str, Any]) -> None:
    """What the figures say, then each of them exactly."""
    from projections.reciprocity.network_words import told

    click.echo(title)
    for line in told(figures, {}):
        click.echo(line)
    print_table("", ("", "", "exactly"), table_rows(figures), frozenset({1, 2}))


def table_rows(figures: dict[str, Any]) -> list[tuple[str, str, str]]:
    """The shares among the figures that can be told, one a line; those of the concentration after the others."""
    from projections.reciprocity.network_words import EFFECTIVE_GIVERS, LABELS

    found, concentration = figures | figures["concentration"], figures["concentration"]
    rows = [
        (label, percent(Fraction(found[name]["fraction"])), exactly(found[name]))
        for name, label in LABELS.items()
        if found[name] is not None
    ]
    effective = concentration["effective_givers"]
    if effective is not None:
        rows.append((EFFECTIVE_GIVERS, f"{effective['value']:.2f}", exactly(effective)))
    return rows


def exactly(figure: dict[str, Any]) -> str:
    """The fraction, unless it is longer than anybody reads."""
    fraction = str(figure["fraction"])
    return fraction if len(fraction) <= 24 else ""


def cell(value: Any) -> Any:
    """A share as its fraction; everything else as it is."""
    return value["fraction"] if isinstance(value, dict) else value
