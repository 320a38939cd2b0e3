"""Reports as spreadsheets: the file that HTTP would answer with."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, TypeVar

import click
import marshmallow as ma

from api.figures import columns_of, columns_told, with_names
from api.spreadsheets import spreadsheet

F = TypeVar("F", bound=Callable[..., Any])


def xlsx_option(command: F) -> F:
    """Adds `--xlsx FILE`; the command gets `xlsx`, a path or None."""
    place = click.Path(dir_okay=False, path_type=Path)
    return click.option("--xlsx", type=place, metavar="FILE", help="Write a spreadsheet to FILE instead.")(command)


def write_sheet(file: Path, answer: Mapping[str, Any], rows: str, of: type[ma.Schema], name: str) -> None:
    """Writes the list `rows` of an answer, as over HTTP; `of` tells of a line of it. Raises click.FileError."""
    lines = [with_names(line, answer["names"]) for line in answer[rows]]
    body = spreadsheet(lines, columns_of(lines, columns_told(of)), name=name, about=answer)
    try:
        file.write_bytes(body)
    except OSError as error:
        raise click.FileError(str(file), error.strerror or str(error)) from None
    click.echo(f"{len(lines)} lines written to {file}", err=True)
