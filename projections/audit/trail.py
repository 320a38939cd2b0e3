"""The trail: every fact in scope in ledger order, as a sentence, with its marks and what corrects it."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal

from ledger.domain.values import moment
from projections.asking import Asking
from projections.audit.context import Surroundings, surroundings_of
from projections.audit.corrections import Corrections
from projections.audit.marks import Mark, marks_of
from projections.audit.reading import Filters, Row, heard, rows_of
from projections.audit.sentences import sentence
from projections.directory.succession import Identity
from projections.question import Header

RULE_VERSION: Final = "trail/1"
CHUNK: Final = 500
MOST_LOOKED_AT: Final = 5_000
"""Facts looked at for one page, where marks are asked for that only reading can tell."""

Order = Literal["ledger", "newest"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """Which facts: `filters`; only those that bear one of `marks`, where some are named; following `after`.

    `identities` are the organisations whose one history it is, where there are several.
    """

    filters: Filters
    marks: frozenset[Mark] = frozenset()
    order: Order = "ledger"
    after: int | None = None
    limit: int = 100
    identities: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One fact of the trail. `identity_ids` are those of the asked for organisations to which it belongs."""

    row: Row
    says: str
    marks: tuple[Mark, ...]
    corrections: Corrections
    identity_ids: tuple[str, ...] = ()

    def to_json(self) -> dict[str, Any]:
        fact = self.row.fact
        found = {
            "position": self.row.position,
            "event_id": fact.event_id,
            "type": fact.type,
            "stream_id": fact.stream.id,
            "on": self.row.on.isoformat(),
            "recorded_at": moment(fact.recorded_at),
            "says": self.says,
            "voice_id": fact.voice,
            "actor": fact.actor,
            "marks": list(self.marks),
            "corrects": list(self.corrections.corrects),
            "corrected_by": list(self.corrections.corrected_by),
            "identity_ids": list(self.identity_ids) or None,
        }
        return {name: value for name, value in found.items() if value is not None}


@dataclass(frozen=True, slots=True, kw_only=True)
class TrailAnswer:
    """A page. `next` is where the following page starts: the last position looked at."""

    header: Header
    entries: Sequence[Entry]
    next: int
    has_more: bool
    names: Mapping[str, str]
    identities: Sequence[Identity] = ()

    def to_json(self) -> dict[str, Any]:
        identities = {"identities": [one.to_json() for one in self.identities]} if self.identities else {}
        items = [entry.to_json() for entry in self.entries]
        body: dict[str, Any] = {**identities, "items": items, "next": self.next, "has_more": self.has_more}
        return self.header.to_json(self.names, **body)


def trail(asking: Asking, asked: Asked, **scope: str) -> TrailAnswer:
    """A page of the facts that `asked` asks for, as known at the question's position and dated up to its day."""
    found: list[Entry] = []
    names: dict[str, str] = {}
    last, more = asked.after, False
    for looked, (row, around) in enumerate(_walk(asking, asked)):
        if len(found) == asked.limit or looked == MOST_LOOKED_AT:
            more = True
            break
        last = row.position
        entry = entry_of(row, around, asked.identities)
        if not asked.marks or not asked.marks.isdisjoint(entry.marks):
            found.append(entry)
            names |= around.names
    return TrailAnswer(
        header=asking.header(RULE_VERSION, **scope),
        entries=found,
        next=_end(asking, asked, last, more),
        has_more=more,
        names=names,
    )


def _walk(asking: Asking, asked: Asked) -> Iterator[tuple[Row, Surroundings]]:
    """The facts in the order asked for, each with what surrounds its page; read page by page, as far as it is asked."""
    size = CHUNK if asked.marks else asked.limit + 1
    after = asked.after
    while True:
        rows = rows_of(asking, asked.filters, after, size, newest=asked.order == "newest")
        told = heard(rows, asked.filters)
        around = surroundings_of(asking, told, asked.filters.readable)
        yield from ((row, around) for row in told)
        if len(rows) < size:
            return
        after = rows[-1].position


def _end(asking: Asking, asked: Asked, last: int | None, more: bool) -> int:
    """Where the next page starts: after the last fact looked at; after all that is known, where nothing is left."""
    if asked.order == "newest":
        return asking.question.known_at + 1 if last is None else last
    return last if more and last is not None else max(last or 0, asking.question.known_at)


def entry_of(row: Row, around: Surroundings, identities: Collection[str]) -> Entry:
    corrections = around.corrections(row)
    return Entry(
        row=row,
        says=sentence(around.telling(row)),
        marks=marks_of(row, corrections, around),
        corrections=corrections,
        identity_ids=tuple(one for one in around.organisations(row) if one in identities),
    )
