"""`pledger balance` and `pledger statement`: what was given and got, as a figure and line by line."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

import click

from cli.asking import question_options, views_here
from cli.naming import Directory, Named
from cli.opening import Said, key_option
from cli.output import Form, amount, form_options, print_csv, print_json, print_table
from ledger.domain.fact import Speaker
from ledger.domain.refusals import NotThere
from ledger.service import Ledger
from projections.views import Asked, ReadModels

Question = Callable[[ReadModels], Asked]

COLUMNS: Final = ("given", "received", "net", "claimed", "disputed", "attested", "gifts_given", "gifts_received")
LINES: Final = ("on", "what", "counterpart_id", "status", "gave_minutes", "got_minutes", "balance_minutes")
SCOPE: Final = "reports:read"


@click.command()
@click.argument("word")
@question_options
@form_options
@key_option
def balance(said: Said, form: Form, word: str, question: Question) -> None:
    """Show what an organisation gave and got, or each partner of a partnership (by name, id or URN).

    \b
    Example:  pledger balance "Northfield Primary" --as-of 2026-12-31
              pledger balance "Harbour Cluster" --csv
    """
    with views_here() as (ledger, models):
        reader = said.reader(ledger, SCOPE)
        meant = Directory.of(ledger).one(word)
        require_sight(ledger, reader, meant)
        if meant.kind == "organisation":
            answer = models.balance(meant.id, question(models)).to_json()
            rows = [answer | {"organisation_id": meant.id}]
        else:
            answer = models.partnership_balances(meant.id, question(models)).to_json()
            rows = answer["members"]
    if form == "json":
        print_json(answer)
    else:
        show_balances(form, meant.name, rows, answer)


@click.command()
@click.argument("word")
@click.option("--limit", type=click.IntRange(1, 1000), default=100, show_default=True, help="At most so many lines.")
@click.option("--after", default="", help="Where to go on: the `next` of the page before.")
@question_options
@form_options
@key_option
def statement(said: Said, form: Form, word: str, question: Question, limit: int, after: str) -> None:
    """Show an organisation's account line by line, each with the balance that then stands (by name, id or URN).

    \b
    Example:  pledger statement "Northfield Primary" --from 2026-09-01 --to 2027-07-31
    """
    with views_here() as (ledger, models):
        reader = said.reader(ledger, SCOPE)
        meant = Directory.of(ledger).one(word, "organisation")
        require_sight(ledger, reader, meant)
        try:
            answer = models.statement(meant.id, asked=question(models), after=after, limit=limit).to_json()
        except ValueError:
            raise click.BadParameter(f"{after!r} is no `next` of a statement", param_hint="--after") from None
    if form == "json":
        print_json(answer)
    else:
        show_statement(form, meant.name, answer)


def require_sight(ledger: Ledger, reader: Speaker, meant: Named) -> None:
    """Passes when the figures are within the reader's sight. Raises NotThere, RoleForbidden."""
    organisation = meant.kind == "organisation"
    sees = ledger.may_see_organisation if organisation else ledger.may_see
    if not sees(reader, meant.id):
        raise NotThere(stream_kind=meant.kind, id=meant.id)


def show_balances(form: Form, title: str, rows: list[dict[str, Any]], answer: dict[str, Any]) -> None:
    header = ("organisation", *COLUMNS)
    names = answer["names"]
    table = [[names.get(row["organisation_id"], row["organisation_id"])] for row in rows]
    figures = [[row[f"{column}_minutes"] for column in COLUMNS] for row in rows]
    if form == "csv":
        columns = ("organisation_id", "organisation", *(f"{column}_minutes" for column in COLUMNS))
        ids = [row["organisation_id"] for row in rows]
        print_csv(columns, [[one, *name, *figure] for one, name, figure in zip(ids, table, figures, strict=True)])
        return
    if len(rows) == 1:
        show_balance(title, rows[0], answer)
        return
    cells = [name + [amount(minutes) for minutes in figure] for name, figure in zip(table, figures, strict=True)]
    print_table(headed(title, answer), header, cells, frozenset(range(1, len(header))))


def show_balance(title: str, row: dict[str, Any], answer: dict[str, Any]) -> None:
    """One organisation's figures under each other: the first three always, of the others those that are not zero."""
    minutes = {name.removesuffix("_minutes"): value for name, value in row.items() if name.endswith("_minutes")}
    shown_first = ("given", "received", "net")
    others = [name for name, value in minutes.items() if value and name not in shown_first]
    cells = [(name.replace("_", " "), amount(minutes[name])) for name in (*shown_first, *others)]
    print_table(headed(title, answer), ("", "amount"), cells, frozenset({1}))


def show_statement(form: Form, title: str, answer: dict[str, Any]) -> None:
    names, lines = answer["names"], answer["items"]
    if form == "csv":
        columns = list(dict.fromkeys(name for line in lines for name in line if name != "event_ids"))
        print_csv(columns, [[line.get(name) for name in columns] for line in lines])
        return
    cells = [
        [names.get(value, value) if name == "counterpart_id" else shown(name, value) for name, value in picked(line)]
        for line in lines
    ]
    header = ("day", "what", "with", "status", "gave", "got", "balance")
    print_table(headed(title, answer), header, cells, frozenset({4, 5, 6}))
    click.echo(f"opening {amount(answer['opening_minutes'])}, closing {amount(answer['closing_minutes'])}")
    if answer["has_more"]:
        click.echo(f"There is more: --after {answer['next']}")


def picked(line: dict[str, Any]) -> list[tuple[str, Any]]:
    return [(name, line[name]) for name in LINES]


def shown(name: str, value: Any) -> str:
    if name.endswith("_minutes"):
        return amount(value) if value or name == "balance_minutes" else ""
    return str(value).replace("_", " ")


def headed(title: str, answer: dict[str, Any]) -> str:
    return f"{title}, as of {answer['as_of']}, as known at position {answer['known_at']}"
