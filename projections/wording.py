"""Amounts, days and shares as people read them: the same words at the terminal, on pages and in workings."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from fractions import Fraction
from typing import Final

DAY_MINUTES: Final = 390
"""A day of support, 6.5 hours, where amounts are told in days."""

WEEKDAYS: Final = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
MONTHS: Final = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def amount(minutes: int) -> str:
    """Minutes for people: hours up to 20 hours, then days of 6.5 hours with the hours behind."""
    sign, minutes = ("−" if minutes < 0 else ""), abs(minutes)
    hours, rest = divmod(minutes, 60)
    text = f"{hours} h" + (f" {rest} min" if rest else "")
    if minutes < 60:
        text = f"{rest} min"
    if minutes <= 20 * 60:
        return sign + text
    days = round(minutes * 10 / DAY_MINUTES) / 10
    return f"{sign}{days:g} days ({text})"


def day(on: date) -> str:
    """A day with its weekday: `Thu 14 Sep 2026`."""
    return f"{WEEKDAYS[on.weekday()]} {short_day(on)}"


def short_day(on: date) -> str:
    """A day where there is little room: `14 Sep 2026`."""
    return f"{on.day} {MONTHS[on.month - 1]} {on.year}"


def percent(share: Fraction) -> str:
    """A share to the nearest hundredth, half to even: `38 %`; what is not nothing is never told as 0 %."""
    whole = round(share * 100)
    if whole == 0 and share > 0:
        return "less than 1 %"
    if whole == 100 and share < 1:
        return "more than 99 %"
    return f"{whole} %"


def several(number: int, one: str, many: str | None = None) -> str:
    """`1 delivery`, `3 deliveries`."""
    return f"{number} {one if number == 1 else many or one + 's'}"


def listing(words: Sequence[str]) -> str:
    """`A`, `A and B`, `A, B and C`."""
    if len(words) < 2:
        return "".join(words)
    return f"{', '.join(words[:-1])} and {words[-1]}"
