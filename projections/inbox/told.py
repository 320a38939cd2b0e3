"""Which streams say something about an organisation or a partnership, and which of these can be over."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable
from typing import Final, NamedTuple

from projections.asking import Asking


class Told(NamedTuple):
    """That a fact of this type stands in a stream, at a position; nothing of what it says."""

    position: int
    kind: str
    stream_id: str
    type: str


def told_of(asking: Asking, keys: Collection[str]) -> list[Told]:
    """What touches one of the keys of the log, such as `organisation:<id>`, key by key in order, each fact once."""

    def read(missing: Collection[str], after: int) -> dict[str, list[Told]]:
        ours = [key.removeprefix(_MARK) for key in missing]
        rows = asking.connection.execute(_STATEMENT, (ours, after, asking.question.known_at), binary=True)
        found: dict[str, list[Told]] = {key: [] for key in missing}
        for key, *row in rows:
            found[_MARK + key].append(Told(*row))
        return found

    held = asking.memory.facts([_MARK + key for key in sorted(keys)], asking.question.known_at, read)
    if len(held) == 1:
        return list(*held.values())
    return list({one.position: one for rows in held.values() for one in rows}.values())


def streams(told: Iterable[Told], kind: str) -> list[str]:
    """The ids of the streams of a kind, in the order in which they were first told of."""
    return list(dict.fromkeys(one.stream_id for one in told if one.kind == kind))


def unfinished_supports(told: Iterable[Told]) -> list[str]:
    """The supports that may still need somebody: those that are known to need nobody any more are left out.

    That is: withdrawn; or ended, or one delivery that nobody agreed beforehand, with every delivery answered.
    """
    types: dict[str, Counter[str]] = {}
    for one in told:
        if one.kind == "support":
            types.setdefault(one.stream_id, Counter())[one.type] += 1
    return [stream_id for stream_id, count in types.items() if not _is_finished(count)]


def _is_finished(count: Counter[str]) -> bool:
    if count["support.offer_withdrawn"] or count["support.request_withdrawn"]:
        return True
    if any(count[name] for name in _UNSURE):
        return False
    answered = sum(count[name] for name in _ANSWERS) - count["support.confirmation_withdrawn"]
    begun_alone = count["support.delivered"] == 1 and not any(count[name] for name in _BEGINNINGS)
    ended = count["support.completed"] or count["support.cancelled"]
    return bool(begun_alone or ended) and answered >= count["support.delivered"]


_MARK: Final = "told:"
_BEGINNINGS: Final = ("support.offered", "support.requested", "support.agreed")
_ANSWERS: Final = ("support.delivery_confirmed", "support.dispute_settled")
_UNSURE: Final = ("support.variation_proposed", "support.delivery_reversed")
"""A reversal may be of a delivery that was answered; a change of confidence may be agreed after everything else."""

_STATEMENT: Final = (
    "SELECT k.key, k.position, l.stream_kind, l.stream_id::text, l.type"
    " FROM pledger.fact_key k JOIN pledger.log l USING (position)"
    " WHERE k.key = ANY (%s) AND k.position > %s AND k.position <= %s ORDER BY k.position"
)
