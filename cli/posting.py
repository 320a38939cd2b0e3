"""`pledger post`: events from files or standard input, with an answer for every one of them."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import chain
from typing import Any, Final, Literal

import click

from cli.event_files import Row, rows_of
from cli.opening import Said, key_option
from cli.output import Form, form_options, print_csv, print_json, print_table
from cli.progress import Tell, progress
from cli.taking import Outcome, Refused, Taken, Taking, new, taking
from ledger.posted import Posted

Status = Literal["recorded", "repeated", "refused", "not written"]

HEADER: Final = ("file", "line", "status", "position", "code", "detail")
SHOWN: Final = 40
UNAVAILABLE: Final = 4
AROUND: Final = 2
"""The brackets of a list, in bytes."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What became of a row."""

    row: Row
    outcome: Outcome

    @property
    def status(self) -> Status:
        match self.outcome:
            case Taken(replayed=replayed):
                return "repeated" if replayed else "recorded"
            case Refused():
                return "refused"
        return "not written"


@click.command(short_help="Post events from files or standard input.")
@click.argument("files", nargs=-1, required=True, type=click.Path(exists=True, dir_okay=False, allow_dash=True))
@click.option(
    "--atomic/--no-atomic", default=True, show_default=True, help="Each batch is recorded whole, or not at all."
)
@click.option("--batch", "size", type=click.IntRange(min=1), default=500, show_default=True, help="Events in a batch.")
@form_options
@key_option
def post(said: Said, form: Form, files: tuple[str, ...], atomic: bool, size: int) -> None:
    """Post events: CloudEvents as one object, as a JSON array, or one on each line; `-` is standard input.

    A refused batch ends the run; with --no-atomic each event stands alone. Running it again does no harm: what was
    recorded is answered as repeated. Exit code 1 when anything was refused, 4 when the ledger could not be reached.

    \b
    Example:  pledger post events.ndjson --key KEY
              pledger post --no-atomic --json - <event.json
    """
    with taking(said) as ledger, progress("events") as tell:
        rows = chain.from_iterable(rows_of(file) for file in files)
        posting = post_whole if atomic else post_each
        batches = batched(rows, min(size, ledger.most_events), ledger.most_bytes)
        answers = list(told(posting(ledger, batches), tell))
        show(answers, form, ledger)
    sys.exit(code_of(answers))


def batched(rows: Iterable[Row], size: int, most_bytes: int | None) -> Iterator[list[Row]]:
    """The rows in order, at most so many together, and no more than a request may hold."""
    batch: list[Row] = []
    weight = AROUND
    for row in rows:
        more = 0 if most_bytes is None else weight_of(row)
        if batch and (len(batch) == size or (most_bytes is not None and weight + more > most_bytes)):
            yield batch
            batch, weight = [], AROUND
        batch.append(row)
        weight += more
    if batch:
        yield batch


def weight_of(row: Row) -> int:
    """The bytes of a row in a request, the comma included; those of one that is not sent count nothing."""
    if not isinstance(row.event, Posted):
        return 0
    return len(json.dumps(new(row.event).to_json(), ensure_ascii=False, separators=(",", ":")).encode()) + 1


def told(answers: Iterable[Answer], tell: Tell) -> Iterator[Answer]:
    for number, answer in enumerate(answers, 1):
        tell(number, None)
        yield answer


def post_whole(ledger: Taking, batches: Iterable[list[Row]]) -> Iterator[Answer]:
    """Batch after batch, each whole or not at all; after a refused one nothing more is written."""
    going_on = True
    for batch in batches:
        answers = post_batch(ledger, batch) if going_on else [Answer(row, None) for row in batch]
        going_on = all(isinstance(answer.outcome, Taken) for answer in answers)
        yield from answers


def post_batch(ledger: Taking, batch: list[Row]) -> list[Answer]:
    events = [row.event for row in batch if isinstance(row.event, Posted)]
    if len(events) < len(batch):
        return [Answer(row, None if isinstance(row.event, Posted) else ledger.refused(row.event)) for row in batch]
    return [Answer(row, outcome) for row, outcome in zip(batch, ledger.whole(events), strict=True)]


def post_each(ledger: Taking, batches: Iterable[list[Row]]) -> Iterator[Answer]:
    """Every event on its own."""
    for batch in batches:
        outcomes = ledger.each([row.event for row in batch if isinstance(row.event, Posted)])
        for row in batch:
            yield Answer(row, next(outcomes) if isinstance(row.event, Posted) else ledger.refused(row.event))


def code_of(answers: Iterable[Answer]) -> int:
    """0 when everything is in, 4 when the ledger could not be reached, else 1."""
    codes = {answer.outcome.exit_code for answer in answers if isinstance(answer.outcome, Refused)}
    if UNAVAILABLE in codes:
        return UNAVAILABLE
    return 1 if codes else 0


def show(answers: list[Answer], form: Form, ledger: Taking) -> None:
    """The answer to every row; a table shows those that are not in, if there are many."""
    if form == "json":
        print_json({"results": [as_json(answer) for answer in answers], "position": ledger.position()})
    elif form == "csv":
        print_csv(HEADER, [cells(answer) for answer in answers])
    else:
        listed = answers if len(answers) <= SHOWN else [one for one in answers if not isinstance(one.outcome, Taken)]
        if listed:
            print_table("", HEADER, [cells(answer) for answer in listed[:SHOWN]], frozenset({1, 3}), wrap={5})
        counts = {status: sum(one.status == status for one in answers) for status in (one.status for one in answers)}
        click.echo(", ".join(f"{count} {status}" for status, count in counts.items()) or "There are no events.")
        if len(listed) > SHOWN:
            click.echo(f"({SHOWN} of {len(listed)} are listed; --csv lists all)")


def cells(answer: Answer) -> tuple[Any, ...]:
    """One line of the report."""
    place = (answer.row.file, answer.row.line, answer.status)
    match answer.outcome:
        case Taken(position=position):
            return (*place, position, "", "")
        case Refused(code=code, detail=detail):
            return (*place, None, code, detail)
    return (*place, None, "", "")


def as_json(answer: Answer) -> dict[str, Any]:
    """One result; its receipt or problem is what the API would have answered."""
    place = {"file": answer.row.file, "line": answer.row.line, "status": answer.status}
    match answer.outcome:
        case Taken(told=told):
            return place | {"receipt": told}
        case Refused(told=told):
            return place | {"problem": told}
    return place
