"""Amounts, days and shares as people read them."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

import pytest

from projections.wording import amount, day, percent, short_day


@pytest.mark.parametrize(
    ("minutes", "words"),
    [
        (0, "0 min"),
        (45, "45 min"),
        (390, "6 h 30 min"),
        (1200, "20 h"),
        (1740, "4.5 days (29 h)"),
        (-90, "−1 h 30 min"),
    ],
)
def test_an_amount(minutes: int, words: str) -> None:
    assert amount(minutes) == words


def test_a_day_with_its_weekday_and_where_there_is_little_room() -> None:
    assert (day(date(2026, 9, 14)), short_day(date(2026, 9, 4))) == ("Mon 14 Sep 2026", "4 Sep 2026")


@pytest.mark.parametrize(
    ("share", "words"),
    [("0", "0 %"), ("1/900", "less than 1 %"), ("80/913", "9 %"), ("899/900", "more than 99 %"), ("1", "100 %")],
)
def test_a_share(share: str, words: str) -> None:
    assert percent(Fraction(share)) == words
