"""`pledger support`: one piece of support from first word to outcome."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final
from uuid import UUID

import click

from api.schemas.board import Element
from cli.answering import answering
from cli.asking import Question, question_options, refuse_window
from cli.explaining import explain_option, print_workings
from cli.lines import print_lines
from cli.opening import Said, key_option
from cli.output import Form, form_options, print_json, print_table
from cli.saying import headed, short
from projections.audit.telling import words_of
from projections.wording import amount

FIGURES: Final = {
    "agreed": "agreed",
    "delivered": "recorded as given",
    "confirmed": "confirmed",
    "unanswered": "not yet confirmed",
    "disputed": "queried",
    "attested": "vouched for by a coordinator",
    "open": "still to be given",
    "missed": "missed visits",
    "left": "left of the offer or request",
}


@click.command(short_help="One piece of support, from first word to outcome.")
@click.argument("support_id", type=click.UUID)
@explain_option
@question_options
@form_options
@key_option
def support(said: Said, form: Form, question: Question, explain: bool, support_id: UUID) -> None:
    """Show the chain of one support: what it arose from, who said what when, what was given, and what came of it.

    \b
    Example:  pledger support 0b9e3a1c-4f0e-4d67-9d3e-0a51f7c1a001
              pledger support 0b9e3a1c-4f0e-4d67-9d3e-0a51f7c1a001 --explain
    """
    refuse_window(question, "a support is shown whole: --as-of instead of --from and --to")
    asked = {name: question[name] for name in ("as_of", "known_at")}
    with answering(said) as ledger:
        answer = ledger.get(f"/v1/support/{support_id}", **asked, explain=explain or None)
    if form == "json":
        print_json(answer)
    elif form == "csv":
        print_lines(answer["elements"], answer["names"], Element)
    else:
        show(answer)
        print_workings(answer)


def show(answer: Mapping[str, Any]) -> None:
    """Line by line what was said, then the figures that are not nothing."""
    names = answer["names"]
    sides = [names.get(answer[f"{side}_id"], "") for side in ("giver", "receiver") if f"{side}_id" in answer]
    title = f"{' to '.join(sides)}: {words_of(answer['category'])}".lstrip(": ")
    header = ("day", "recorded", "who says", "what", "fact")
    rows = [
        (
            short(one["on"]),
            short(one["recorded_on"]),
            names.get(one.get("voice_id", ""), ""),
            one["says"],
            one["event_id"],
        )
        for one in answer["elements"]
    ]
    print_table(headed(title, answer), header, rows, frozenset(), wrap={2, 3})
    found = [(word, answer.get(f"{name}_minutes", 0)) for name, word in FIGURES.items()]
    told = [f"{word} {amount(minutes)}" for word, minutes in found if minutes]
    if told:
        click.echo(", ".join(told))
    for one in answer["siblings"]:
        click.echo(f"{one['way'].replace('_', ' ')}: {one['support_id']}")
