"""`pledger import`: a register of schools, or a trust's own spreadsheet."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from cli.imports.confirming import confirm
from cli.imports.report import show, write
from cli.imports.schools import SchoolImport
from cli.imports.spreadsheet import FIELDS, ColumnMapping, SupportImport
from cli.imports.table import Table, read_table
from cli.naming import Directory
from cli.opening import Said, key_option, ledger_here
from cli.progress import progress
from ledger.voice import require_role

FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
REPORT = click.option("--report", type=click.Path(dir_okay=False, path_type=Path), help="Write all remarks to a file.")


@click.group(name="import")
def import_() -> None:
    """Bring in what exists already: schools from a register, past support from a spreadsheet."""


@import_.command(short_help="Register the schools of a public register.")
@click.argument("file", type=FILE)
@REPORT
@key_option
def schools(said: Said, file: Path, report: Path | None) -> None:
    """Register the schools and trusts of a public register (an admin's key is needed).

    Sound rows go in; the others are reported with line, column and reason. Running it again changes nothing.

    \b
    Example:  pledger import schools edubasealldata.csv --report remarks.csv
    """
    with ledger_here() as ledger:
        admin = said.admin(ledger)
        require_role("organisation.closed", admin)
        table = told(read_table(file))
        with progress("rows") as tell:
            result = SchoolImport(ledger, admin, tell).run(table)
    show(result, file.name)
    if report is not None:
        write(result, report)


@import_.command("csv", short_help="Bring in a spreadsheet of past support.")
@click.argument("file", type=FILE)
@click.option("--map", "pairs", multiple=True, help="FIELD=COLUMN: giver, receiver, date, quantity, unit, category.")
@click.option("--unit", help="One unit for all rows, such as hour.")
@click.option("--category", help="One category for all rows, such as maths.")
@click.option("--partnership", help="The partnership the support counts in.")
@click.option("--source", help="The name of this file for ever; rows of the same source are never taken twice.")
@click.option("--allow-alike", is_flag=True, help="Also take rows that look like another row or a recorded delivery.")
@REPORT
@key_option
def csv_(said: Said, file: Path, pairs: tuple[str, ...], partnership: str | None, source: str | None,
         allow_alike: bool, report: Path | None, **fixed: str | None) -> None:  # fmt: skip
    """Bring in a spreadsheet of past support. Each row is the giver's word; its receiver may still confirm it.

    A column that is named like a field (giver, receiver, date, quantity, unit, category) needs no --map.

    \b
    Example:  pledger import csv support.csv --map giver=From --map receiver=To --map date=Day \\
                --map quantity=Hours --unit hour --category other --key KEY
    """
    with ledger_here() as ledger:
        speaker = said.writer(ledger)
        require_role("support.delivered", speaker)
        table = told(read_table(file))
        given = {name: value for name, value in fixed.items() if value is not None}
        mapping = ColumnMapping(columns_of(pairs, table, given), given)
        directory = Directory.of(ledger, speaker)
        partnership_id = None if partnership is None else directory.one(partnership, "partnership").id
        name = source or f"urn:pledger:import:{file.stem}"
        with progress("rows") as tell:
            run = SupportImport(
                ledger, speaker, directory, mapping, name, partnership_id, tell, allow_alike=allow_alike
            )
            result = run.run(table)
    show(result, file.name)
    if report is not None:
        write(result, report)


def told(table: Table) -> Table:
    if table.note is not None:
        click.echo(table.note, err=True)
    return table


def columns_of(pairs: tuple[str, ...], table: Table, fixed: dict[str, str]) -> dict[str, str]:
    """Which column holds which field: as said by --map, named so itself, or asked for on a terminal.

    Raises UsageError with every field that is nowhere.
    """
    columns = {}
    for pair in pairs:
        name, found, column = pair.partition("=")
        if not found or name not in FIELDS:
            raise click.UsageError(f"--map takes FIELD=COLUMN with a field of {', '.join(FIELDS)}; not {pair!r}")
        columns[name] = column
    by_itself = {column.casefold(): column for column in table.header}
    for name in FIELDS:
        if name not in columns and name not in fixed and name in by_itself:
            columns[name] = by_itself[name]
    missing = [name for name in FIELDS if name not in columns and name not in fixed]
    if missing and not sys.stdin.isatty():
        raise click.UsageError(not_found(missing, table))
    for name in missing:
        columns[name] = click.prompt(f"Which column is {name}: {FIELDS[name]}?", type=click.Choice(table.header))
    return columns


def not_found(missing: list[str], table: Table) -> str:
    """What to say when no column holds a field: every such field, and the columns there are."""
    fields = "\n".join(f"  --map {name}=COLUMN  {FIELDS[name]}" for name in missing)
    alone = " and ".join(f"--{name}" for name in ("unit", "category") if name in missing)
    fixed = f"\n({alone} gives one value for all rows.)" if alone else ""
    return f"say where these are:\n{fields}{fixed}\nThe columns are: {', '.join(table.header)}"


import_.add_command(confirm)
