"""The trail and the questions at the terminal: each fact as a sentence with its marks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

import click

from api.schemas.trail import AskedOfUs, TrailEntry
from api.trails import filters_for, require_auditing
from cli.asking import asked_of, views_here
from cli.explaining import print_workings
from cli.figures import require_sight, say_identities
from cli.lines import print_lines
from cli.naming import Directory, Named
from cli.opening import Said
from cli.output import Form, print_json, print_table
from cli.saying import headed, short, short_moment
from ledger.domain.fact import Speaker
from ledger.service import Ledger
from projections.audit.histories import everything, organisation_history, partnership_history
from projections.audit.marks import Mark
from projections.audit.questions import in_sight, questions
from projections.audit.trail import Asked
from projections.reciprocity.queries import Scope, of_organisation, of_partnership
from projections.views import Asked as Question
from projections.views import ReadModels

HEADER: Final = ("position", "recorded", "day", "marks", "what")
QUESTION: Final = ("times", "question")


@dataclass(frozen=True, slots=True, kw_only=True)
class When:
    """As of which day, and as known when; None is today, and now."""

    as_of: date | None
    known_at: int | datetime | None

    def asked_of(self, models: ReadModels) -> Question:
        return asked_of(models, self.as_of, self.known_at)


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Which part of a trail."""

    when: When
    types: tuple[str, ...]
    marks: frozenset[Mark]
    newest: bool
    after: int | None
    limit: int


def show_trail(said: Said, form: Form, word: str | None, wanted: Wanted) -> None:
    """The trail of one thing, or of all that is in sight. Raises NotThere, RoleForbidden, NobodyOfThisName."""
    with views_here(said) as (ledger, models):
        reader = said.reader(ledger)
        asked = Asked(
            filters=filters_for(ledger, reader, types=wanted.types),
            marks=wanted.marks,
            order="newest" if wanted.newest else "ledger",
            after=wanted.after,
            limit=wanted.limit,
        )
        meant, question = thing(ledger, reader, word), wanted.when.asked_of(models)
        if meant is None:
            answer = models.answer(everything, question, asked).to_json()
        else:
            history = partnership_history if meant.kind == "partnership" else organisation_history
            answer = models.answer(history, question, meant.id, asked).to_json()
    if form == "json":
        print_json(answer)
    elif form == "csv":
        print_lines(answer["items"], answer["names"], TrailEntry)
    else:
        show("The trail" if meant is None else meant.name, answer)


def thing(ledger: Ledger, reader: Speaker, word: str | None) -> Named | None:
    """The thing that is meant, within the reader's sight; None where all is, for those who read the trail."""
    if word is None:
        require_auditing(reader)
        return None
    meant = Directory.of(ledger, reader).one(word)
    require_sight(ledger, reader, meant)
    return meant


def show(title: str, answer: Mapping[str, Any]) -> None:
    rows = [
        (one["position"], short_moment(one["recorded_at"]), short(one["on"]), marked(one), one["says"])
        for one in answer["items"]
    ]
    print_table(headed(title, answer), HEADER, rows, frozenset({0}), wrap={3, 4})
    say_identities(answer)
    if answer["has_more"]:
        click.echo(f"There is more: --after {answer['next']}")


def marked(one: Mapping[str, Any]) -> str:
    return ", ".join(mark.replace("_", " ") for mark in one["marks"])


def show_questions(said: Said, form: Form, word: str | None, when: When, *, explain: bool) -> None:
    """What one thing, or all that is in sight, gives rise to ask. Raises RoleForbidden, NotThere."""
    with views_here(said) as (ledger, models):
        reader = said.reader(ledger)
        require_auditing(reader)
        meant = thing(ledger, reader, word)
        scope, about = scope_of(ledger, reader, meant)
        answer = models.answer(questions, when.asked_of(models), scope, about, explain=explain).to_json()
    if form == "json":
        print_json(answer)
        return
    if form == "csv":
        print_lines(answer["items"], answer["names"], AskedOfUs)
    else:
        rows = [(one["times"], one["says"]) for one in answer["items"]]
        print_table(headed("Questions", answer), QUESTION, rows, frozenset({0}), wrap={1})
        print_workings(answer)


def scope_of(ledger: Ledger, reader: Speaker, meant: Named | None) -> tuple[Scope, dict[str, str]]:
    """The entries that are looked at, and what the answer says it is about."""
    if meant is None:
        return in_sight(ledger.visible(reader)), {}
    if meant.kind == "partnership":
        return of_partnership(meant.id), {"partnership": meant.id}
    return of_organisation([meant.id]), {"organisation": meant.id}
