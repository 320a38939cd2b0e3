"""Stretches of days are found by looking only where something may change."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as some

from projections.withdrawal.quiet import first_true
from projections.withdrawal.spells import Spell, spells


@given(some.sets(some.integers(0, 60)), some.integers(0, 60), some.integers(0, 60))
def test_spells_are_what_looking_at_every_day_finds(days: set[int], first: int, last: int) -> None:
    changes = [day for day in range(62) if (day in days) != (day - 1 in days)]
    found = list(spells(days.__contains__, changes, first, last))
    assert {day for spell in found for day in range(spell.first, spell.last + 1)} == {
        day for day in days if first <= day <= last
    }
    assert all(one.last + 1 < other.first for one, other in pairwise(found))


def test_a_stretch_that_goes_on_ends_with_the_last_day() -> None:
    assert list(spells(lambda day: day >= 3, [3], 1, 9)) == [Spell(3, 9)]


@given(some.integers(0, 40), some.integers(0, 40))
def test_the_first_day_of_what_stays_true(first: int, length: int) -> None:
    last = first + length
    for begin in range(first, last + 1):
        assert first_true(begin.__le__, first, last) == begin
