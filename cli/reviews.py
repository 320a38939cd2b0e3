"""`pledger reviews`: who reviewed whom, and what came of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

import click

from api.schemas.reviews import ReviewFinding, ReviewInShort
from cli.answering import Answering, answering
from cli.asking import Question, page_asked, question_options
from cli.explaining import explain_option, print_workings
from cli.lines import print_lines
from cli.naming import Directory
from cli.opening import Said, key_option
from cli.output import Form, form_options, page_options, print_json, print_table
from cli.saying import headed, said_day, short
from projections.wording import amount, listing

STATES: Final = ("scheduled", "completed", "answered", "withdrawn")


@click.command(short_help="Peer reviews: who reviewed whom, and what came of it.")
@click.argument("review_id", required=False, type=click.UUID)
@click.option("--organisation", help="Reviews in which it takes part (name, id or URN).")
@click.option("--partnership", help="Reviews that count for it (name or id).")
@click.option("--state", type=click.Choice(STATES), help="Where they stand.")
@page_options
@explain_option
@question_options
@form_options
@key_option
def reviews(said: Said, form: Form, question: Question, explain: bool, review_id: Any, **given: Any) -> None:
    """List the peer reviews you may see, or show one with what came of each finding.

    \b
    Example:  pledger reviews --partnership "Harbour Cluster" --from 2026-09-01
              pledger reviews --organisation "Northfield Primary" --explain
              pledger reviews 0b9e3a1c-4f0e-4d67-9d3e-0a51f7c1a001 --json
    """
    with answering(said) as ledger:
        if review_id is not None:
            asked = {name: question[name] for name in ("as_of", "known_at")}
            answer = ledger.get(f"/v1/reviews/{review_id}", **asked, explain=explain or None)
        else:
            answer = ledger.get("/v1/reviews", **question, **wanted(ledger, **given), explain=explain or None)
    if form == "json":
        print_json(answer)
    elif form == "csv":
        rows, of = ("items", ReviewInShort) if review_id is None else ("findings", ReviewFinding)
        print_lines(answer[rows], answer["names"], of)
    else:
        (show_list if review_id is None else show_one)(answer)
        print_workings(answer)


def wanted(
    ledger: Answering, *, organisation: str | None, partnership: str | None, state: str | None, after: str, limit: int
) -> dict[str, Any]:
    """Which reviews, and which page of them. Raises NobodyOfThisName where a filter names nothing."""
    directory = ledger.directory() if organisation or partnership else Directory([])
    return {
        "organisation": None if organisation is None else directory.one(organisation, "organisation").id,
        "partnership": None if partnership is None else directory.one(partnership, "partnership").id,
        "state": state,
        **page_asked(after, limit),
    }


def show_list(answer: Mapping[str, Any]) -> None:
    names = answer["names"]
    rows = [review_row(item, names) for item in answer["items"]]
    header = ("day", "reviewed", "by", "state", "to develop", "of four", "noted", "id")
    print_table(headed("Peer reviews", answer), header, rows, frozenset({4, 5}), wrap={1, 2, 6})
    for ring in answer["rings"]:
        around = [names.get(one, one) for one in ring["organisation_ids"]]
        click.echo(f"{listing(around)} review each other in turn.")
    if "cosy" in answer["codes"]:
        click.echo("Recent reviews found little to work on.")
    if answer["has_more"]:
        click.echo(f"There is more: --after '{answer['next']}'")


def review_row(item: Mapping[str, Any], names: Mapping[str, str]) -> tuple[str, ...]:
    """A review in one line; what the reader may not know stays empty."""
    reviewers = listing([names.get(one, one) for one in item["reviewer_ids"]])
    to_develop = str(item["judgements"]["to_develop"]) if "judgements" in item else ""
    of_four = "" if "holds" not in item else f"{sum(item['holds'].values())}"
    words = {
        "overdue": "overdue",
        "swap": "swap",
        "in_ring": "in a ring",
        "moderated": "moderated",
        "lead_from_outside": "lead from outside",
    }
    noted = [word for name, word in words.items() if item[name]] + (["same trust"] if item["same_trust_ids"] else [])
    day = item.get("held_on", item["planned_on"])
    reviewed = names.get(item["reviewed_id"], item["reviewed_id"])
    return (short(day), reviewed, reviewers, item["state"], to_develop, of_four, ", ".join(noted), item["id"])


def show_one(answer: Mapping[str, Any]) -> None:
    names = answer["names"]
    reviewed = names.get(answer["reviewed_id"], answer["reviewed_id"])
    reviewers = listing([names.get(one, one) for one in answer["reviewer_ids"]])
    held = f"planned for {said_day(answer['planned_on'])}"
    if "held_on" in answer:
        held = f"held on {said_day(answer['held_on'])}"
    title = f"{reviewed}, reviewed by {reviewers}, {held}: {answer['state']}"
    rows = [finding_row(finding, names) for finding in answer["findings"]]
    print_table(title, ("area", "judgement", "accepted", "what came of it"), rows, frozenset(), wrap={0, 3})
    if "moderation" in answer:
        verdict, on = answer["moderation"]["verdict"].replace("_", " "), said_day(answer["moderation"]["on"])
        click.echo(f"Moderated on {on}: {verdict}.")
    for opening in answer.get("opened", ()):
        to = listing([names.get(one, one) for one in opening["with_ids"]])
        click.echo(f"Opened to {to} on {said_day(opening['on'])}: {opening['parts']}.")
    if "holds" in answer:
        click.echo(f"{sum(answer['holds'].values())} of the four hold; --explain shows which.")


def finding_row(finding: Mapping[str, Any], names: Mapping[str, str]) -> tuple[str, ...]:
    accepted = {True: "yes", False: "no", None: ""}[finding.get("accepted")]
    chain = "; ".join(step(link) for link in finding.get("chain", ()) if link["step"] not in FIRST)
    return (finding["area"], finding["judgement"].replace("_", " "), accepted, chain)


FIRST: Final[Sequence[str]] = ("found", "accepted", "not_accepted")
WORDS: Final = {
    "asked": "support asked for",
    "agreed": "agreed",
    "recorded": "recorded, not yet confirmed",
    "delivered": "given",
}
IMPACTS: Final = {-1: "set things back", 0: "none seen", 1: "emerging", 2: "evident", 3: "embedded"}


def step(link: Mapping[str, Any]) -> str:
    """One step of a chain in words: `agreed 12 h on Thu 1 Oct 2026`."""
    on = said_day(link["on"])
    if link["step"] == "outcome":
        return f"outcome: {IMPACTS[link['impact']]}, on {on}"
    return f"{WORDS[link['step']]} {amount(link['minutes'])} on {on}"
