"""Facts of a scope in ledger order, read from the log as it was known."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final, NamedTuple

from ledger.domain.fact import AnyFact
from ledger.eventstore.codec import decode
from ledger.seeing import Told
from projections.asking import Asking

Hears = Callable[[list[AnyFact], Collection[str]], list[Told]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Filters:
    """Every filter that is given must hold. `within` are groups of fact keys of each of which one must be touched: what
    the trail is of. `visible` are those of which its reader sees the facts (None: everything), `readable` those whose
    texts the reader may read. `hears` answers facts as this reader may be told of them (None: as they are), `beside`
    being organisations whose facts are told as the reader's own.
    """

    within: tuple[tuple[str, ...], ...] = ()
    visible: tuple[str, ...] | None = None
    readable: frozenset[str] = frozenset()
    hears: Hears | None = None
    beside: tuple[str, ...] = ()
    types: tuple[str, ...] = ()
    voice: str | None = None
    on_from: date | None = None
    on_to: date | None = None


class Row(NamedTuple):
    """A fact with its position and its business date; `masked` where its support is confidential to the reader, None
    where nobody in particular reads."""

    position: int
    on: date
    fact: AnyFact
    masked: bool | None = None


_TOUCHES: Final = "EXISTS (SELECT FROM pledger.fact_key k WHERE k.position = l.position AND k.key = ANY (%({name})s))"


def rows_of(asking: Asking, filters: Filters, after: int | None, limit: int, *, newest: bool) -> list[Row]:
    """At most `limit` facts that follow the position `after`: upwards from the first, or downwards from the last.

    Only those whose business date has come by the question's day.
    """
    conditions: dict[str, tuple[str, Any]] = {
        "visible": (_TOUCHES.format(name="visible"), None if filters.visible is None else list(filters.visible)),
        "types": ("l.type = ANY (%(types)s)", list(filters.types) or None),
        "voice": ("l.voice = %(voice)s::uuid", filters.voice),
        "on_from": ("l.business_on >= %(on_from)s", filters.on_from),
        "on_to": ("l.business_on <= %(on_to)s", filters.on_to),
        "after": (f"l.position {'<' if newest else '>'} %(after)s", after),
    }
    for number, keys in enumerate(filters.within):  # the first is where the facts are looked for
        touches = _TOUCHES.format(name=f"within{number}") if number else "true"
        conditions[f"within{number}"] = (touches, list(keys))
    given = {name: pair for name, pair in conditions.items() if pair[1] is not None}
    where = "".join(f" AND {condition}" for condition, _ in given.values())
    order = "DESC" if newest else "ASC"
    rows = asking.connection.execute(
        f"SELECT l.position, l.business_on, l.record FROM {_source(filters)} WHERE l.position <= %(known_at)s"
        f" AND l.business_on <= %(as_of)s{where} ORDER BY l.position {order} LIMIT %(limit)s".encode(),
        {**asking.question.parameters, "limit": limit, **{name: value for name, (_, value) in given.items()}},
        binary=True,
    )
    return [Row(position, on, decode(record, position)) for position, on, record in rows]


def _source(filters: Filters) -> str:
    """The log; of one thing its own facts alone, found by their key, however long the log is."""
    if not filters.within:
        return "pledger.log l"
    return (
        "(SELECT DISTINCT k.position FROM pledger.fact_key k WHERE k.key = ANY (%(within0)s)) w"
        " JOIN pledger.log l USING (position)"
    )


def touched(asking: Asking, positions: Sequence[int]) -> dict[int, list[str]]:
    """By position, the keys that the fact touches."""
    found: dict[int, list[str]] = {position: [] for position in positions}
    rows = asking.connection.execute(
        "SELECT position, key FROM pledger.fact_key WHERE position = ANY (%s) ORDER BY position, key",
        [list(positions)],
    )
    for position, key in rows:
        found[position].append(key)
    return found


def heard(rows: Sequence[Row], filters: Filters) -> list[Row]:
    """Those of the rows that their reader is told of, as it may be told."""
    if filters.hears is None:
        return list(rows)
    told = {one.fact.position: one for one in filters.hears([row.fact for row in rows], filters.beside)}
    return [Row(row.position, row.on, *told[row.position]) for row in rows if row.position in told]
