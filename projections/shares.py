"""Shares and ratios: exact until they are printed, then a fraction with its value to six places."""

from __future__ import annotations

from fractions import Fraction
from typing import Any, Final

PLACES: Final = 10**6


def share(of: int, whole: int) -> Fraction | None:
    """The part that `of` is of `whole`; None where there is nothing to be a part of."""
    return None if whole == 0 else Fraction(of, whole)


def to_json(value: Fraction | None) -> dict[str, Any] | None:
    """`{"fraction": "4/21", "value": 0.190476}`, rounded half to even; None stays None."""
    if value is None:
        return None
    return {
        "fraction": f"{value.numerator}/{value.denominator}",
        "value": round(value * PLACES) / PLACES,
    }


def far_apart(one: Fraction | None, other: Fraction | None, limit: Fraction = Fraction(1, 10)) -> bool:
    """Whether two figures differ by more than `limit`, or one of them cannot be told."""
    if one is None or other is None:
        return one is not other
    return abs(one - other) > limit
