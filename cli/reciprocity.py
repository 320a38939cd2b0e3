"""`pledger reciprocity`: whether giving goes both ways in a partnership, a trust, or everything in sight."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from fractions import Fraction
from typing import Any, Final

import click

from api.trusts import require_trust
from cli.asking import question_options, views_here
from cli.explaining import explain_option, print_workings
from cli.figures import SCOPE, headed, print_records, require_sight
from cli.naming import Directory, NobodyOfThisName
from cli.opening import Said, key_option
from cli.output import Form, form_options, print_json, print_table
from ledger.domain.fact import Speaker
from ledger.service import Ledger
from projections.reciprocity import scopes
from projections.reciprocity.measures import DEFAULT_TOLERANCE
from projections.reciprocity.windows import WINDOWS, Window
from projections.views import Asked, ReadModels
from projections.wording import amount, percent

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
    with views_here() as (ledger, models):
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
    meant = Directory.of(ledger).one(word)
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


def told(figures: Mapping[str, Any], names: Mapping[str, str]) -> Iterator[str]:
    """What the figures say, a sentence each."""
    if not figures["minutes"]:
        yield "Nothing was given and confirmed in exchange."
        return
    yield f"Of {amount(figures['minutes'])} given, {ways(figures, 'went', 'came', 'went')}."
    without = figures["without_largest_giver"]
    giver = names.get(without["giver_id"], without["giver_id"])
    most = percent(Fraction(figures["concentration"]["largest_share"]["fraction"]))
    yield f"{giver} gave the most, {most}." + (
        f" If it could not give next year: of what is left, {ways(without, 'goes', 'comes', 'goes')}."
        if without["minutes"]
        else " If it could not give next year, nothing would be left."
    )
    for ring in figures["rings"]:
        yield "Round in a ring: " + " → ".join(names.get(one, one) for one in (*ring, ring[0]))


def ways(figures: Mapping[str, Any], *verbs: str) -> str:
    shares = [percent(Fraction(figures[name]["fraction"])) for name in ("two_way", "comes_round", "one_way")]
    both, comes, goes = verbs
    return f"{shares[0]} {both} both ways, {shares[1]} {comes} round through others, {shares[2]} {goes} one way"


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


def in_words(balance_index: Mapping[str, Any] | None) -> str:
    """A balance is neither good nor bad: it says which way support goes."""
    if balance_index is None:
        return ""
    index = Fraction(balance_index["fraction"])
    if abs(index) <= DEFAULT_TOLERANCE:
        return "about even"
    return "gives more than it gets" if index > 0 else "gets more than it gives"


def named(row: dict[str, Any], names: dict[str, str]) -> dict[str, Any]:
    return row | {"organisation": names.get(row["organisation_id"], row["organisation_id"])}
