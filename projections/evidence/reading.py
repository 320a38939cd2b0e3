"""Facts with the day on which each counts, read from the log by the keys they touch."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date
from typing import NamedTuple

from ledger.domain.fact import AnyFact
from ledger.eventstore.codec import decode
from projections.asking import Asking


class Noted(NamedTuple):
    """A fact, its position, and its business date."""

    position: int
    on: date
    fact: AnyFact


def facts_with(asking: Asking, keys: Collection[str]) -> Mapping[str, tuple[Noted, ...]]:
    """The facts known at the question's position that touch each of the keys, in order.

    Keys are those of the log: `partnership:<id>`, `stream:<id>` (its own facts and the agreements that answer it),
    `organisation:<id>`. Business dates are not looked at: that is for the measures.
    """

    def read(missing: Collection[str], after: int) -> dict[str, list[Noted]]:
        rows = asking.connection.execute(_STATEMENT, (list(missing), after, asking.question.known_at), binary=True)
        found: dict[str, list[Noted]] = {key: [] for key in missing}
        for key, position, on, record in rows:
            found[key].append(Noted(position, on, decode(record, position)))
        return found

    return asking.memory.facts(keys, asking.question.known_at, read)


_STATEMENT = (
    "SELECT k.key, k.position, l.business_on, l.record FROM pledger.fact_key k JOIN pledger.log l USING (position)"
    " WHERE k.key = ANY (%s) AND k.position > %s AND k.position <= %s ORDER BY k.position"
)
