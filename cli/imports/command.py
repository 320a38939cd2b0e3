"""`pledger import`: a register of schools, or a trust's own spreadsheet."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from cli.imports.report import show, write
from cli.imports.schools import SchoolImport
from cli.imports.spreadsheet import FIELDS, ColumnMapping, SupportImport, waiting
from cli.imports.table import Table, read_table
from cli.naming import Directory
from cli.opening import Said, key_option, ledger_here
from cli.output import amount, print_table
from cli.progress import progress
from ledger.posted import Posted

FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
REPORT = click.option("--report", type=click.Path(dir_okay=False, path_type=Path), help="Write all remarks to a file.")


@click.group(name="import")
def import_() -> None:
    """Bring in what exists already: schools from a register, past support from a spreadsheet."""


@import_.command()
@click.argument("file", type=FILE)
@REPORT
@key_option
def schools(said: Said, file: Path, report: Path | None) -> None:
    """Register the schools and trusts of a public register (an admin's key is needed).

    Sound rows go in; the others are reported with line, column and reason. Running it again changes nothing.

    \b
    Example:  pledger import schools edubasealldata.csv --report remarks.csv
    """
    table = told(read_table(file))
    with ledger_here() as ledger, progress("rows") as tell:
        result = SchoolImport(ledger, said.admin(ledger), tell).run(table)
    show(result, file.name)
    if report is not None:
        write(result, report)


@import_.command("csv")
@click.argument("file", type=FILE)
@click.option("--map", "pairs", multiple=True, help="FIELD=COLUMN: giver, receiver, date, quantity, unit, category.")
@click.option("--unit", help="One unit for all rows, such as hour.")
@click.option("--category", help="One category for all rows, such as maths.")
@click.option("--partnership", help="The partnership the support counts in.")
@click.option("--source", help="The name of this file for ever; rows of the same source are never taken twice.")
@REPORT
@key_option
def csv_(said: Said, file: Path, pairs: tuple[str, ...], partnership: str | None, source: str | None,
         report: Path | None, **fixed: str | None) -> None:  # fmt: skip
    """Bring in a spreadsheet of past support. Each row is the giver's word; its receiver may still confirm it.

    \b
    Example:  pledger import csv support.csv --map giver=From --map receiver=To --map date=Day \\
                --map quantity=Hours --unit hour --category other --key KEY
    """
    table = told(read_table(file))
    given = {name: value for name, value in fixed.items() if value is not None}
    mapping = ColumnMapping(columns_of(pairs, table, given), given)
    with ledger_here() as ledger, progress("rows") as tell:
        directory = Directory.of(ledger)
        partnership_id = None if partnership is None else directory.one(partnership, "partnership").id
        name = source or f"urn:pledger:import:{file.stem}"
        run = SupportImport(ledger, said.speaker(ledger), directory, mapping, name, partnership_id, tell)
        result = run.run(table)
    show(result, file.name)
    if report is not None:
        write(result, report)


def told(table: Table) -> Table:
    if table.note is not None:
        click.echo(table.note, err=True)
    return table


def columns_of(pairs: tuple[str, ...], table: Table, fixed: dict[str, str]) -> dict[str, str]:
    """Which column holds which field: as said by --map, else asked for on a terminal. Raises UsageError."""
    columns = {}
    for pair in pairs:
        name, found, column = pair.partition("=")
        if not found or name not in FIELDS:
            raise click.UsageError(f"--map takes FIELD=COLUMN with a field of {', '.join(FIELDS)}; not {pair!r}")
        columns[name] = column
    for name, meaning in FIELDS.items():
        if name in columns or name in fixed:
            continue
        if not sys.stdin.isatty():
            raise click.UsageError(f"say where {name} is ({meaning}): --map {name}=COLUMN")
        columns[name] = click.prompt(f"Which column is {name}: {meaning}?", type=click.Choice(table.header))
    return columns


@import_.command()
@click.option("--yes", is_flag=True, help="Confirm without asking.")
@key_option
def confirm(said: Said, yes: bool) -> None:
    """Confirm the imported deliveries that your organisation received, all in one go.

    \b
    Example:  pledger import confirm --key RECEIVER_KEY
    """
    with ledger_here() as ledger:
        speaker = said.speaker(ledger)
        found = waiting(ledger, speaker)
        if not found:
            click.echo("No imported delivery is waiting for you.")
            return
        rows = [(delivery.delivered_on, amount(delivery.minutes), delivery_id) for _, delivery_id, delivery in found]
        print_table(f"{len(found)} imported deliveries", ("day", "amount", "delivery"), rows, frozenset({1}))
        if not yes:
            click.confirm("Did your organisation receive all of this?", abort=True)
        events = [
            Posted(
                type="support.delivery_confirmed",
                subject=support_id,
                data={"delivery_id": delivery_id},
                source="urn:pledger:import:confirm",
                id=f"{support_id}/{delivery_id}",
            )
            for support_id, delivery_id, _ in found
        ]
        for begin in range(0, len(events), ledger.settings.max_batch):
            ledger.post_batch(speaker, events[begin : begin + ledger.settings.max_batch])
    click.echo(f"{len(events)} deliveries are confirmed.")
