"""`pledger post`: events from files or standard input, with an answer for every one of them."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import chain, islice
from typing import Any, Final, Literal, TypeVar

import click

from cli.event_files import Row, rows_of
from cli.failures import exit_code, with_voice
from cli.opening import Said, key_option, ledger_here
from cli.output import Form, form_options, print_csv, print_json, print_table
from cli.progress import Tell, progress
from ledger.domain.fact import Speaker
from ledger.errors import Busy, Refusal
from ledger.posted import BatchRefused, Posted, Receipt
from ledger.service import Ledger

T = TypeVar("T")
Status = Literal["recorded", "repeated", "refused", "not written"]

HEADER: Final = ("file", "line", "status", "position", "code", "detail")
SHOWN: Final = 40
TRIES: Final = 5
UNAVAILABLE: Final = 4


@dataclass(frozen=True, slots=True)
class Answer:
    """What became of a row; `outcome` None: it was left out because of another one."""

    row: Row
    outcome: Receipt | Refusal | None

    @property
    def status(self) -> Status:
        match self.outcome:
            case Receipt(replayed=replayed):
                return "repeated" if replayed else "recorded"
            case None:
                return "not written"
        return "refused"


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
    with ledger_here() as ledger, progress("events") as tell:
        rows = chain.from_iterable(rows_of(file) for file in files)
        posting = post_whole if atomic else post_each
        batches = batched(rows, min(size, ledger.settings.max_batch))
        answers = list(told(posting(ledger, said.writer(ledger), batches), tell))
        show(answers, form, ledger)
    sys.exit(code_of(answers))


def batched(rows: Iterable[Row], size: int) -> Iterator[list[Row]]:
    left = iter(rows)
    while batch := list(islice(left, size)):
        yield batch


def told(answers: Iterable[Answer], tell: Tell) -> Iterator[Answer]:
    for number, answer in enumerate(answers, 1):
        tell(number, None)
        yield answer


def post_whole(ledger: Ledger, speaker: Speaker, batches: Iterable[list[Row]]) -> Iterator[Answer]:
    """Batch after batch, each whole or not at all; after a refused one nothing more is written."""
    going_on = True
    for batch in batches:
        answers = post_batch(ledger, speaker, batch) if going_on else [Answer(row, None) for row in batch]
        going_on = all(isinstance(answer.outcome, Receipt) for answer in answers)
        yield from answers


def post_batch(ledger: Ledger, speaker: Speaker, batch: list[Row]) -> list[Answer]:
    events = [row.event for row in batch if isinstance(row.event, Posted)]
    if len(events) < len(batch):
        return [Answer(row, row.event if isinstance(row.event, Refusal) else None) for row in batch]
    try:
        receipts = patiently(lambda: ledger.post_batch(speaker, events))
    except BatchRefused as whole:
        index, refusal = whole.fields["index"], whole.fields["refusal"]
        return [Answer(row, refusal if place == index else None) for place, row in enumerate(batch)]
    except Busy as busy:
        return [Answer(row, busy) for row in batch]
    return [Answer(row, receipt) for row, receipt in zip(batch, receipts, strict=True)]


def post_each(ledger: Ledger, speaker: Speaker, batches: Iterable[list[Row]]) -> Iterator[Answer]:
    """Every event on its own."""
    for row in chain.from_iterable(batches):
        yield Answer(row, row.event if isinstance(row.event, Refusal) else post_one(ledger, speaker, row.event))


def post_one(ledger: Ledger, speaker: Speaker, posted: Posted) -> Receipt | Refusal:
    try:
        return patiently(lambda: ledger.post(speaker, posted))
    except Refusal as refusal:
        return refusal


def patiently(ask: Callable[[], T]) -> T:
    """The answer, asked for again while the ledger is busy: a repeat of what was written after all is harmless."""
    for _ in range(TRIES - 1):
        try:
            return ask()
        except Busy as busy:
            time.sleep(busy.retry_after_seconds)
    return ask()


def code_of(answers: Iterable[Answer]) -> int:
    """0 when everything is in, 4 when the ledger could not be reached, else 1."""
    refusals = [answer.outcome for answer in answers if isinstance(answer.outcome, Refusal)]
    if any(exit_code(refusal) == UNAVAILABLE for refusal in refusals):
        return UNAVAILABLE
    return 1 if refusals else 0


def show(answers: list[Answer], form: Form, ledger: Ledger) -> None:
    """The answer to every row; a table shows those that are not in, if there are many."""
    if form == "json":
        print_json({"results": [as_json(answer) for answer in answers], "position": ledger.head()})
    elif form == "csv":
        print_csv(HEADER, [cells(answer, ledger) for answer in answers])
    else:
        listed = answers if len(answers) <= SHOWN else [one for one in answers if not isinstance(one.outcome, Receipt)]
        if listed:
            print_table("", HEADER, [cells(answer, ledger) for answer in listed[:SHOWN]], frozenset({1, 3}), wrap={5})
        counts = {status: sum(one.status == status for one in answers) for status in (one.status for one in answers)}
        click.echo(", ".join(f"{count} {status}" for status, count in counts.items()) or "There are no events.")
        if len(listed) > SHOWN:
            click.echo(f"({SHOWN} of {len(listed)} are listed; --csv lists all)")


def cells(answer: Answer, ledger: Ledger) -> tuple[Any, ...]:
    """One line of the report."""
    place = (answer.row.file, answer.row.line, answer.status)
    match answer.outcome:
        case Receipt(position=position):
            return (*place, position, "", "")
        case Refusal() as refusal:
            return (*place, None, refusal.code, with_voice(ledger, refusal))
    return (*place, None, "", "")


def as_json(answer: Answer) -> dict[str, Any]:
    """One result; its receipt or problem is what the API would have answered."""
    from api.problems import problem_of
    from api.resources.posting import receipt

    place = {"file": answer.row.file, "line": answer.row.line, "status": answer.status}
    match answer.outcome:
        case Receipt() as one:
            return place | {"receipt": receipt(one)}
        case Refusal() as refusal:
            return place | {"problem": problem_of(refusal)}
    return place
