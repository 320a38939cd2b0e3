"""`pledger landscape`: where an organisation stands, for itself and its auditor."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from fractions import Fraction
from typing import Any, Final

import click

from api.selves import require_itself
from cli.asking import question_options, views_here
from cli.explaining import explain_option, print_workings
from cli.figures import SCOPE, print_records
from cli.naming import Directory
from cli.opening import Said, key_option
from cli.output import Form, form_options, print_json, print_table
from cli.saying import headed, short
from projections.landscape.answering import landscape as ask_landscape
from projections.landscape.explaining import TITLES
from projections.views import Asked, ReadModels
from projections.wording import percent, several

Question = Callable[[ReadModels], Asked]
COLUMNS: Final = (
    "on", "collaboration", "tempo", "reciprocity", "categories", "autonomy_by_itself", "autonomy_by_others",
)  # fmt: skip
HEADER: Final = (
    "day", TITLES["collaboration"], "keeps its pace", "comes back", "kinds of support",
    TITLES["autonomy_by_itself"], TITLES["autonomy_by_others"],
)  # fmt: skip


@click.command(short_help="Where an organisation stands, for itself.")
@click.argument("word")
@question_options
@explain_option
@form_options
@key_option
def landscape(said: Said, form: Form, word: str, question: Question, explain: bool) -> None:
    """Show how much an organisation (by name, id or URN) works with others, how far it stands on its own, and how both
    moved. Only for those who speak for it, and for its auditor.

    \b
    Example:  pledger landscape "Northfield Primary" --explain
              pledger landscape 100012 --as-of 2026-12-31 --json
    """
    with views_here(said) as (ledger, models):
        reader, asked = said.reader(ledger, SCOPE), question(models)
        if asked.from_ is not None or asked.to is not None:
            raise click.UsageError("the landscape looks at the 365 days up to --as-of; it takes no --from or --to")
        meant = Directory.of(ledger, reader).one(word, "organisation")
        require_itself(ledger, reader, meant.id)
        answer = models.answer(ask_landscape, asked, meant.id, explain=explain).to_json()
    if form == "json":
        print_json(answer)
    elif form == "csv":
        print_records(answer["movement"], COLUMNS)
    else:
        show(meant.name, answer)


def show(title: str, answer: Mapping[str, Any]) -> None:
    """A row for each day looked at; below, what is unknown and how the picture is read."""
    rows = [(short(one["on"]), *(shown(one[name]) for name in COLUMNS[1:])) for one in answer["movement"]]
    print_table(headed(title, answer), HEADER, rows, frozenset(range(1, len(COLUMNS))))
    for name in ("by_itself", "by_others"):
        covered = answer["autonomy"][name]["coverage"]
        told = f"{covered['known']} of {several(covered['of'], 'component')} spoken of"
        click.echo(f"{TITLES[f'autonomy_{name}'].capitalize()}: {told}")
    click.echo("The picture is read so; nobody is put into a field of it:")
    for field, says in answer["legend"].items():
        click.echo(f"  {field.replace('_', ' ')}: {says}")
    print_workings(answer)


def shown(share: Mapping[str, Any] | None) -> str:
    return "unknown" if share is None else percent(Fraction(share["fraction"]))
