"""`pledger reciprocity`: whether giving goes both ways in a partnership, a trust, or everything in sight."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

import click

from api.trusts import require_trust
from cli.asking import question_options, views_here
from cli.explaining import explain_option, print_workings
from cli.figures import SCOPE, print_records, require_sight
from cli.naming import Directory, NobodyOfThisName
from cli.opening import Said, key_option
from cli.output import Form, form_options, print_json, print_table
from cli.saying import headed
from ledger.domain.fact import Speaker
from ledger.service import Ledger
from projections.reciprocity import scopes
from projections.reciprocity.balance_words import in_words
from projections.reciprocity.network_words import told
from projections.reciprocity.windows import WINDOWS, Window
from projections.views import Asked, ReadModels
from projections.wording import amount

Question = Callable[[ReadModels], Asked]
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
    with views_here(said) as (ledger, models):
        reader = said.reader(ledger, SCOPE)
        title, answer = answered(ledger, models, reader, word, question(models), window=window, explain=explain)
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


def answered(
    ledger: Ledger,
    models: ReadModels,
    reader: Speaker,
    word: str | None,
    asked: Asked,
    *,
    window: Window,
    explain: bool,
) -> tuple[str, dict[str, Any]]:
    """The title and the answer that HTTP gives as well. Raises NotThere, NobodyOfThisName."""
    if word is None:
        keys = ledger.visible(reader)
        network = models.answer(scopes.network_reciprocity, asked, keys, window=window, explain=explain)
        return "Everything in sight", network.to_json()
    meant = Directory.of(ledger, reader).one(word)
    if meant.kind == "partnership":
        require_sight(ledger, reader, meant)
        found = models.answer(scopes.reciprocity, asked, meant.id, window=window, explain=explain)
        return meant.name, found.to_json()
    organisation = ledger.organisation(meant.id)
    if organisation is None or organisation.kind != "trust":
        raise NobodyOfThisName(f"{meant.name} is neither a partnership nor a trust", word=word, near=())
    require_trust(ledger, reader, meant.id)
    overview = models.answer(scopes.trust_overview, asked, meant.id, window=window, explain=explain)
    return meant.name, overview.to_json()


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
