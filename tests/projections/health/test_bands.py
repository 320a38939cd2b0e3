"""The bands of the published instrument, on both of its scales, and the means of published series."""

from __future__ import annotations

from fractions import Fraction

import pytest

from projections.health.bands import WORDS, band_of, band_or_unknown
from projections.health.instrument import Sum


@pytest.mark.parametrize(
    ("share", "band"),
    [
        (Fraction(0), "below_50"),
        (Fraction(50, 140) - Fraction(1, 10**12), "below_50"),
        (Fraction(50, 140), "from_50"),
        (Fraction(92, 140) - Fraction(1, 10**12), "from_50"),
        (Fraction(92, 140), "from_92"),
        (Fraction(1), "from_92"),
    ],
)
def test_a_cut_point_belongs_to_the_band_above_it(share: Fraction, band: str) -> None:
    assert band_of(share) == band


def test_every_band_has_its_words() -> None:
    assert set(WORDS) == {"below_50", "from_50", "from_92", "unknown"}
    assert band_or_unknown(None) == "unknown"


@pytest.mark.parametrize(("total", "level"), [(0, 1), (49, 1), (50, 2), (91, 2), (92, 3), (140, 3)])
def test_the_items_of_0_to_4(total: int, level: int) -> None:
    assert Sum.on_scale(Fraction(total), lowest_item=0).level == level


@pytest.mark.parametrize(("total", "level"), [(35, 1), (84, 1), (85, 2), (126, 2), (127, 3), (175, 3)])
def test_the_items_of_1_to_5(total: int, level: int) -> None:
    assert Sum.on_scale(Fraction(total), lowest_item=1).level == level


@pytest.mark.parametrize(
    ("mean", "level"), [("125.1", 2), ("134.7", 3), ("136.0", 3), ("137.4", 3), ("139.6", 3), ("141.2", 3)]
)
def test_the_means_of_a_published_series(mean: str, level: int) -> None:
    assert Sum.on_scale(Fraction(mean), lowest_item=1).level == level


def test_what_a_partner_recorded_is_added_up() -> None:
    assert Sum.of([2] * 30 + [4] * 5).to_json() == {"total": 80, "total_1_to_5": 115, "level": 2, "band": "from_50"}
