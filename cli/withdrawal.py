"""`pledger withdrawal`: when a partner may leave, and what leaving takes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any, Final, get_args

import click

from api.schemas.withdrawal import Point
from cli.answering import answering
from cli.asking import Day, Question, page_asked, question_options, refuse_window
from cli.explaining import explain_option, print_workings
from cli.lines import print_lines
from cli.opening import Said, key_option
from cli.output import Form, form_options, print_json, print_table
from cli.saying import headed, said_day, short
from projections.audit.telling import words_of
from projections.withdrawal.explaining import STATE_WORDS
from projections.withdrawal.points import State
from projections.wording import amount, listing, several

STATES: Final = get_args(State)
DISPOSALS: Final = {
    "returned": "returned later, by support outside the partnership",
    "passed_on": "passed on to a third, if it agrees as well",
    "forgiven": "let go",
    "carried": "carried into another partnership of the two",
    "left_open": "left open, by name",
}


@click.command(short_help="When a partner may leave, and what leaving takes.")
@click.argument("word")
@click.option("--organisation", help="This partner's points, and what leaving takes for it (name, id or URN).")
@click.option("--state", type=click.Choice(STATES), help="Where the points stand.")
@click.option("--on", type=Day(), help="With --organisation: the day on which notice would be given.")
@click.option("--limit", type=click.IntRange(1, 1000), default=100, show_default=True, help="At most so many points.")
@click.option("--after", default="", help="Where to go on: the `next` of the page before.")
@explain_option
@question_options
@form_options
@key_option
def withdrawal(
    said: Said, form: Form, word: str, question: Question, organisation: str | None, on: date | None, **given: Any
) -> None:
    """Show the points at which partners may leave a partnership (by name or id). Leaving is ordinary.

    \b
    Example:  pledger withdrawal "Harbour Cluster" --state open
              pledger withdrawal "Harbour Cluster" --organisation "Northfield Primary" --on 2026-12-01
              pledger withdrawal "Harbour Cluster" --as-of 2026-12-31 --explain
    """
    if on is not None and organisation is None:
        raise click.UsageError("--on goes with --organisation")
    refuse_window(question, "points have days of their own: --as-of instead of --from and --to")
    with answering(said) as ledger:
        directory = ledger.directory()
        meant = directory.one(word, "partnership")
        partner = None if organisation is None else directory.one(organisation, "organisation").id
        path, page = f"/v1/partnerships/{meant.id}", page_asked(given.pop("after"), given.pop("limit"))
        asked = {name: question[name] for name in ("as_of", "known_at")}
        asked |= {"organisation": partner, "explain": given.pop("explain") or None}
        answer = ledger.get(f"{path}/withdrawal-points", **asked, **page, **given)
        if partner is not None:
            answer["way_out"] = ledger.get(f"{path}/way-out", **asked, on=on)
    show(form, meant.name, answer)


def show(form: Form, title: str, answer: dict[str, Any]) -> None:
    if form == "json":
        print_json(answer)
    elif form == "csv":
        print_lines(answer["items"], answer["names"], Point)
    else:
        show_points(title, answer)
        print_workings(answer)
        if "way_out" in answer:
            click.echo("")
            show_way_out(answer["way_out"])
            print_workings(answer["way_out"])


def show_points(title: str, answer: Mapping[str, Any]) -> None:
    click.echo(headed(title, dict(answer)))
    names = answer["names"]
    rows = [
        (
            names.get(one["organisation_id"], one["organisation_id"]), STATE_WORDS[one["state"]],
            *(short(one[day]) for day in ("opens_on", "closes_on", "notice_by")), one["because"][0],
        )
        for one in answer["items"]
    ]  # fmt: skip
    header = ("partner", "", "from", "to", "notice by", "why")
    print_table("You may leave at these points", header, rows, frozenset(), wrap={0, 5})
    for notice in answer["notices"]:
        click.echo(notice_told(notice, names))
    if answer["has_more"]:
        click.echo(f"There is more: --after '{answer['next']}'")


def notice_told(notice: Mapping[str, Any], names: Mapping[str, str]) -> str:
    """A notice in a sentence, with what became of it and of the point it names."""
    who = names.get(notice["organisation_id"], notice["organisation_id"])
    text = f"{who} gave notice on {said_day(notice['given_on'])}, to leave on {said_day(notice['leaves_on'])}"
    if "rescinded_on" in notice:
        text += f"; it took that back on {said_day(notice['rescinded_on'])}"
    if "point_id" in notice:
        open_or_not = "was open then" if notice["point_was_open"] else "was not open then"
        text += f"; the point it names {open_or_not}"
    return f"{text}."


def show_way_out(way: Mapping[str, Any]) -> None:
    names = way["names"]
    who = names.get(way["organisation_id"], way["organisation_id"])
    click.echo(f"What leaving takes: {who}")
    for line in (*leaving_told(way), *open_told(way, names), *standing_told(way, names), *lessons_told(way)):
        click.echo(f"  {line}")


def leaving_told(way: Mapping[str, Any]) -> Iterator[str]:
    leaving = way["leaving"]
    if "left_on" in leaving:
        yield f"It left on {said_day(leaving['left_on'])}."
    elif leaving["earliest_leaving_on"] is None:
        yield "It is no partner on this day."
    elif "notice" in leaving:
        yield f"Notice is given; it leaves on {said_day(leaving['earliest_leaving_on'])} or later."
    else:
        on, earliest = said_day(way["on"]), said_day(leaving["earliest_leaving_on"])
        yield f"With notice given on {on} it may leave on {earliest} at the earliest."
    if leaving["end_of_term_on"] is not None:
        yield f"The term in which that falls ends on {said_day(leaving['end_of_term_on'])}."


def open_told(way: Mapping[str, Any], names: Mapping[str, str]) -> Iterator[str]:
    """What is still open, each with whom, and whose word is next."""
    found = way["open"]
    for one in found["supports"]:
        verb = "gives to" if one["side"] == "gives" else "gets from"
        rest = f"{amount(one['confirmed_minutes'])} of {amount(one['agreed_minutes'])} confirmed"
        state = "agreed, open" if one["state"] == "open" else "ended with the membership"
        category = words_of(one["category"])
        yield f"Support it {verb} {names.get(one['other_id'])} ({category}): {rest}; {state}."
    for one in found["postings"]:
        yield f"Its own {one['kind']} of {amount(one['minutes'])} ({words_of(one['category'])}) is open."
    for one in found["deliveries"]:
        verb = "to" if one["side"] == "gives" else "from"
        state = "queried" if one["state"] == "disputed" else "recorded, not yet confirmed"
        awaited = listing([str(names.get(each, each)) for each in one["awaits"]])
        told = f"{amount(one['minutes'])} {verb} {names.get(one['other_id'])} on {said_day(one['delivered_on'])}"
        yield f"{told}: {state}; waits for {awaited}."
    for one in found["reviews"]:
        what = "The review of the partnership" if one["kind"] == "partnership" else "A peer review"
        yield f"{what} of {said_day(one['due_on'])} is still to {one['task']}."
    if not any(found.values()):
        yield "Nothing is open."


def standing_told(way: Mapping[str, Any], names: Mapping[str, str]) -> Iterator[str]:
    """What stands with each other; once, what may become of it and who must agree."""
    for one in way["standing"]:
        other, minutes = names.get(one["organisation_id"], one["organisation_id"]), one["standing_minutes"]
        if minutes:
            gave, got = ("given", "got back") if minutes > 0 else ("got from", "gave back")
            yield f"It has {gave} {other} {amount(abs(minutes))} more than it {got}."
        else:
            yield f"Nothing stands between it and {other}."
        for proposed in one["proposed"]:
            awaited = listing([str(names.get(each, each)) for each in proposed["awaits"]])
            said = f"{amount(proposed['minutes'])} {DISPOSALS[proposed['disposal']]}"
            yield f"Proposed with {other}: {said}; waits for {awaited}."
    if any(one["standing_minutes"] for one in way["standing"]):
        yield f"What stands may be {', or '.join(DISPOSALS.values())}. Both sides must agree, but to what is left open."


def lessons_told(way: Mapping[str, Any]) -> Iterator[str]:
    lessons, depends = way["lessons"], way["depends"]["partners"]
    missing = len(lessons["supports_without_outcome"])
    if missing:
        of = missing + lessons["supports_with_outcome"]
        yield f"No outcome recorded yet for {missing} of {several(of, 'engagement')}: worth a line before leaving."
    if depends:
        yield f"{several(len(depends), 'partner')} got support from it; --json and --explain show how much hangs on it."
