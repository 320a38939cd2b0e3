"""Facts with the day on which each counts, read from the log by the keys they touch."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Final

from ledger.eventstore.codec import decode
from projections.asking import Asking
from projections.evidence.noted import Noted
from projections.evidence.segments import segments_of


def facts_with(asking: Asking, keys: Collection[str]) -> Mapping[str, tuple[Noted, ...]]:
    """The facts known at the question's position that touch each of the keys, in order.

    Keys are those of the log: `stream:<id>` (its own facts and the agreements that answer it), `organisation:<id>`.
    Business dates are not looked at: that is for the measures.
    """

    def read(missing: Collection[str], after: int) -> dict[str, list[Noted]]:
        rows = asking.connection.execute(_STATEMENT, (list(missing), after, asking.question.known_at), binary=True)
        found: dict[str, list[Noted]] = {key: [] for key in missing}
        for key, position, on, record in rows:
            found[key].append(Noted(position, on, decode(record, position)))
        return found

    return asking.memory.facts(keys, asking.question.known_at, read)


def last_of_partnership(asking: Asking, partnership_id: str) -> int:
    """The position of the last fact known of a partnership; 0 for none."""
    key = f"partnership:{partnership_id}"
    row = asking.connection.execute(_LAST, (key, asking.question.known_at)).fetchone()
    return 0 if row is None else int(row[0])


def facts_of_partnership(asking: Asking, partnership_id: str) -> list[Noted]:
    """All facts of a partnership known at the question's position, in order, as far as views look at them.

    Texts are left out. They are read anew each time, most of them from segments: what is made of them is remembered.
    """
    known_at, key = asking.question.known_at, f"partnership:{partnership_id}"
    found = segments_of(asking.connection, [partnership_id], known_at).get(partnership_id, [])
    after = found[-1].position if found else 0
    rows = asking.connection.execute(_STATEMENT, ([key], after, known_at), binary=True)
    return found + [Noted(position, on, decode(record, position)) for _, position, on, record in rows]


_LAST: Final = "SELECT position FROM pledger.fact_key WHERE key = %s AND position <= %s ORDER BY position DESC LIMIT 1"
_STATEMENT: Final = (
    "SELECT k.key, k.position, l.business_on, l.record FROM pledger.fact_key k JOIN pledger.log l USING (position)"
    " WHERE k.key = ANY (%s) AND k.position > %s AND k.position <= %s ORDER BY k.position"
)
