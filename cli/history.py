"""`pledger history`: the facts that name something, in the order in which they were recorded."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, Final, NamedTuple

import click

from cli.answering import answering
from cli.asking import Day, KnownAt, Question, asked, page_asked
from cli.explaining import explain_option
from cli.naming import Directory
from cli.opening import Said, key_option, ledger_here
from cli.output import Form, form_options, print_csv, print_json, print_table
from cli.saying import short, short_moment
from cli.trail import show_questions, show_trail
from cli.words import subject_of, told, who_says
from ledger.domain.dates import business_date
from ledger.domain.fact import AnyFact, Speaker
from ledger.domain.streams import STREAMS
from ledger.domain.values import UUID_FORM, moment
from ledger.eventstore.searching import FactPage, FactQuery
from ledger.eventstore.stored_names import STORED
from ledger.service import Ledger
from projections.audit.marks import MARKS, Mark

HEADER: Final = ("position", "recorded", "day", "who says", "what")


@click.command(short_help="What happened, in plain sentences, in order.")
@click.argument("word", required=False)
@click.option("--facts", "as_facts", is_flag=True, help="Each fact as it was recorded, with its texts.")
@click.option("--mark", "marks", multiple=True, type=click.Choice(MARKS), help="Only what bears this mark.")
@click.option("--newest", is_flag=True, help="The newest first.")
@click.option("--questions", "as_questions", is_flag=True, help="What the record gives rise to ask.")
@click.option(
    "--type", "types", multiple=True, type=click.Choice(list(STORED)), metavar="TYPE", help="Only this event."
)
@click.option("--as-of", type=Day(), help="Only what had happened by this day (today).")
@click.option("--known-at", type=KnownAt(), help="Only what was recorded by then: position:N, or a moment.")
@explain_option
@click.option("--after", default="", help="Where to go on: the `next` of the page before; of facts, a position.")
@click.option("--limit", type=click.IntRange(1, 1000), default=100, show_default=True, help="At most so many.")
@form_options
@key_option
def history(
    said: Said,
    form: Form,
    word: str | None,
    as_facts: bool,
    as_questions: bool,
    explain: bool,
    as_of: date | None,
    known_at: int | datetime | None,
    **given: Any,
) -> None:
    """Show what happened to an organisation or in a partnership (by name, id or URN): one plain sentence for each fact.

    Its marks say what is out of the ordinary: late, after closing, on behalf, imported, reversed … An organisation's
    history goes across every identity it has had; without WORD it is that of all in sight (auditors and coordinators).
    With --facts, or for one stream (by its id), each fact is shown as it was recorded, with its texts.

    \b
    Example:  pledger history "Harbour Cluster" --newest
              pledger history "Northfield Primary" --type support.delivered
              pledger history 100012 --facts --after 5000 --json
              pledger history "Harbour Cluster" --as-of 2026-12-31 --known-at position:5000
              pledger history --mark late --mark after_closing --csv
              pledger history --questions --explain
    """
    when = asked(as_of, known_at)
    if as_questions:
        show_questions(said, form, word, when, explain=explain)
    elif explain:
        raise click.UsageError("--explain goes with --questions: a history is what was said, not worked out")
    elif word is not None and (as_facts or names_a_stream(said, word)):
        require_all_in_order(when, **given)
        show_facts(said, form, word, given["types"], position_of(given["after"]), given["limit"])
    elif as_facts:
        raise click.UsageError("say whose facts")
    else:
        page = page_asked(given["after"], given["limit"])
        which = {"type": given["types"] or None, "mark": given["marks"] or None}
        show_trail(said, form, word, {**when, **which, **page}, newest=given["newest"])


def position_of(after: str) -> int:
    """The position that facts are to follow. Raises BadParameter."""
    if after and not (after.isascii() and after.isdecimal()):
        raise click.BadParameter(f"{after!r} is no position, which is what facts go on after", param_hint="--after")
    return int(after or 0)


def names_a_stream(said: Said, word: str) -> bool:
    """Whether it is the id of something that is neither an organisation nor a partnership."""
    if not UUID_FORM.fullmatch(word.strip().lower()):
        return False
    with answering(said) as ledger:
        return not ledger.directory().find(word)


def require_all_in_order(when: Question, *, newest: bool, marks: tuple[Mark, ...], **_: Any) -> None:
    if newest or marks or any(value is not None for value in when.values()):
        raise click.UsageError(
            "--newest, --mark, --as-of and --known-at belong to the history in sentences, not to facts as recorded"
        )


def show_facts(said: Said, form: Form, word: str, types: tuple[str, ...], after: int, limit: int) -> None:
    """The facts as they were recorded, with their texts as far as the reader may read them."""
    with ledger_here() as ledger:
        reader = said.reader(ledger)
        directory = Directory.of(ledger, reader)
        which = meant(word, directory, ledger, reader)
        page = ledger.page(FactQuery(types=types, after=after, limit=limit, **which), reader)
        if form == "json":
            print_json(as_json(ledger, page, said))
            return
        settings = settings_of(ledger, page.facts, directory.names)
        facts = ledger.shown(page.facts, reader)
        rows = [cells(fact, settings[fact.event_id], directory.names) for fact in facts]
    print_csv(HEADER, rows) if form == "csv" else show(word, rows, page)


def meant(word: str, directory: Directory, ledger: Ledger, reader: Speaker) -> dict[str, Any]:
    """Which facts are asked for: those that name something, or those of a stream. Raises NobodyOfThisName."""
    stream_id = word.strip().lower()
    if UUID_FORM.fullmatch(stream_id) and not directory.find(stream_id) and ledger.may_see(reader, stream_id):
        return {"stream": stream_id}
    found = directory.one(word)
    return {found.kind: found.id}


class Setting(NamedTuple):
    """What a fact's own members do not say: its business date, and what it is about."""

    day: str
    subject: str | None


def settings_of(ledger: Ledger, facts: list[AnyFact], names: Mapping[str, str]) -> dict[str, Setting]:
    """The setting of each fact, by event id."""
    found: dict[str, Setting] = {}
    for stream in {fact.stream for fact in facts}:
        state: Any = None
        for fact in ledger.stream_events(stream.id):
            state = STREAMS[stream.kind].evolve(state, fact)
            day = business_date(state, fact, ledger.zone).isoformat()
            found[fact.event_id] = Setting(day, subject_of(state, fact, names))
    return found


def cells(fact: AnyFact, setting: Setting, names: Mapping[str, str]) -> tuple[Any, ...]:
    recorded = moment(fact.recorded_at)[:16].replace("T", " ")
    return (fact.position, recorded, setting.day, who_says(fact, names), told(fact, names, setting.subject))


def show(word: str, rows: list[tuple[Any, ...]], page: FactPage) -> None:
    lines = [(position, short_moment(recorded), short(day), *said) for position, recorded, day, *said in rows]
    print_table(f"What names {word}", HEADER, lines, frozenset({0}), wrap={3, 4})
    if page.has_more:
        click.echo(f"There is more: --after {page.last_position}")


def as_json(ledger: Ledger, page: FactPage, said: Said) -> dict[str, Any]:
    """The page as the API gives it, but for its cursor: `last_position` is what to go on after."""
    from api.facts import Printer

    events = Printer(ledger).printed(page.facts, said.reader(ledger), "")
    return {
        "events": events,
        "last_position": page.last_position,
        "has_more": page.has_more,
        "position": page.head,
    }
