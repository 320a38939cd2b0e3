"""`pledger health`: how a partnership is doing, the lowest first, and when that changed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from fractions import Fraction
from typing import Any, Final

import click

from cli.asking import question_options, views_here
from cli.explaining import explain_option, print_workings
from cli.figures import SCOPE, print_records, require_sight
from cli.naming import Directory
from cli.opening import Said, key_option
from cli.output import Form, form_options, print_json, print_table
from cli.saying import headed, said_day, short
from projections.health.answering import HealthAnswer, TooLong, health_history
from projections.health.answering import health as health_answer
from projections.health.bands import WORDS
from projections.health.reading import CODES, TITLES, basis_of, word_of
from projections.reader import PartnershipReader
from projections.views import Asked, ReadModels
from projections.wording import listing, percent

Question = Callable[[ReadModels], Asked]
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
    with views_here(said) as (ledger, models):
        reader, asked = said.reader(ledger, SCOPE), question(models)
        meant = Directory.of(ledger, reader).one(word, "partnership")
        require_sight(ledger, reader, meant)
        if history:
            show_history(form, meant.name, told_history(models, asked, meant.id, explain=explain, **page))
            return
        if asked.from_ is not None or asked.to is not None:
            raise click.UsageError("--from and --to go with --history")
        viewer = PartnershipReader.of(ledger, reader, meant.id)
        answer = models.answer(health_answer, asked, meant.id, viewer, explain=explain)
    show(form, meant.name, answer)


def told_history(
    models: ReadModels, asked: Asked, partnership_id: str, *, after: str, limit: int, explain: bool
) -> dict[str, Any]:
    try:
        found = models.answer(health_history, asked, partnership_id, after=after, limit=limit, explain=explain)
    except TooLong as too_long:
        raise click.BadParameter(str(too_long), param_hint="--from") from None
    except ValueError:
        raise click.BadParameter(f"{after!r} is no `next` of a history", param_hint="--after") from None
    return found.to_json()


def show(form: Form, title: str, answer: HealthAnswer) -> None:
    body = answer.to_json()
    if form == "json":
        print_json(body)
    elif form == "csv":
        print_records(answer.rows(), CSV_FIRST)
    else:
        show_table(title, answer, body)
        print_workings(body)


def show_table(title: str, answer: HealthAnswer, body: Mapping[str, Any]) -> None:
    """A row for each dimension, the lowest first; and the whole in a sentence."""
    beside = {one["dimension"]: one for one in body["said"]["ratings"].values() if "dimension" in one}
    rows = [
        (TITLES[one.name], word_of(one), basis_of(one), rated(beside.get(one.name)))
        for one in answer.health.lowest_first
    ]
    header = ("", "what the record shows", "counted", "partners say (1 to 5)")
    print_table(headed(title, dict(body)), header, rows, frozenset(), wrap={1, 2})
    for line in sentences(answer, body):
        click.echo(line)


def rated(said: Mapping[str, Any] | None) -> str:
    """What partners rated it, as a range."""
    if said is None:
        return ""
    lowest, highest = said["lowest"], said["highest"]
    return f"{lowest}" if lowest == highest else f"{lowest} to {highest}"


def sentences(answer: HealthAnswer, body: Mapping[str, Any]) -> list[str]:
    health = answer.health
    if health.overall is None:
        missing = listing([TITLES[name] for name in health.missing])
        lines = [f"Too early to say how it goes as a whole; missing: {missing}."]
    else:
        coverage = f"{len(health.known)} of {len(health.dimensions)} known"
        lines = [f"As a whole: {WORDS[health.band]} ({percent(health.overall)}; {coverage})."]
    if health.low:
        lines.append(f"Lowest first: {listing([TITLES[name] for name in health.low])}.")
    lines += [CODES[code] for code in body["codes"]]
    trust = body["said"]["ratings"].get("trust")
    if trust is not None:
        lines.append(f"Partners say of trust: {rated(trust)} of 5.")
    due = body["next_review"]
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
