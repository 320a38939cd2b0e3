"""The felt balance: what was given weighs half after each half-life.

The one figure that is not rational: decimal, 40 digits, half to even, rounded to whole minutes for each giver and
receiver, and only then summed.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_EVEN, Context, Decimal
from typing import Final, NamedTuple

DIGITS: Final = Context(prec=40, rounding=ROUND_HALF_EVEN)


class OfDay(NamedTuple):
    """The confirmed exchange minutes from one to another on one day."""

    giver_id: str
    receiver_id: str
    on: date
    minutes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Felt:
    """`minutes` as they are felt on `as_of`, by (giver, receiver), whole."""

    half_life_days: int | Decimal
    as_of: date
    minutes: dict[tuple[str, str], int]

    def sides(self) -> dict[str, tuple[int, int]]:
        """What is felt of what each gave and of what each got."""
        found: dict[str, tuple[int, int]] = {}
        for (giver, receiver), minutes in sorted(self.minutes.items()):
            given, got = found.get(giver, (0, 0))
            found[giver] = (given + minutes, got)
            given, got = found.get(receiver, (0, 0))
            found[receiver] = (given, got + minutes)
        return found


def felt(rows: Iterable[OfDay], half_life_days: int | Decimal, as_of: date) -> Felt:
    """Σ minutes · 2^(−age / half-life) for each giver and receiver; ages are days from `delivered_on` to `as_of`.

    With h = 58.3 each further 30 days lower what is given back by 30 %: PNAS 115(8):1766 (2018).
    """
    weights: dict[date, Decimal] = {}
    sums: dict[tuple[str, str], Decimal] = {}
    for row in rows:
        weight = weights.get(row.on)
        if weight is None:
            weight = weights[row.on] = weight_of((as_of - row.on).days, half_life_days)
        pair = (row.giver_id, row.receiver_id)
        sums[pair] = DIGITS.add(sums.get(pair, Decimal(0)), DIGITS.multiply(weight, Decimal(row.minutes)))
    minutes = {pair: int(total.to_integral_value(ROUND_HALF_EVEN)) for pair, total in sums.items()}
    return Felt(half_life_days=half_life_days, as_of=as_of, minutes=minutes)


def weight_of(age_days: int, half_life_days: int | Decimal) -> Decimal:
    """2^(−age / half-life), to 40 digits."""
    return DIGITS.power(Decimal(2), DIGITS.divide(Decimal(-age_days), Decimal(half_life_days)))
