"""Everything that a table of who gave whom how much says about reciprocity: no ledger, no date, no names."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from itertools import islice
from typing import Any, Final

from projections.reciprocity.concentration import Concentration, giving
from projections.reciprocity.flow import Ways, ways
from projections.reciprocity.network import Arcs, arcs_of
from projections.reciprocity.rings import Rings, rings
from projections.reciprocity.settled import Given, settled, without
from projections.shares import far_apart, share, to_json

MOST_LISTED: Final = 1_000
"""Organisations, and pairs, that an answer lists at most; it says how many it leaves out."""

THREE_WAYS: Final = ("two_way", "comes_round", "one_way")
CLEARED: Final = ("cleared", "cleared_centrally")


@dataclass(frozen=True, slots=True, kw_only=True)
class Sides:
    """What one gave and got."""

    given: int
    received: int

    @property
    def balance_index(self) -> Fraction | None:
        """B = (given − received) / (given + received); None where nothing passed."""
        return share(self.given - self.received, self.given + self.received)


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """The figures of a table. `unit` is how many of its whole units make a minute."""

    given: Given
    sides: Mapping[str, Sides]
    ways: Ways
    arcs: Arcs
    concentration: Concentration
    without_largest: Ways | None
    rings: Rings
    unit: int = 1

    def figures(self) -> dict[str, Any]:
        """Every figure by name; what cannot be told is null, with the reason under `why`."""
        undefined = dict.fromkeys((*THREE_WAYS, *CLEARED), "nothing_confirmed") if self.ways.minutes == 0 else {}
        why = undefined | {_NAMES[name]: reason for name, reason in self.arcs.why().items()}
        if self.ways.minutes == 0:
            names = ("cleared_pairs", "weighted_reciprocity", "without_largest_giver")
            why |= dict.fromkeys(names, "nothing_confirmed")
        return {
            **ways_to_json(self.ways, self.unit),
            "cleared": to_json(self.ways.cleared),
            "cleared_pairs": to_json(self.ways.two_way),
            "cleared_centrally": to_json(self.ways.cleared_centrally),
            **self._arcs(),
            "weighted_reciprocity": to_json(self.ways.two_way),
            "concentration": self.concentration.to_json(),
            "without_largest_giver": self._without_largest(),
            "rings": [list(ring) for ring in self.rings.found],
            "rings_complete": self.rings.complete,
            **({"why": why} if why else {}),
        }

    def _arcs(self) -> dict[str, Any]:
        counts = {"members": self.arcs.members, "arcs": self.arcs.arcs, "reciprocated_arcs": self.arcs.reciprocated}
        return counts | {told: to_json(getattr(self.arcs, name)) for name, told in _NAMES.items()}

    def _without_largest(self) -> dict[str, Any] | None:
        """The loss test; None where nobody gave."""
        if self.without_largest is None:
            return None
        left = ways_to_json(self.without_largest, self.unit)
        why = {"why": dict.fromkeys(THREE_WAYS, "nothing_left")} if self.without_largest.minutes == 0 else {}
        return {"giver_id": self.concentration.largest, **left, **why}

    def organisations(self, most: int | None = None) -> list[dict[str, Any]]:
        """What each gave and got, by id; at most so many."""
        return [
            {
                "organisation_id": one,
                "given_minutes": in_minutes(both.given, self.unit),
                "received_minutes": in_minutes(both.received, self.unit),
                "net_minutes": in_minutes(both.given - both.received, self.unit),
                "balance_index": to_json(both.balance_index),
                **({"why": {"balance_index": "nothing_confirmed"}} if both.balance_index is None else {}),
            }
            for one, both in islice(self.sides.items(), most)
        ]

    def pairs(self, most: int) -> list[dict[str, Any]]:
        """Who gave whom how much, by ids; at most so many."""
        return [
            {"giver_id": giver, "receiver_id": receiver, "minutes": in_minutes(minutes, self.unit)}
            for (giver, receiver), minutes in islice(sorted(self.given.items()), most)
        ]

    def differs_from(self, other: Measured) -> bool:
        """Whether one of D, C, U, or somebody's B, is more than 0.1 away from the other's, or can be told in one."""
        if any(far_apart(getattr(self.ways, name), getattr(other.ways, name)) for name in THREE_WAYS):
            return True
        nothing = Sides(given=0, received=0)
        return any(
            far_apart(both.balance_index, other.sides.get(one, nothing).balance_index)
            for one, both in self.sides.items()
        )


_NAMES: Final = {
    "arc_reciprocity": "reciprocity_arcs",
    "dyad_reciprocity": "reciprocity_dyads",
    "density": "density",
    "reciprocity_beyond_chance": "rho",
}


def measured(given: Given, members: Collection[str] = (), unit: int = 1) -> Measured:
    """The figures over the members and whoever gave or got. Raises TooMuch."""
    given = {pair: minutes for pair, minutes in given.items() if minutes}
    concentration = giving(given, members)
    largest, pairs = concentration.largest, settled(given)
    return Measured(
        given=given,
        sides=sides_of(given, concentration.by_giver),
        ways=ways(given, pairs),
        arcs=arcs_of(given, concentration.by_giver),
        concentration=concentration,
        without_largest=None if largest is None else ways(without(given, largest), pairs.without(largest)),
        rings=rings(pairs.core),
        unit=unit,
    )


def sides_of(given: Given, members: Iterable[str]) -> dict[str, Sides]:
    """What each gave and got, in order of id."""
    gave: dict[str, int] = dict.fromkeys(members, 0)
    got = dict(gave)
    for (giver, receiver), minutes in given.items():
        gave[giver] += minutes
        got[receiver] += minutes
    return {one: Sides(given=gave[one], received=got[one]) for one in sorted(gave)}


def ways_to_json(found: Ways, unit: int = 1) -> dict[str, Any]:
    """The minutes and what became of them."""
    return {"minutes": in_minutes(found.minutes, unit)} | {name: to_json(getattr(found, name)) for name in THREE_WAYS}


def in_minutes(units: int, unit: int) -> int | float:
    """Minutes as JSON has them: whole where they are, else with their decimals."""
    return units // unit if units % unit == 0 else units / unit
