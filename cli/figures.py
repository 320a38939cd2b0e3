"""`pledger balance` and `pledger statement`: what was given and got, as a figure and line by line."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

import click

from api.answers import cell
from api.figures import ENVELOPE, with_names
from cli.answering import answering
from cli.asking import Question, page_asked, question_options
from cli.explaining import explain_option, print_workings
from cli.opening import Said, key_option
from cli.output import Form, form_options, print_csv, print_json, print_table
from cli.saying import headed, said_day, short
from projections.audit.telling import words_of
from projections.reciprocity.balance_words import LABELS, in_words, net_in_words
from projections.statement.words import WHAT, status_of
from projections.wording import amount

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
NO_FIGURE: Final = ENVELOPE - {"as_of", "known_at", "position"} | {"event_ids"}


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
    with answering(said) as ledger:
        meant = ledger.directory().one(word)
        whole = "/v1/organisations/{}/balance" if meant.kind == "organisation" else "/v1/partnerships/{}/balances"
        answer = ledger.get(whole.format(meant.id), **question, explain=explain or None)
    rows = [answer | {"organisation_id": meant.id}] if meant.kind == "organisation" else answer["members"]
    if form == "json":
        print_json(answer)
    else:
        show_balances(form, meant.name, rows, answer)
        print_workings(answer)


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
    with answering(said) as ledger:
        meant = ledger.directory().one(word, "organisation")
        path, page = f"/v1/organisations/{meant.id}/statement", page_asked(after, limit)
        answer = ledger.get(path, **question, **page, explain=explain or None)
    if form == "json":
        print_json(answer)
    else:
        show_statement(form, meant.name, answer)
        print_workings(answer)


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
        click.echo(f"There is more: --after '{answer['next']}'")


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
