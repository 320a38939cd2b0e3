"""A view of the tests: how many facts each stream has, and a fact it may be told to choke on."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from functools import partial
from typing import NamedTuple

from ledger.domain.fact import AnyFact
from projections.tables import Changes, Loader, Table
from projections.view import View


class Count(NamedTuple):
    """So many facts of a stream."""

    stream_id: str
    facts: int


COUNTS = Table("counting", Count, key=("stream_id",), changing=("facts",))
SCHEMA = "CREATE TABLE counting (stream_id uuid PRIMARY KEY, facts bigint NOT NULL)"


class Choked(Exception):
    """The view was told not to take this fact."""


def counting_view(version: int = 1, *, chokes_on: int = 0) -> View:
    """Counts facts of support; the fact at the position `chokes_on` cannot be applied."""
    return View(
        name="counting",
        version=version,
        types=frozenset({"support.delivered", "support.delivery_confirmed"}),
        schema=SCHEMA,
        tables=(COUNTS,),
        fold=partial(fold, chokes_on=chokes_on),
    )


def fold(facts: Sequence[AnyFact], loader: Loader, *, chokes_on: int) -> Changes:
    changes = Changes()
    sheet = changes.sheet(COUNTS)
    found = Counter(fact.stream.id for fact in facts)
    before = {row.stream_id: row for row in loader.rows(COUNTS, "stream_id", sorted(found))}
    for stream_id, more in found.items():
        if stream_id in before:
            sheet.change(Count(stream_id, before[stream_id].facts + more))
        else:
            sheet.add(Count(stream_id, more))
    if any(fact.position == chokes_on for fact in facts):
        raise Choked(f"not {chokes_on}")
    return changes
