"""`pledger balance` and `pledger statement`: what was given and got, as a figure and line by line."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

import click

from cli.asking import question_options, views_here
from cli.explaining import explain_option, print_workings
from cli.naming import Directory, Named
from cli.opening import Said, key_option
from cli.output import Form, form_options, print_csv, print_json, print_table
from ledger.domain.fact import Speaker
from ledger.domain.refusals import NotThere
from ledger.service import Ledger
from projections.reciprocity.balance_working import balance_workings, partnership_workings
from projections.statement.explaining import workings_of
from projections.views import Asked, ReadModels
from projections.wording import amount
from projections.working import Working, workings_to_json

Question = Callable[[ReadModels], Asked]

COLUMNS: Final = ("given", "received", "net", "claimed", "disputed", "attested", "gifts_given", "gifts_received")
ALWAYS: Final = ("given", "received", "net")
FIRST: Final = tuple(f"{name}_minutes" for name in COLUMNS)
CSV_FIRST: Final = (
    "on", "what", "side", "counterpart_id", "counterpart", "partnership_id", "partnership", "category", "basis",
    "status", "counts", "minutes", "gave_minutes", "got_minutes", "balance_minutes",
)  # fmt: skip
# Members of an answer that are no figure of a row: they stand once in the JSON, about the whole answer.
NO_FIGURE: Final = frozenset({"names", "event_ids", "identities", "scope", "unknown", "rule_version"})
SCOPE: Final = "reports:read"


@click.command(short_help="What was given and got, as figures.")
@click.argument("word")
@question_options
@explain_option
@form_options
@key_option
def balance(said: Said, form: Form, word: str, question: Question, explain: bool) -> None:
    """Show what an organisation gave and got, or each partner of a partnership (by name, id or URN).

    \b
    Example:  pledger balance "Northfield Primary" --as-of 2026-12-31
              pledger balance "Harbour Cluster" --csv
              pledger balance "Northfield Primary" --explain
    """
    with views_here() as (ledger, models):
        reader = said.reader(ledger, SCOPE)
        meant = Directory.of(ledger).one(word)
        require_sight(ledger, reader, meant)
        asked = question(models)
        if meant.kind == "organisation":
            answer = models.balance(meant.id, asked).to_json()
            rows = [answer | {"organisation_id": meant.id}]
        else:
            answer = models.partnership_balances(meant.id, asked).to_json()
            rows = answer["members"]
        if explain:
            answer["working"] = workings_to_json(workings(models, asked, meant, rows))
    if form == "json":
        print_json(answer)
    else:
        show_balances(form, meant.name, rows, answer)
        print_workings(answer)


def workings(models: ReadModels, asked: Asked, meant: Named, rows: list[dict[str, Any]]) -> list[Working]:
    """How the balances of an organisation or a partnership come about."""
    if meant.kind == "organisation":
        return models.answer(balance_workings, asked, meant.id)
    return models.answer(partnership_workings, asked, meant.id, [row["organisation_id"] for row in rows])


@click.command(short_help="An account, line by line.")
@click.argument("word")
@click.option("--limit", type=click.IntRange(1, 1000), default=100, show_default=True, help="At most so many lines.")
@click.option("--after", default="", help="Where to go on: the `next` of the page before.")
@question_options
@explain_option
@form_options
@key_option
def statement(said: Said, form: Form, word: str, question: Question, limit: int, after: str, explain: bool) -> None:
    """Show an organisation's account line by line, each with the balance that then stands (by name, id or URN).

    \b
    Example:  pledger statement "Northfield Primary" --from 2026-09-01 --to 2027-07-31
    """
    with views_here() as (ledger, models):
        reader = said.reader(ledger, SCOPE)
        meant = Directory.of(ledger).one(word, "organisation")
        require_sight(ledger, reader, meant)
        try:
            found = models.statement(meant.id, asked=question(models), after=after, limit=limit)
        except ValueError:
            raise click.BadParameter(f"{after!r} is no `next` of a statement", param_hint="--after") from None
    answer = found.to_json()
    if explain:
        answer["working"] = workings_to_json(workings_of(found))
    if form == "json":
        print_json(answer)
    else:
        show_statement(form, meant.name, answer)
        print_workings(answer)


def require_sight(ledger: Ledger, reader: Speaker, meant: Named) -> None:
    """Passes when the figures are within the reader's sight. Raises NotThere, RoleForbidden."""
    organisation = meant.kind == "organisation"
    sees = ledger.may_see_organisation if organisation else ledger.may_see
    if not sees(reader, meant.id):
        raise NotThere(stream_kind=meant.kind, id=meant.id)


def show_balances(form: Form, title: str, rows: list[dict[str, Any]], answer: dict[str, Any]) -> None:
    if form == "csv":
        print_records([named(row, answer) for row in rows], ("organisation_id", "organisation", *FIRST))
    elif len(rows) == 1:
        show_balance(title, rows[0], answer)
    else:
        columns = [name for name in COLUMNS if name in ALWAYS or any(row[f"{name}_minutes"] for row in rows)]
        cells = [
            (named(row, answer)["organisation"], *(amount(row[f"{name}_minutes"]) for name in columns)) for row in rows
        ]
        header = ("organisation", *(name.replace("_", " ") for name in columns))
        print_table(headed(title, answer), header, cells, frozenset(range(1, len(header))), wrap={0})


def named(row: dict[str, Any], answer: dict[str, Any]) -> dict[str, Any]:
    """A row with what stands once in the answer: its organisation's name, and when the question was asked."""
    organisation_id = row["organisation_id"]
    name = answer["names"].get(organisation_id, organisation_id)
    return row | {"organisation": name, "as_of": answer["as_of"], "known_at": answer["known_at"]}


def print_records(records: list[dict[str, Any]], first: Sequence[str]) -> None:
    """CSV of JSON objects: `first` the columns named so, then every other figure there is; a share is a decimal."""
    flat = [{name: cell(value) for name, value in one.items() if name not in NO_FIGURE} for one in records]
    columns = list(dict.fromkeys((*first, *(name for one in flat for name in one))))
    print_csv(columns, [[one.get(name) for name in columns] for one in flat])


def cell(value: Any) -> Any:
    match value:
        case {"value": figure}:
            return figure
        case bool():
            return "yes" if value else "no"
        case dict():
            return "; ".join(f"{name}: {cell(inner)}" for name, inner in value.items())
        case list():
            return "; ".join(str(cell(one)) for one in value)
    return value


def show_balance(title: str, row: dict[str, Any], answer: dict[str, Any]) -> None:
    """One organisation's figures under each other: the first three always, of the others those that are not zero."""
    minutes = {name.removesuffix("_minutes"): value for name, value in row.items() if name.endswith("_minutes")}
    others = [name for name, value in minutes.items() if value and name not in ALWAYS]
    cells = [(name.replace("_", " "), amount(minutes[name])) for name in (*ALWAYS, *others)]
    print_table(headed(title, answer), ("", "amount"), cells, frozenset({1}))
    say_identities(answer)


def say_identities(answer: Mapping[str, Any]) -> None:
    """The other identities of an organisation, a line for each; nothing where it has none."""
    for one in answer.get("identities", ()):
        before = "It goes on from" if one["relation"] == "predecessor" else "It is gone on from by"
        click.echo(f"{before} {one['name']} since {one['on']}, which has figures of its own.")


def show_statement(form: Form, title: str, answer: dict[str, Any]) -> None:
    names, lines = answer["names"], answer["items"]
    if form == "csv":
        print_records([with_names(line, names) for line in lines], CSV_FIRST)
        return
    header = ("day", "what", "with", "category", "status", "gave", "got", "balance")
    rows = [statement_row(line, names) for line in lines]
    print_table(headed(title, answer), header, rows, frozenset({5, 6, 7}), wrap={2})
    click.echo(f"opening {amount(answer['opening_minutes'])}, closing {amount(answer['closing_minutes'])}")
    say_identities(answer)
    if answer["has_more"]:
        click.echo(f"There is more: --after {answer['next']}")


def with_names(line: dict[str, Any], names: dict[str, str]) -> dict[str, Any]:
    """A line with a name beside each id that has one."""
    return line | {
        word: names.get(line[f"{word}_id"]) for word in ("counterpart", "partnership") if f"{word}_id" in line
    }


def statement_row(line: dict[str, Any], names: dict[str, str]) -> tuple[str, ...]:
    """A line for people; what does not count stands in brackets, its status says why."""
    gave, got = (side_of(line, side) for side in ("gave", "got"))
    words = (line["what"], line.get("category") or "")
    what, category = (word.replace("_", " ") for word in words)
    counterpart = names.get(line["counterpart_id"], line["counterpart_id"])
    return (line["on"], what, counterpart, category, status_of(line), gave, got, amount(line["balance_minutes"]))


def side_of(line: dict[str, Any], side: str) -> str:
    if line["side"] != side:
        return ""
    if line["counts"]:
        return amount(line[f"{side}_minutes"])
    minutes = -line["minutes"] if line["status"] == "reversed" else line["minutes"]
    return f"({amount(minutes).partition(' (')[0]})"


def status_of(line: dict[str, Any]) -> str:
    """Where the line stands; with the basis where that is not exchange, and with what a reversed one was."""
    basis = [line["basis"]] if line["basis"] != "exchange" else []
    was = [f"was {line['was']}"] if "was" in line and line["status"] == "reversed" else []
    return ", ".join((*basis, line["status"], *was))


def headed(title: str, answer: dict[str, Any]) -> str:
    return f"{title}, as of {answer['as_of']}, as known at position {answer['known_at']}"
