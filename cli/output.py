"""What a command prints: a table for people, JSON or CSV for programs."""

from __future__ import annotations

import csv
import json
import shutil
import sys
import textwrap
from collections.abc import Callable, Container, Sequence
from functools import wraps
from itertools import zip_longest
from typing import Any, Final, Literal, TypeVar

import click

F = TypeVar("F", bound=Callable[..., Any])
Form = Literal["table", "json", "csv"]

GAP: Final = "  "
LEAST_WRAPPED: Final = 12
FORMULA_STARTS: Final = ("=", "+", "-", "@", "\t", "\r")


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


def page_options(command: F) -> F:
    """Adds `--limit` and `--after`, a page of a list; the command gets both."""
    after = click.option("--after", default="", help="Where to go on: the `next` of the page before.")
    limit = click.option(
        "--limit", type=click.IntRange(1, 1000), default=100, show_default=True, help="At most so many."
    )
    return limit(after(command))


def print_json(value: Any) -> None:
    click.echo(json.dumps(value, ensure_ascii=False, indent=2))


def print_csv(header: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
    """CSV whose text cells never begin a formula in a spreadsheet."""
    writer = csv.writer(sys.stdout)
    writer.writerow(header)
    writer.writerows([[harmless(cell) for cell in row] for row in rows])


def harmless(cell: Any) -> Any:
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(FORMULA_STARTS) else cell


def print_table(
    title: str, header: Sequence[str], rows: Sequence[Sequence[Any]], right: frozenset[int], wrap: Container[int] = ()
) -> None:
    """A table for people. `right` are the columns set flush right, `wrap` those whose words may go on below.

    Only a terminal has a width; elsewhere every row is one line. Nothing else is ever broken or cut off.
    """
    if title:
        click.echo(title)
    if not rows:
        click.echo("Nothing.")
        return
    cells = [[printable(cell) for cell in row] for row in rows]
    widths = widths_of(header, cells, wrap)
    click.echo(click.style(lined(header, widths, right), bold=True))
    for row in cells:
        folded = [wrapped(text, widths[index]) if index in wrap else [text] for index, text in enumerate(row)]
        for line in zip_longest(*folded, fillvalue=""):
            click.echo(lined(line, widths, right))


def printable(cell: Any) -> str:
    """The cell on one line, without what would steer the terminal."""
    text = "" if cell is None else " ".join(str(cell).split())
    return "".join(letter if letter.isprintable() else "�" for letter in text)


def widths_of(header: Sequence[str], rows: Sequence[Sequence[str]], wrap: Container[int]) -> list[int]:
    """How wide each column is: as its widest cell, but for those that a narrow terminal makes wrap."""
    widths = [max(len(row[index]) for row in (header, *rows)) for index in range(len(header))]
    if not sys.stdout.isatty():
        return widths
    wrapping = sorted((index for index in range(len(header)) if index in wrap), key=lambda index: widths[index])
    taken = sum(widths[index] for index in range(len(header)) if index not in wrap) + len(GAP) * (len(header) - 1)
    left = shutil.get_terminal_size().columns - taken
    for number, index in enumerate(wrapping):
        share = max(left // (len(wrapping) - number), len(header[index]), LEAST_WRAPPED)
        widths[index] = min(widths[index], share)
        left -= widths[index]
    return widths


def wrapped(text: str, width: int) -> list[str]:
    return textwrap.wrap(text, width, break_long_words=False, break_on_hyphens=False)


def lined(cells: Sequence[str], widths: Sequence[int], right: Container[int]) -> str:
    padded = (
        text.rjust(width) if index in right else text.ljust(width)
        for index, (text, width) in enumerate(zip(cells, widths, strict=True))
    )
    return GAP.join(padded).rstrip()
