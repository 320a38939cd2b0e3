"""How many of the arcs of a network go both ways, measured on who gave whom at all."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from fractions import Fraction
from typing import Final

from projections.shares import share


@dataclass(frozen=True, slots=True, kw_only=True)
class Arcs:
    """`arcs` L: ordered pairs in which something was given; `reciprocated` L↔: those whose other direction is one too;
    `members` n: the active members, and whoever gave or got. Nobody is an arc to itself."""

    arcs: int
    reciprocated: int
    members: int

    @property
    def arc_reciprocity(self) -> Fraction | None:
        """r = L↔ / L; None where there is no arc."""
        return share(self.reciprocated, self.arcs)

    @property
    def dyad_reciprocity(self) -> Fraction | None:
        """R = mutual pairs / (mutual + one-way pairs) = r / (2 − r); None where there is no arc."""
        mutual = self.reciprocated // 2
        return share(mutual, self.arcs - mutual)

    @property
    def density(self) -> Fraction | None:
        """a = L / (n · (n − 1)); None for fewer than two members."""
        return share(self.arcs, self.members * (self.members - 1)) if self.members > 1 else None

    @property
    def reciprocity_beyond_chance(self) -> Fraction | None:
        """ρ = (r − a) / (1 − a), 0 where arcs go both ways as often as among strangers.

        None where there is no arc, fewer than two members, or an arc between any two. Source: Garlaschelli and
        Loffredo, Patterns of link reciprocity in directed networks, Phys. Rev. Lett. 93 (2004).
        """
        r, a = self.arc_reciprocity, self.density
        return None if r is None or a is None or a == 1 else (r - a) / (1 - a)

    def why(self) -> dict[str, str]:
        """By the name of each figure that is None, the reason."""
        why = {"density": "fewer_than_two_members"} if self.density is None else {}
        if self.arcs == 0:
            return why | dict.fromkeys(_ON_ARCS, "no_arcs")
        return why | ({"reciprocity_beyond_chance": "everybody_gives_everybody"} if self.density == 1 else {})


_ON_ARCS: Final = ("arc_reciprocity", "dyad_reciprocity", "reciprocity_beyond_chance")


def arcs_of(arcs: Collection[tuple[str, str]], members: Collection[str]) -> Arcs:
    """The counts of a network. `arcs` are its (giver, receiver), a set or the keys of a mapping."""
    both = sum((receiver, giver) in arcs for giver, receiver in arcs)
    everybody = set(members).union(*zip(*arcs, strict=True)) if arcs else set(members)
    return Arcs(arcs=len(arcs), reciprocated=both, members=len(everybody))
