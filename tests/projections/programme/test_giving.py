"""The value of support: whole pence at a rate per day, each amount rounded by itself, half to even."""

from __future__ import annotations

import pytest

from projections.programme.giving import Rate


@pytest.mark.parametrize(
    ("minutes", "value", "supplier"),
    [
        (0, 0, 0),
        (390, 35_000, 30_000),
        (195, 17_500, 15_000),
        (60, 5_385, 4_615),
        (1, 90, 77),
        (390 * 13, 455_000, 390_000),
    ],
)
def test_a_day_is_six_and_a_half_hours(minutes: int, value: int, supplier: int) -> None:
    assert Rate().value_of(minutes) == (value, supplier)


def test_a_half_penny_goes_to_the_even_one() -> None:
    assert Rate(pence=1, supplier_pence=3).value_of(195) == (0, 2)


def test_what_is_left_of_the_rate_is_told_and_the_parts_add_up() -> None:
    told = Rate(pence=40_000, supplier_pence=30_000).to_json(confirmed=585, unconfirmed=390)
    assert (told["value_pence"], told["supplier_pence"], told["other_pence"]) == (60_000, 45_000, 15_000)
    assert told["unconfirmed_value_pence"] == 40_000
