"""`pledger health`: how a partnership is doing, the lowest first, and when that changed."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from fractions import Fraction
from typing import Any, Final

import click

from cli.answering import answering
from cli.asking import Question, page_asked, question_options, refuse_window
from cli.explaining import explain_option, print_workings
from cli.figures import print_records
from cli.opening import Said, key_option
from cli.output import Form, form_options, print_json, print_table
from cli.saying import headed, said_day, short
from projections.health.answering import row_of
from projections.health.bands import WORDS
from projections.health.dimension import NAMES, Dimension, Name
from projections.health.reading import CODES, TITLES, basis_of, word_of
from projections.wording import listing, percent

OF_EVERY_DIMENSION: Final = frozenset({"f", "score", "why", "event_ids"})
CSV_FIRST: Final = ("dimension", "band", "f", "score", "reason", "said_lowest", "said_highest", "said_count")
HISTORY_FIRST: Final = ("on", "what", "from_band", "to_band", "from", "to")


@click.command(short_help="How a partnership is doing, the lowest first.")
@click.argument("word")
@click.option("--history", is_flag=True, help="The days on which it changed (the last 365, or --from and --to).")
@click.option("--limit", type=click.IntRange(1, 1000), default=100, show_default=True, help="At most so many changes.")
@click.option("--after", default="", help="With --history: where to go on, the `next` of the page before.")
@question_options
@explain_option
@form_options
@key_option
def health(said: Said, form: Form, word: str, question: Question, history: bool, explain: bool, **page: Any) -> None:
    """Show how a partnership is doing (by name or id): what the record shows, and beside it what partners say.

    \b
    Example:  pledger health "Harbour Cluster" --explain
              pledger health "Harbour Cluster" --as-of 2026-12-31 --json
              pledger health "Harbour Cluster" --history --from 2026-09-01
    """
    if not history:
        refuse_window(question, "--from and --to go with --history")
    with answering(said) as ledger:
        meant = ledger.directory().one(word, "partnership")
        path = f"/v1/partnerships/{meant.id}/health"
        if history:
            asked = {**question, **page_asked(**page)}
            show_history(form, meant.name, ledger.get(f"{path}/history", **asked, explain=explain or None))
            return
        answer = ledger.get(path, **question, explain=explain or None)
    show(form, meant.name, answer)


def show(form: Form, title: str, answer: dict[str, Any]) -> None:
    if form == "json":
        print_json(answer)
        return
    beside = {one["dimension"]: one for one in answer["said"]["ratings"].values() if "dimension" in one}
    dimensions = lowest_first(answer)
    if form == "csv":
        print_records([row_of(one, beside.get(one.name)) for one in dimensions], CSV_FIRST)
        return
    rows = [(TITLES[one.name], word_of(one), basis_of(one), rated(beside.get(one.name))) for one in dimensions]
    header = ("", "what the record shows", "counted", "partners say (1 to 5)")
    print_table(headed(title, answer), header, rows, frozenset(), wrap={1, 2})
    for line in sentences(answer):
        click.echo(line)
    print_workings(answer)


def lowest_first(answer: Mapping[str, Any]) -> list[Dimension]:
    """The dimensions by their share; what cannot be told comes last."""
    found = [dimension_of(name, answer["dimensions"][name]) for name in NAMES]
    return sorted(found, key=lambda one: (one.f is None, one.f or 0))


def dimension_of(name: Name, told: Mapping[str, Any]) -> Dimension:
    """A dimension as its answer tells it."""
    counted = {part: counted_of(part, value) for part, value in told.items() if part not in OF_EVERY_DIMENSION}
    return Dimension(name=name, f=share_of(told["f"]), why=told.get("why"), counted=counted)


def counted_of(part: str, value: Any) -> Any:
    """A share as a fraction, a day as a day; the rest is as it is told."""
    if isinstance(value, dict) and "fraction" in value:
        return share_of(value)
    return date.fromisoformat(value) if part.endswith("_on") and isinstance(value, str) else value


def share_of(told: Mapping[str, Any] | None) -> Fraction | None:
    return None if told is None else Fraction(told["fraction"])


def rated(said: Mapping[str, Any] | None) -> str:
    """What partners rated it, as a range."""
    if said is None:
        return ""
    lowest, highest = said["lowest"], said["highest"]
    return f"{lowest}" if lowest == highest else f"{lowest} to {highest}"


def sentences(answer: Mapping[str, Any]) -> list[str]:
    overall, coverage = share_of(answer["overall"]), answer["coverage"]
    if overall is None:
        missing = listing([TITLES[name] for name in coverage["missing"]])
        lines = [f"Too early to say how it goes as a whole; missing: {missing}."]
    else:
        known = f"{coverage['known']} of {coverage['of']} known"
        lines = [f"As a whole: {WORDS[answer['band']]} ({percent(overall)}; {known})."]
    if answer["low"]:
        lines.append(f"Lowest first: {listing([TITLES[name] for name in answer['low']])}.")
    lines += [CODES[code] for code in answer["codes"]]
    trust = answer["said"]["ratings"].get("trust")
    if trust is not None:
        lines.append(f"Partners say of trust: {rated(trust)} of 5.")
    due = answer["next_review"]
    when = due["why"] if due["due_on"] is None else said_day(due["due_on"])
    lines.append(f"Next review: {when}{' (overdue)' if due.get('overdue') else ''}.")
    return lines


def show_history(form: Form, title: str, body: dict[str, Any]) -> None:
    if form == "json":
        print_json(body)
    elif form == "csv":
        print_records([{**one, "facts": len(one["event_ids"])} for one in body["items"]], HISTORY_FIRST)
    else:
        header = ("day", "what", "from", "to", "facts")
        rows = [change_row(one) for one in body["items"]]
        print_table(headed(title, body), header, rows, frozenset({4}), wrap={2, 3})
        if body["has_more"]:
            click.echo(f"There is more: --after '{body['next']}'")
        print_workings(body)


def change_row(one: Mapping[str, Any]) -> tuple[Any, ...]:
    """What changed on a day, and from what to what."""
    shares = (share_told(one, side) for side in ("from", "to"))
    return (short(one["on"]), TITLES.get(one["what"], "as a whole"), *shares, len(one["event_ids"]))


def share_told(change: Mapping[str, Any], side: str) -> str:
    share = change[side]
    return "unknown" if share is None else f"{WORDS[change[f'{side}_band']]} ({percent(Fraction(share['fraction']))})"
