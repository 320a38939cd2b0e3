"""What passed between partners, as moves that hold from one day until another, and what stands on a day."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate
from typing import NamedTuple

from projections.withdrawal.points import Standing


class Move(NamedTuple):
    """`standing` and `turnover` change by so many minutes from the ordinal `first` on, until the one before `until`.

    `standing` is above 0 where the organisation gave; `events` are the ids of the facts that say so, in one text.
    """

    first: int
    until: int
    standing: int
    turnover: int
    other_id: str
    events: str

    @property
    def event_ids(self) -> list[str]:
        """The facts that say so."""
        return self.events.split()


@dataclass(frozen=True)
class Account:
    """The moves of one organisation, with whomever."""

    moves: tuple[Move, ...]

    def on(self, day: int) -> Standing:
        """What stands at the end of a day, given as an ordinal."""
        days, levels = self._steps
        index = bisect_right(days, day)
        return Standing(0, 0) if index == 0 else Standing(*levels[index - 1])

    def days(self) -> list[int]:
        """The days on which it changes, in order."""
        return self._steps[0]

    def levels(self) -> Mapping[int, tuple[int, int]]:
        """By each of these days, what stands, and the turnover, from it on."""
        return dict(zip(*self._steps, strict=True))

    def holding(self, day: int) -> list[Move]:
        """What makes up what stands on a day, the earliest first."""
        return sorted(move for move in self.moves if move.first <= day < move.until)

    def with_other(self, other_id: str) -> Account:
        """The moves between the organisation and one other."""
        return Account(tuple(move for move in self.moves if move.other_id == other_id))

    @cached_property
    def _steps(self) -> tuple[list[int], list[tuple[int, int]]]:
        standing: dict[int, int] = {}
        turnover: dict[int, int] = {}
        for first, until, given, passed, _, _ in self.moves:
            standing[first] = standing.get(first, 0) + given
            standing[until] = standing.get(until, 0) - given
            turnover[first] = turnover.get(first, 0) + passed
            turnover[until] = turnover.get(until, 0) - passed
        days = sorted(standing)
        levels = zip(*(accumulate(map(changes.__getitem__, days)) for changes in (standing, turnover)), strict=True)
        return days, list(levels)


NOTHING = Account(())


@dataclass(frozen=True, slots=True, kw_only=True)
class Accounts:
    """By organisation, what passed within the partnership; `overall` gives one's account over all its support."""

    inside: Mapping[str, Account]
    overall: Callable[[str], Account]

    def of(self, organisation_id: str) -> Account:
        """What one passed with all others of the partnership; nothing where it has no entry."""
        return self.inside.get(organisation_id, NOTHING)


class Entry(NamedTuple):
    """What counts of an entry of the reciprocity view; `is_delivery` says whether it belongs to the turnover."""

    giver_id: str
    receiver_id: str
    minutes: int
    is_delivery: bool
    first: int
    until: int
    events: str


def accounts_of(entries: Iterable[Entry]) -> dict[str, Account]:
    """The accounts of all that gave or got in these entries. What one gave itself (registered twice) counts nowhere."""
    found: dict[str, list[Move]] = {}
    for giver_id, receiver_id, minutes, is_delivery, first, until, events in entries:
        if giver_id != receiver_id and first < until:
            turnover = minutes if is_delivery else 0
            gave = Move(first, until, minutes, turnover, receiver_id, events)
            got = Move(first, until, -minutes, turnover, giver_id, events)
            for one, move in ((giver_id, gave), (receiver_id, got)):
                if one in found:
                    found[one].append(move)
                else:
                    found[one] = [move]
    return {organisation_id: Account(tuple(moves)) for organisation_id, moves in found.items()}
