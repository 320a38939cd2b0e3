"""Support that mirrors itself: the same amount both ways between the same two, each confirmed within a day. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from typing import Final, NamedTuple

WITHIN: Final = timedelta(days=1)
"""From recording to confirming, so quickly that nobody may have looked."""
NEAR: Final = timedelta(days=28)
"""How far apart the two of a couple may have been recorded."""
TIMES: Final = 3
"""So often it happens before it is a question."""


class Confirmed(NamedTuple):
    """A confirmed delivery: who gave whom how many minutes, when that was recorded and confirmed, and its facts."""

    giver_id: str
    receiver_id: str
    minutes: int
    recorded_at: datetime
    confirmed_at: datetime
    event_ids: tuple[str, ...]


class Couple(NamedTuple):
    """Two deliveries of the same amount, opposite ways, recorded near each other and each confirmed within a day."""

    there: Confirmed
    back: Confirmed


class Mirrored(NamedTuple):
    """Two organisations with their couples, in the order of recording; `one_id` is the smaller id."""

    one_id: str
    other_id: str
    couples: tuple[Couple, ...]


def mirrored(deliveries: Iterable[Confirmed], *, times: int = TIMES) -> list[Mirrored]:
    """Every two organisations with at least so many couples, by id. Each delivery stands in one couple at most."""
    by_pair: dict[tuple[str, str], list[Confirmed]] = defaultdict(list)
    for one in deliveries:
        if one.confirmed_at - one.recorded_at <= WITHIN:
            by_pair[_pair(one)].append(one)
    found = [Mirrored(*pair, tuple(_couples(pair[0], ones))) for pair, ones in sorted(by_pair.items())]
    return [one for one in found if len(one.couples) >= times]


def _pair(one: Confirmed) -> tuple[str, str]:
    return min(one.giver_id, one.receiver_id), max(one.giver_id, one.receiver_id)


def _couples(one_id: str, deliveries: Sequence[Confirmed]) -> list[Couple]:
    amounts = sorted({one.minutes for one in deliveries})
    found = [
        couple
        for minutes in amounts
        for couple in _matched(
            [one for one in deliveries if one.minutes == minutes and one.giver_id == one_id],
            [one for one in deliveries if one.minutes == minutes and one.giver_id != one_id],
        )
    ]
    return sorted(found, key=lambda couple: min(couple.there.recorded_at, couple.back.recorded_at))


def _matched(there: Sequence[Confirmed], back: Sequence[Confirmed]) -> Iterator[Couple]:
    """As many couples as there can be: in the order of recording, the earliest that still fits."""
    waiting = sorted(back, key=lambda one: (one.recorded_at, one.event_ids))
    for one in sorted(there, key=lambda each: (each.recorded_at, each.event_ids)):
        fitting = next((each for each in waiting if abs(each.recorded_at - one.recorded_at) <= NEAR), None)
        if fitting is not None:
            waiting.remove(fitting)
            yield Couple(one, fitting)
