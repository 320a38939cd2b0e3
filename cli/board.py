"""`pledger board`: what is offered and asked for, and what would go together."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final, Literal
from uuid import UUID

import click

from api.schemas.board import Match, Posting
from cli.answering import Answering, answering
from cli.asking import Category, Question, page_asked, question_options
from cli.explaining import explain_option, print_workings
from cli.lines import print_lines
from cli.opening import Said, key_option
from cli.output import Form, form_options, page_options, print_json, print_table
from cli.saying import headed, said_day, short
from projections.audit.telling import words_of
from projections.wording import amount

What = Literal["offers", "requests", "matches"]
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
    with answering(said) as ledger:
        answer = ledger.get(f"/v1/board/{what}", **parameters_of(what, ledger, question, **given))
    if form == "json":
        print_json(answer)
    elif form == "csv":
        print_lines(answer["items"], answer["names"], LINES[what])
    else:
        show(what, answer)
        print_workings(answer)


def parameters_of(
    what: What,
    ledger: Answering,
    question: Question,
    *,
    partnership: str | None,
    support: UUID | None,
    q: str,
    explain: bool,
    after: str,
    limit: int,
    **filters: Any,
) -> dict[str, Any]:
    """The parameters of the board's routes, as far as each takes them. Raises NobodyOfThisName where the partnership
    is none."""
    page = page_asked(after, limit)
    if what == "matches":
        asked = {name: question[name] for name in ("as_of", "known_at")}
        return {**asked, **page, "support": support, "explain": explain or None}
    words = {"q": q or None} if what == "offers" else {}
    meant = None if partnership is None else ledger.directory().one(partnership, "partnership").id
    return {**question, **page, **words, **filters, "partnership": meant}


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
