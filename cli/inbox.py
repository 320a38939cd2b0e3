"""`pledger inbox`: what needs whoever asks, and the step each thing leads to."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import click

from api.schemas.inbox import ItemLine
from cli.answering import answering
from cli.asking import Question, page_asked, question_options, refuse_window
from cli.explaining import explain_option, print_workings
from cli.lines import print_lines
from cli.naming import Directory
from cli.opening import Said, key_option
from cli.output import Form, form_options, page_options, print_json, print_table
from cli.saying import said_day, short
from projections.inbox.answering import flat
from projections.inbox.items import KINDS
from projections.inbox.steps import step_of

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
    refuse_window(question, "an inbox is that of a day: --as-of instead of --from and --to")
    asked = {name: question[name] for name in ("as_of", "known_at")} | page_asked(**page)
    with answering(said) as ledger:
        directory = ledger.directory() if organisation or partnership else Directory([])
        wanted = {
            "kind": kind,
            "organisation": None if organisation is None else directory.one(organisation, "organisation").id,
            "partnership": None if partnership is None else directory.one(partnership, "partnership").id,
        }
        answer = ledger.get("/v1/inbox", **asked, **wanted, explain=explain or None)
    show(form, answer)


def show(form: Form, answer: dict[str, Any]) -> None:
    if form == "json":
        print_json(answer)
    elif form == "csv":
        print_lines([flat(dict(item)) for item in answer["items"]], answer["names"], ItemLine)
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
