"""The trail and the questions at the terminal: each fact as a sentence with its marks."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import click

from api.schemas.trail import AskedOfUs, TrailEntry
from cli.answering import answering
from cli.explaining import print_workings
from cli.figures import say_identities
from cli.lines import print_lines
from cli.opening import Said
from cli.output import Form, print_json, print_table
from cli.saying import headed, short, short_moment

MOST_QUESTIONS: Final = 1000
HEADER: Final = ("position", "recorded", "day", "marks", "what")
QUESTION: Final = ("times", "question")


def show_trail(said: Said, form: Form, word: str | None, wanted: Mapping[str, Any], *, newest: bool) -> None:
    """The trail of one thing, or of all that is in sight. `wanted` are the parameters of its route. Raises
    ClientError, NobodyOfThisName."""
    with answering(said) as ledger:
        meant = None if word is None else ledger.directory().one(word)
        path = "/v1/audit/trail" if meant is None else f"/v1/{meant.kind}s/{meant.id}/history"
        answer = ledger.get(path, order="newest" if newest else None, **wanted)
    if form == "json":
        print_json(answer)
    elif form == "csv":
        print_lines(answer["items"], answer["names"], TrailEntry)
    else:
        show("The trail" if meant is None else meant.name, answer)


def show(title: str, answer: Mapping[str, Any]) -> None:
    rows = [
        (one["position"], short_moment(one["recorded_at"]), short(one["on"]), marked(one), one["says"])
        for one in answer["items"]
    ]
    print_table(headed(title, answer), HEADER, rows, frozenset({0}), wrap={3, 4})
    say_identities(answer)
    if answer["has_more"]:
        click.echo(f"There is more: --after '{answer['next']}'")


def marked(one: Mapping[str, Any]) -> str:
    return ", ".join(mark.replace("_", " ") for mark in one["marks"])


def show_questions(said: Said, form: Form, word: str | None, asked: Mapping[str, Any], *, explain: bool) -> None:
    """What one thing, or all that is in sight, gives rise to ask. Raises ClientError, NobodyOfThisName."""
    with answering(said) as ledger:
        meant = None if word is None else ledger.directory().one(word)
        about = {} if meant is None else {meant.kind: meant.id}
        answer = ledger.get("/v1/audit/questions", **about, **asked, limit=MOST_QUESTIONS, explain=explain or None)
    if form == "json":
        print_json(answer)
        return
    if form == "csv":
        print_lines(answer["items"], answer["names"], AskedOfUs)
    else:
        rows = [(one["times"], one["says"]) for one in answer["items"]]
        print_table(headed("Questions", answer), QUESTION, rows, frozenset({0}), wrap={1})
        print_workings(answer)
