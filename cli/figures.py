"""`pledger balance` and `pledger statement`: what was given and got, as a figure and line by line."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

import click

from api.answers import cell
from api.figures import with_names
from cli.asking import question_options, views_here
from cli.explaining import explain_option, print_workings
from cli.naming import Directory, Named
from cli.opening import Said, key_option
from cli.output import Form, form_options, print_csv, print_json, print_table
from cli.saying import headed, said_day, short
from ledger.domain.fact import Speaker
from ledger.domain.refusals import NotThere
from ledger.service import Ledger
from projections.audit.telling import words_of
from projections.reciprocity.balance_words import LABELS, in_words, net_in_words
from projections.reciprocity.balance_working import balance_workings, partnership_workings
from projections.statement.explaining import workings_of
from projections.statement.words import WHAT, status_of
from projections.views import Asked, ReadModels
from projections.wording import amount
from projections.working import Working, workings_to_json

Question = Callable[[ReadModels], Asked]

COLUMNS: Final = {
    "given": "gave",
    "received": "got",
    "net": "gave, less got",
    "claimed": "gave, not yet confirmed",
    "disputed": "gave, queried",
    "attested": "gave, vouched for",
    "gifts_given": "gave as gifts",
    "gifts_received": "got as gifts",
}
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
    with views_here(said) as (ledger, models):
        reader = said.reader(ledger, SCOPE)
        meant = Directory.of(ledger, reader).one(word)
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
    with views_here(said) as (ledger, models):
        reader = said.reader(ledger, SCOPE)
        meant = Directory.of(ledger, reader).one(word, "organisation")
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
        cells = [balance_row(named(row, answer), columns) for row in rows]
        header = ("organisation", *(COLUMNS[name] for name in columns), "")
        print_table(headed(title, answer), header, cells, frozenset(range(1, len(header) - 1)), wrap={0})


def balance_row(row: Mapping[str, Any], columns: Sequence[str]) -> tuple[str, ...]:
    """One partner's figures, and in words which way its support goes."""
    minutes = (amount(row[f"{name}_minutes"]) for name in columns)
    return (row["organisation"], *minutes, in_words(row["balance_index"]))


def named(row: dict[str, Any], answer: dict[str, Any]) -> dict[str, Any]:
    """A row with what stands once in the answer: its organisation's name, and when the question was asked."""
    organisation_id = row["organisation_id"]
    name = answer["names"].get(organisation_id, organisation_id)
    return row | {"organisation": name, "as_of": answer["as_of"], "known_at": answer["known_at"]}


def print_records(records: list[dict[str, Any]], first: Sequence[str]) -> None:
    """CSV of JSON objects: `first` the columns named so, then every other figure there is; cells as HTTP has them."""
    flat = [{name: cell(value) for name, value in one.items() if name not in NO_FIGURE} for one in records]
    columns = list(dict.fromkeys((*first, *(name for one in flat for name in one))))
    print_csv(columns, [[one.get(name) for name in columns] for one in flat])


def show_balance(title: str, row: dict[str, Any], answer: dict[str, Any]) -> None:
    """One organisation's figures under each other: the first three always, of the others those that are not zero."""
    minutes = {name.removesuffix("_minutes"): value for name, value in row.items() if name.endswith("_minutes")}
    others = [name for name, value in minutes.items() if value and name not in ALWAYS]
    cells = [(LABELS[name], amount(minutes[name])) for name in (*ALWAYS, *others)]
    print_table(headed(title, answer), ("", "amount"), cells, frozenset({1}))
    click.echo(f"As a whole: {net_in_words(row)}.")
    say_identities(answer)


def say_identities(answer: Mapping[str, Any]) -> None:
    """The other identities of an organisation, a line for each; nothing where it has none."""
    for one in answer.get("identities", ()):
        before = "It goes on from" if one["relation"] == "predecessor" else "It goes on as"
        click.echo(f"{before} {one['name']} since {said_day(one['on'])}, which has figures of its own.")


def show_statement(form: Form, title: str, answer: dict[str, Any]) -> None:
    names, lines = answer["names"], answer["items"]
    if form == "csv":
        print_records([with_names(line, names) for line in lines], CSV_FIRST)
        return
    header = ("day", "what", "with", "category", "how it stands", "gave", "got", "balance")
    rows = [statement_row(line, names) for line in lines]
    print_table(headed(title, answer), header, rows, frozenset({5, 6, 7}), wrap={2, 4})
    before, after = amount(answer["opening_minutes"]), amount(answer["closing_minutes"])
    click.echo(f"Given, less got: {before} before the first line, {after} after the last.")
    say_identities(answer)
    if answer["has_more"]:
        click.echo(f"There is more: --after {answer['next']}")


def statement_row(line: dict[str, Any], names: dict[str, str]) -> tuple[str, ...]:
    """A line for people; what does not count stands in brackets, its status says why."""
    gave, got = (side_of(line, side) for side in ("gave", "got"))
    category = words_of(line.get("category") or "")
    counterpart = names.get(line["counterpart_id"], line["counterpart_id"])
    left = amount(line["balance_minutes"])
    return (short(line["on"]), WHAT[line["what"]], counterpart, category, status_of(line), gave, got, left)


def side_of(line: dict[str, Any], side: str) -> str:
    if line["side"] != side:
        return ""
    if line["counts"]:
        return amount(line[f"{side}_minutes"])
    minutes = -line["minutes"] if line["status"] == "reversed" else line["minutes"]
    return f"({amount(minutes).partition(' (')[0]})"
