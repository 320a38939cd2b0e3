"""Stretches of days on which something holds, found without looking at every day. Days are ordinals here."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple


class Spell(NamedTuple):
    """From the ordinal `first` to `last`, both inclusive."""

    first: int
    last: int


def spells(holds: Callable[[int], bool], changes: Iterable[int], first: int, last: int) -> Iterator[Spell]:
    """The longest stretches within `first` to `last` on which `holds` is true.

    `changes` are the days on which the answer may differ from that of the day before; between them it is taken to stay.
    """
    begun: int | None = None
    for day in sorted({first, *(day for day in changes if first < day <= last)}) if first <= last else ():
        true = holds(day)
        if true and begun is None:
            begun = day
        elif not true and begun is not None:
            yield Spell(begun, day - 1)
            begun = None
    if begun is not None:
        yield Spell(begun, last)
