"""What is left when every pair has settled, and the part of it in which something can come round."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import NamedTuple

Given = Mapping[tuple[str, str], int]
"""w: whole minutes (or any whole unit) by (giver, receiver), all positive; nobody gives to themselves."""


class Settled(NamedTuple):
    """`left` of each pair by (who gave more, who gave less), all positive; `core` are those of it among organisations
    that all give somebody and get from somebody in it: every ring lies inside."""

    left: Given
    core: Given

    def without(self, one: str) -> Settled:
        """The same when somebody is not there any more."""
        return Settled(without(self.left, one), core_of(without(self.core, one)))


def settled(given: Given) -> Settled:
    """Each pair settled."""
    left = netted(given)
    return Settled(left, core_of(left))


def without(given: Given, one: str) -> dict[tuple[str, str], int]:
    """What is left of a network when somebody is not there any more."""
    return {pair: minutes for pair, minutes in given.items() if one not in pair}


def netted(given: Given) -> dict[tuple[str, str], int]:
    """What is left of each pair, by (who gave more, who gave less), all positive."""
    found = {}
    for (giver, receiver), minutes in given.items():
        left = minutes - given.get((receiver, giver), 0)
        if left > 0:
            found[giver, receiver] = left
    return found


def core_of(left: Given) -> dict[tuple[str, str], int]:
    """What remains when whoever gives nobody or gets from nobody is taken away, again and again."""
    onward, back = neighbours(left), neighbours((receiver, giver) for giver, receiver in left)
    gives = {one: len(others) for one, others in onward.items()}
    gets = {one: len(others) for one, others in back.items()}
    waiting = list(gives.keys() ^ gets.keys())
    gone = set(waiting)
    while waiting:
        one = waiting.pop()
        for others, count in ((onward.get(one, ()), gets), (back.get(one, ()), gives)):
            for other in others:
                count[other] -= 1
                if count[other] == 0 and other not in gone:
                    gone.add(other)
                    waiting.append(other)
    return {(a, b): minutes for (a, b), minutes in left.items() if a not in gone and b not in gone}


def neighbours(arcs: Iterable[tuple[str, str]]) -> dict[str, list[str]]:
    """By the first of each pair, the others."""
    found: dict[str, list[str]] = {}
    for one, other in arcs:
        found.setdefault(one, []).append(other)
    return found
