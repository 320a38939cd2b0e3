"""`pledger reciprocity`: whether giving goes both ways in a partnership, a trust, or everything in sight."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import click

from cli.answering import Answering, answering
from cli.asking import Question, question_options
from cli.explaining import explain_option, print_workings
from cli.figures import print_records
from cli.naming import NobodyOfThisName
from cli.opening import Said, key_option
from cli.output import Form, form_options, print_json, print_table
from cli.saying import headed
from projections.reciprocity.balance_words import in_words
from projections.reciprocity.network_words import told
from projections.reciprocity.windows import WINDOWS, Window
from projections.wording import amount

CSV_FIRST: Final = (
    "organisation_id", "organisation", "given_minutes", "received_minutes", "net_minutes", "balance_index",
)  # fmt: skip


@click.command(short_help="Whether what is given comes back, and from whom.")
@click.argument("word", required=False)
@click.option("--window", type=click.Choice(WINDOWS), default="all", show_default=True, help="Over which stretch.")
@question_options
@explain_option
@form_options
@key_option
def reciprocity(said: Said, form: Form, word: str | None, question: Question, window: Window, explain: bool) -> None:
    """Show which part of what was given came back in pairs, came round through others, or went one way.

    WORD is a partnership or a trust (by name, id or URN); without it, everything that the key sees.

    \b
    Example:  pledger reciprocity "Harbour Cluster" --explain
              pledger reciprocity "Oak Trust" --window academic_year
              pledger reciprocity --json
    """
    with answering(said) as ledger:
        title, path = about(ledger, word)
        answer = ledger.get(path, **question, window=window, explain=explain or None)
    if form == "json":
        print_json(answer)
        return
    figures = answer.get("reciprocity", answer)
    if form == "csv":
        print_records([named(one, answer["names"]) for one in figures["organisations"]], CSV_FIRST)
        return
    click.echo(headed(title, answer))
    for line in told(figures, answer["names"]):
        click.echo(line)
    print_table("", ("", "gave", "got", ""), schools(figures, answer["names"]), frozenset({1, 2}))
    print_workings(answer)


def about(ledger: Answering, word: str | None) -> tuple[str, str]:
    """The title and the route of what is meant. Raises NobodyOfThisName."""
    if word is None:
        return "Everything in sight", "/v1/network/reciprocity"
    meant = ledger.directory().one(word)
    if meant.kind == "partnership":
        return meant.name, f"/v1/partnerships/{meant.id}/reciprocity"
    if ledger.get(f"/v1/organisations/{meant.id}")["kind"] != "trust":
        raise NobodyOfThisName(f"{meant.name} is neither a partnership nor a trust", word=word, near=())
    return meant.name, f"/v1/trusts/{meant.id}/overview"


def schools(figures: Mapping[str, Any], names: Mapping[str, str]) -> list[tuple[str, ...]]:
    return [
        (
            names.get(one["organisation_id"], one["organisation_id"]),
            amount(one["given_minutes"]),
            amount(one["received_minutes"]),
            in_words(one["balance_index"]),
        )
        for one in figures["organisations"]
    ]


def named(row: dict[str, Any], names: dict[str, str]) -> dict[str, Any]:
    return row | {"organisation": names.get(row["organisation_id"], row["organisation_id"])}
