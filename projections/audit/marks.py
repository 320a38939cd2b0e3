"""The marks a fact bears in the trail: none is a reproach, each is a reason to look."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, Literal, get_args

from ledger.domain.fact import AnyFact
from ledger.domain.support.facts import Delivered
from projections.audit.context import Surroundings
from projections.audit.corrections import Corrections
from projections.audit.reading import Row
from projections.statement.measures import LATE_AFTER

Mark = Literal["late", "after_closing", "on_behalf", "imported", "correction", "reversed", "withdrawn", "redacted"]
MARKS: Final[tuple[Mark, ...]] = get_args(Mark)


def marks_of(row: Row, corrections: Corrections, around: Surroundings) -> tuple[Mark, ...]:
    """The marks of a fact, in the order of `MARKS`."""
    found = set(_own(row, around)) | set(_corrected(corrections, around))
    return tuple(mark for mark in MARKS if mark in found)


def _own(row: Row, around: Surroundings) -> Iterator[Mark]:
    fact: AnyFact = row.fact
    if fact.recorded_at.astimezone(around.zone).date() - row.on > LATE_AFTER:
        yield "late"
    if around.is_after_closing(row):
        yield "after_closing"
    if fact.event_id in around.recorders:
        yield "on_behalf"
    if isinstance(fact.data, Delivered) and fact.data.imported:
        yield "imported"


def _corrected(corrections: Corrections, around: Surroundings) -> Iterator[Mark]:
    if corrections.corrects:
        yield "correction"
    for event_id in corrections.corrected_by:
        match around.type_of(event_id):
            case "support.delivery_reversed":
                yield "reversed"
            case "text.redacted":
                yield "redacted"
            case _:
                yield "withdrawn"
