"""`pledger landscape`: where an organisation stands, for itself and its auditor."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Any, Final

import click

from cli.answering import answering
from cli.asking import Question, question_options, refuse_window
from cli.explaining import explain_option, print_workings
from cli.figures import print_records
from cli.opening import Said, key_option
from cli.output import Form, form_options, print_json, print_table
from cli.saying import headed, short
from projections.landscape.explaining import TITLES
from projections.wording import percent, several

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
    refuse_window(question, "the landscape looks at the 365 days up to --as-of; it takes no --from or --to")
    asked = {name: question[name] for name in ("as_of", "known_at")}
    with answering(said) as ledger:
        meant = ledger.directory().one(word, "organisation")
        answer = ledger.get(f"/v1/organisations/{meant.id}/landscape", **asked, explain=explain or None)
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
