"""Rings: schools each of which gave the next more than it got back from it, and the last gave the first.

Only what is netted can close a ring of three or more; there is something that comes round exactly where there is one.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Collection, Mapping
from typing import Final, NamedTuple

from projections.reciprocity.settled import neighbours

MOST_RINGS: Final = 20
MOST_STEPS: Final = 400_000
"""Arcs looked at in all, so that a large network takes a fraction of a second."""

Onward = Mapping[str, list[str]]


class Rings(NamedTuple):
    """Each ring begins with its smallest id; the shortest come first. `complete`: the search was not cut short, so
    everybody who is in a ring is in one that was found."""

    found: tuple[tuple[str, ...], ...]
    complete: bool


def rings(core: Collection[tuple[str, str]]) -> Rings:
    """For everybody in a ring, a shortest one through them, as far as the limits let it: no search for all rings.

    `core` is that of what is left when pairs have settled.
    """
    onward = neighbours(core)
    for others in onward.values():
        others.sort()
    found: dict[tuple[str, ...], None] = {}
    steps = 0
    for start in sorted(onward):
        if len(found) >= MOST_RINGS or steps >= MOST_STEPS:
            return Rings(_in_order(found), complete=False)
        ring, looked = shortest(onward, start, MOST_STEPS - steps)
        steps += looked
        if ring is not None:
            found[ring] = None
    return Rings(_in_order(found), complete=steps < MOST_STEPS)


def shortest(onward: Onward, start: str, most_steps: int) -> tuple[tuple[str, ...] | None, int]:
    """A shortest way from somebody back to themselves, and how many arcs were looked at."""
    came_from: dict[str, str] = {}
    waiting, steps = deque([start]), 0
    while waiting:
        here = waiting.popleft()
        for there in onward[here]:
            steps += 1
            if there == start:
                return _from_smallest(_way_back(came_from, here)), steps
            if there not in came_from:
                came_from[there] = here
                waiting.append(there)
        if steps >= most_steps:
            break
    return None, steps


def _way_back(came_from: Mapping[str, str], here: str) -> list[str]:
    """From the start to here."""
    way = [here]
    while way[-1] in came_from:
        way.append(came_from[way[-1]])
    return way[::-1]


def _from_smallest(ring: list[str]) -> tuple[str, ...]:
    first = ring.index(min(ring))
    return (*ring[first:], *ring[:first])


def _in_order(found: Collection[tuple[str, ...]]) -> tuple[tuple[str, ...], ...]:
    return tuple(sorted(found, key=lambda ring: (len(ring), ring)))
