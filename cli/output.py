"""What a command prints: a table for people, JSON or CSV for programs."""

from __future__ import annotations

import csv
import json
import sys
from collections.abc import Callable, Sequence
from functools import wraps
from typing import Any, Literal, TypeVar

import click

F = TypeVar("F", bound=Callable[..., Any])
Form = Literal["table", "json", "csv"]

LINE_CHARACTERS = 160
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


def form_options(command: F) -> F:
    """Adds `--json` and `--csv`; the command gets `form`."""

    @click.option("--json", "as_json", is_flag=True, help="Print JSON.")
    @click.option("--csv", "as_csv", is_flag=True, help="Print CSV.")
    @wraps(command)
    def with_form(*args: Any, as_json: bool, as_csv: bool, **kwargs: Any) -> Any:
        if as_json and as_csv:
            raise click.UsageError("choose --json or --csv, not both")
        return command(*args, form="json" if as_json else "csv" if as_csv else "table", **kwargs)

    return with_form  # type: ignore[return-value]  # click wraps any callable


def print_json(value: Any) -> None:
    click.echo(json.dumps(value, ensure_ascii=False, indent=2))


def print_csv(header: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
    """CSV whose text cells never begin a formula in a spreadsheet."""
    writer = csv.writer(sys.stdout)
    writer.writerow(header)
    writer.writerows([[harmless(cell) for cell in row] for row in rows])


def harmless(cell: Any) -> Any:
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(FORMULA_STARTS) else cell


def print_table(title: str, header: Sequence[str], rows: Sequence[Sequence[Any]], right: frozenset[int]) -> None:
    """A table for people; `right` are the columns set flush right."""
    from rich.console import Console
    from rich.table import Table

    # Off a terminal nothing says how wide a line may be: wide enough that a program finds one row on one line.
    console = Console(highlight=False, width=None if sys.stdout.isatty() else LINE_CHARACTERS)
    table = Table(title=title, title_justify="left", box=None, pad_edge=False, header_style="bold")
    for index, name in enumerate(header):
        table.add_column(name, justify="right" if index in right else "left", overflow="fold")
    for row in rows:
        table.add_row(*("" if cell is None else str(cell) for cell in row))
    console.print(table)


def amount(minutes: int) -> str:
    """Minutes for people: hours up to 20 hours, then days of 6.5 hours with the hours behind."""
    sign, minutes = ("−" if minutes < 0 else ""), abs(minutes)
    hours, rest = divmod(minutes, 60)
    text = f"{hours} h" + (f" {rest} min" if rest else "")
    if minutes < 60:
        text = f"{rest} min"
    if minutes <= 20 * 60:
        return sign + text
    days = round(minutes / 39) / 10
    return f"{sign}{days:g} days ({text})"
