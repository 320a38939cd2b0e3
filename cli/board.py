"""`pledger board`: what is offered and asked for, and what would go together."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final, Literal

import click

from api.schemas.board import Match, Posting
from cli.asking import Category, question_options, views_here
from cli.explaining import explain_option, print_workings
from cli.lines import print_lines
from cli.naming import Directory
from cli.opening import Said, key_option
from cli.output import Form, form_options, page_options, print_json, print_table
from cli.saying import headed, said_day, short
from ledger.service import Ledger
from projections.audit.telling import words_of
from projections.board import answering
from projections.board.queries import Filters
from projections.board.reach import BoardReader
from projections.views import Asked, ReadModels
from projections.wording import amount

Question = Callable[[ReadModels], Asked]
What = Literal["offers", "requests", "matches"]
SCOPE: Final = "reports:read"
MATCH: Final = ("from", "to", "category", "left", "asked", "reasons", "offer", "request")
LINES: Final = {"offers": Posting, "requests": Posting, "matches": Match}
POSTING: Final = ("by", "category", "left", "of", "from", "until", "open to", "what", "id")


@click.command(short_help="What is offered and asked for, and what would go together.")
@click.argument("what", type=click.Choice(["offers", "requests", "matches"]))
@click.option("--category", type=Category(), help="Only this category of support.")
@click.option("--partnership", help="Only what counts in this partnership (name or id).")
@click.option("--phase", help="Only from schools of this phase.")
@click.option("--region", help="Only from schools of this region.")
@click.option("--least-minutes", type=click.IntRange(min=1), help="Only with at least so many minutes left.")
@click.option("--q", default="", help="Offers: words of the summary.")
@click.option("--support", type=click.UUID, help="Matches: only for this offer or request.")
@page_options
@explain_option
@question_options
@form_options
@key_option
def board(said: Said, form: Form, question: Question, what: What, **given: Any) -> None:
    """Show the open offers or requests within your reach, or which of yours would go together with what, and why.

    \b
    Example:  pledger board offers --category maths --from 2026-11-01
              pledger board requests --region "South West" --json
              pledger board matches --explain
    """
    if given["explain"] and what != "matches":
        raise click.UsageError("--explain goes with matches: offers and requests are what was said, not worked out")
    with views_here(said) as (ledger, models):
        reader, asked = BoardReader.of(ledger, said.reader(ledger, SCOPE)), question(models)
        answer = (matches if what == "matches" else listed)(what, ledger, models, reader, asked, given)
    if form == "json":
        print_json(answer)
    elif form == "csv":
        print_lines(answer["items"], answer["names"], LINES[what])
    else:
        show(what, answer)
        print_workings(answer)


def listed(
    what: What, ledger: Ledger, models: ReadModels, reader: BoardReader, asked: Asked, given: Mapping[str, Any]
) -> dict[str, Any]:
    """A page of offers or requests as JSON. Raises NobodyOfThisName where the partnership is none."""
    partnership, after = given["partnership"], given["after"]
    if after and not after.isdecimal():
        raise click.BadParameter(f"{after!r} is no `next` of the board", param_hint="--after")
    filters = Filters(
        category=given["category"],
        partnership=None if partnership is None else partnership_meant(ledger, reader, partnership),
        phase=given["phase"],
        region=given["region"],
        least_minutes=given["least_minutes"],
        words=tuple(given["q"].split()),
    )
    kind: Literal["offer", "request"] = "offer" if what == "offers" else "request"
    before = int(after) if after else None
    return models.answer(answering.board, asked, reader, kind, filters, before=before, limit=given["limit"]).to_json()


def partnership_meant(ledger: Ledger, reader: BoardReader, word: str) -> str:
    """Raises NobodyOfThisName."""
    return Directory.of(ledger, reader.speaker).one(word, "partnership").id


def matches(
    what: What, ledger: Ledger, models: ReadModels, reader: BoardReader, asked: Asked, given: Mapping[str, Any]
) -> dict[str, Any]:
    """A page of matches as JSON. Raises NotThere."""
    support_id = None if given["support"] is None else str(given["support"])
    page = {"after": given["after"], "limit": given["limit"], "explain": given["explain"]}
    try:
        return models.answer(answering.matches, asked, reader, support_id, **page).to_json()
    except ValueError:
        detail = f"{given['after']!r} is no `next` of matches"
        raise click.BadParameter(detail, param_hint="--after") from None


def show(what: What, answer: Mapping[str, Any]) -> None:
    title = headed(what.capitalize(), answer)
    names = answer["names"]
    rows: list[tuple[str, ...]]
    if what == "matches":
        rows = [match_row(item, names) for item in answer["items"]]
        print_table(title, MATCH, rows, frozenset({3, 4}), wrap={0, 1, 5})
        if not rows:
            click.echo(
                "Matches are for what you offered or asked for yourself: give your key, or name one by --support."
            )
    else:
        rows = [posting_row(item, names) for item in answer["items"]]
        print_table(title, POSTING, rows, frozenset({2, 3}), wrap={0, 7})
    for draft in answer.get("drafts", ()):
        who = names.get(draft["receiver_id"], draft["receiver_id"])
        held = said_day(draft["held_on"])
        click.echo(f"Could be asked for: {draft['area']} for {who}, after a finding of its peer review of {held}.")
    if answer["has_more"]:
        click.echo(f"There is more: --after '{answer['next']}'")


def posting_row(item: Mapping[str, Any], names: Mapping[str, str]) -> tuple[str, ...]:
    """An offer or request in one line; what the reader is not shown stays empty."""
    maker = item.get("maker_id", "")
    left, whole = (amount(item[name]) if name in item else "" for name in ("minutes_left", "minutes"))
    until = item.get("available_until", item.get("needed_by", ""))
    to = item.get("open_to", {})
    audience = names.get(to.get("organisation_id", ""), to.get("to", ""))
    what = item.get("summary", item.get("need", ""))
    category = words_of(item["category"])
    first = item.get("available_from")
    return (
        names.get(maker, maker),
        category,
        left,
        whole,
        short(first),
        short(until),
        audience,
        what,
        item["support_id"],
    )


def match_row(item: Mapping[str, Any], names: Mapping[str, str]) -> tuple[str, ...]:
    giver, receiver = item["giver_id"], item.get("receiver_id", "")
    asked = amount(item["minutes_asked"]) if "minutes_asked" in item else ""
    reasons = "; ".join(reason["says"] for reason in item["reasons"])
    return (
        names.get(giver, giver),
        names.get(receiver, receiver),
        words_of(item["category"]),
        amount(item["minutes_left"]),
        asked,
        reasons,
        item["offer_id"],
        item["request_id"],
    )
