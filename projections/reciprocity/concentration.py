"""On how few the giving rests, over all members, those who gave nothing included."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from projections.shares import to_json


@dataclass(frozen=True, slots=True, kw_only=True)
class Concentration:
    """`by_giver` holds the minutes of everybody who might give, 0 included; `total` may be more, where some minutes
    have nobody's name: they are in the whole of which the shares are parts."""

    by_giver: Mapping[str, int | Fraction]
    total: int | Fraction

    @property
    def largest(self) -> str | None:
        """Who gave most, the smallest id among equals; None where nobody gave."""
        gave = [(-minutes, one) for one, minutes in self.by_giver.items() if minutes]
        return min(gave)[1] if gave else None

    @property
    def largest_share(self) -> Fraction | None:
        """Of all that was given, what the largest giver gave; None where nobody gave, as all of these."""
        largest = self.largest
        return None if largest is None else Fraction(self.by_giver[largest]) / Fraction(self.total)

    @property
    def hhi(self) -> Fraction | None:
        """The Herfindahl–Hirschman index: Σ of the squares of the shares."""
        if self.largest is None:
            return None
        return Fraction(sum(minutes * minutes for minutes in self.by_giver.values())) / Fraction(self.total) ** 2

    @property
    def effective_givers(self) -> Fraction | None:
        """1 / HHI: as many who give alike would be as concentrated."""
        hhi = self.hhi
        return None if hhi is None else 1 / hhi

    @property
    def gini_raw(self) -> Fraction | None:
        """Σ|x_i − x_j| / (2 · n · Σx), from 0 (all give alike) to (n − 1)/n (one gives all)."""
        if self.largest is None:
            return None
        n, amounts = len(self.by_giver), sorted(self.by_giver.values())
        weighed = sum((2 * rank - n - 1) * minutes for rank, minutes in enumerate(amounts, 1))
        return Fraction(weighed) / Fraction(n * self.total)

    @property
    def gini(self) -> Fraction | None:
        """The same × n/(n − 1), so that 1 is one who gives all; None for a single member too."""
        raw, n = self.gini_raw, len(self.by_giver)
        return None if raw is None or n < 2 else raw * n / (n - 1)

    def to_json(self) -> dict[str, Any]:
        """Every figure by name; what cannot be told is null, with the reason under `why`."""
        shares = {
            name: getattr(self, name) for name in ("gini", "gini_raw", "hhi", "effective_givers", "largest_share")
        }
        nobody = self.largest is None
        why = {name: "nothing_confirmed" if nobody else "one_member" for name, value in shares.items() if value is None}
        return {name: to_json(value) for name, value in shares.items()} | ({"why": why} if why else {})


def giving(given: Mapping[tuple[str, str], int], members: Iterable[str]) -> Concentration:
    """The concentration of who gave, over the members and whoever gave or got."""
    found: dict[str, int] = dict.fromkeys(members, 0)
    for (giver, receiver), minutes in given.items():
        found[giver] = found.get(giver, 0) + minutes
        found.setdefault(receiver, 0)
    return Concentration(by_giver=found, total=sum(given.values()))
