"""What was given long ago is felt less."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest

from projections.reciprocity.felt import OfDay, felt, weight_of

DAY = 390
START = date(2026, 9, 1)


def test_three_days_each_sixty_days_apart() -> None:
    """The published half-life of 58.3007 days: on day 60 the first three days weigh 1.47, the second 3.00."""
    rows = [OfDay("A", "B", START, 3 * DAY), OfDay("B", "A", START + timedelta(days=60), 3 * DAY)]
    found = felt(rows, Decimal("58.3007"), START + timedelta(days=60))
    assert round(found.minutes["A", "B"] / DAY, 2) == 1.47
    assert found.minutes["B", "A"] == 3 * DAY
    assert found.sides() == {"A": (573, 1170), "B": (1170, 573)}


def test_each_thirty_days_lower_it_by_thirty_per_cent() -> None:
    assert float(weight_of(30, Decimal("58.3007"))) == pytest.approx(0.7, abs=1e-5)


def test_after_one_half_life_half_is_felt() -> None:
    assert weight_of(365, 365) == Decimal("0.5")
    assert weight_of(0, 365) == 1
    assert len(weight_of(1, 365).as_tuple().digits) == 40


def test_each_giver_and_receiver_is_rounded_before_all_are_added() -> None:
    rows = [OfDay("a", "b", START, 1), OfDay("a", "b", START, 2), OfDay("a", "c", START, 3), OfDay("b", "c", START, 1)]
    found = felt(rows, 30, START + timedelta(days=30))
    assert found.minutes == {("a", "b"): 2, ("a", "c"): 2, ("b", "c"): 0}
    assert found.sides() == {"a": (4, 0), "b": (0, 2), "c": (0, 2)}
