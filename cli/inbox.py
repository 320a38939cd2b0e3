"""`pledger inbox`: what needs whoever asks, and the step each thing leads to."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final, cast

import click

from api.schemas.inbox import ItemLine
from cli.asking import question_options, views_here
from cli.explaining import explain_option, print_workings
from cli.figures import SCOPE
from cli.lines import print_lines
from cli.naming import Directory
from cli.opening import Said, key_option
from cli.output import Form, form_options, page_options, print_json, print_table
from cli.saying import said_day, short
from projections.inbox.answering import InboxAnswer, Wanted
from projections.inbox.answering import inbox as inbox_answer
from projections.inbox.items import KINDS, Kind
from projections.inbox.steps import step_of
from projections.views import Asked, ReadModels

Question = Callable[[ReadModels], Asked]
HEADER: Final = ("by", "since", "what", "next")


@click.command(short_help="What needs you.")
@click.option("--kind", type=click.Choice(tuple(KINDS)), help="Only items of this kind.")
@click.option("--organisation", help="Only what waits for this organisation (name, id or URN).")
@click.option("--partnership", help="Only what belongs to this partnership (name or id).")
@page_options
@explain_option
@question_options
@form_options
@key_option
def inbox(
    said: Said,
    form: Form,
    question: Question,
    explain: bool,
    kind: str | None,
    organisation: str | None,
    partnership: str | None,
    **page: Any,
) -> None:
    """Show what needs you: what is late first, then by day. Without a key: what has changed, as an auditor reads it.

    \b
    Example:  pledger inbox --key pl_live_…
              pledger inbox --kind delivery --json
              pledger inbox --partnership "Harbour Cluster" --as-of 2026-12-31 --explain
    """
    with views_here(said) as (ledger, models):
        reader, asked = said.reader(ledger, SCOPE), question(models)
        directory = Directory.of(ledger, reader)
        if asked.from_ is not None or asked.to is not None:
            raise click.UsageError("an inbox is that of a day: --as-of instead of --from and --to")
        wanted = Wanted(
            kind=cast(Kind | None, kind),
            organisation_id=None if organisation is None else directory.one(organisation, "organisation").id,
            partnership_id=None if partnership is None else directory.one(partnership, "partnership").id,
            **page,
        )
        found = models.answer(inbox_answer, asked, reader, ledger.today(), wanted, explain=explain)
    show(form, found)


def show(form: Form, found: InboxAnswer) -> None:
    answer = found.to_json()
    if form == "json":
        print_json(answer)
    elif form == "csv":
        print_lines(found.rows(), answer["names"], ItemLine)
    else:
        show_kinds(answer)
        print_workings(answer)


def show_kinds(answer: Mapping[str, Any]) -> None:
    """A table for each kind, in the order in which the kinds first come."""
    items = answer["items"]
    if not items:
        click.echo(f"Nothing needs you on {said_day(answer['as_of'])}.")
    for kind in dict.fromkeys(one["kind"] for one in items):
        rows = [row_of(one) for one in items if one["kind"] == kind]
        print_table(KINDS[kind], HEADER, rows, frozenset(), wrap={2, 3})
        click.echo()
    if answer["has_more"]:
        click.echo(f"There is more: --after '{answer['next']}'")


def row_of(item: Mapping[str, Any]) -> tuple[str, ...]:
    late = f"{short(item.get('due'))}{' late' if item['overdue'] else ''}"
    return (late, short(item["since"]), item["says"], step_of(item))
