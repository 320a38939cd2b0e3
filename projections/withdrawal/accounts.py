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

    `standing` is above 0 where the organisation gave; `event_ids` are the facts that say so.
    """

    first: int
    until: int
    standing: int
    turnover: int
    other_id: str
    event_ids: tuple[str, ...]


@dataclass(frozen=True)
class Account:
    """The moves of one organisation, with whomever."""

    moves: tuple[Move, ...]

    def on(self, day: int) -> Standing:
        """What stands at the end of a day, given as an ordinal."""
        days, levels = self._steps
        index = bisect_right(days, day)
        return Standing(0, 0) if index == 0 else levels[index - 1]

    def days(self) -> list[int]:
        """The days on which it changes, in order."""
        return self._steps[0]

    def holding(self, day: int) -> list[Move]:
        """What makes up what stands on a day, the earliest first."""
        return sorted(move for move in self.moves if move.first <= day < move.until)

    def with_other(self, other_id: str) -> Account:
        """The moves between the organisation and one other."""
        return Account(tuple(move for move in self.moves if move.other_id == other_id))

    @cached_property
    def _steps(self) -> tuple[list[int], list[Standing]]:
        changes: dict[int, tuple[int, int]] = {}
        for move in self.moves:
            for day, sign in ((move.first, 1), (move.until, -1)):
                standing, turnover = changes.get(day, (0, 0))
                changes[day] = (standing + sign * move.standing, turnover + sign * move.turnover)
        days = sorted(changes)
        levels = accumulate((changes[day] for day in days), lambda one, two: (one[0] + two[0], one[1] + two[1]))
        return days, [Standing(*level) for level in levels]


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
    event_ids: tuple[str, ...]


def accounts_of(entries: Iterable[Entry]) -> dict[str, Account]:
    """The accounts of all that gave or got in these entries. What one gave itself (registered twice) counts nowhere."""
    found: dict[str, list[Move]] = {}
    for one in entries:
        if one.giver_id != one.receiver_id and one.first < one.until:
            turnover = one.minutes if one.is_delivery else 0
            for organisation_id, other_id, sign in (
                (one.giver_id, one.receiver_id, 1),
                (one.receiver_id, one.giver_id, -1),
            ):
                move = Move(one.first, one.until, sign * one.minutes, turnover, other_id, one.event_ids)
                found.setdefault(organisation_id, []).append(move)
    return {organisation_id: Account(tuple(moves)) for organisation_id, moves in found.items()}
