"""One organisation's own share of what comes back: from the same partner, or round through others."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from projections.landscape.circling import OwnWays, own_ways
from projections.reciprocity.flow import ways

Given = dict[tuple[str, str], int]
ARCS = [(a, b) for a in "abcd" for b in "abcd" if a != b]


@pytest.mark.parametrize(
    ("given", "turnover", "returned", "comes_round"),
    [
        ({}, 0, 0, 0),
        ({("b", "c"): 9}, 0, 0, 0),
        ({("a", "b"): 10}, 10, 0, 0),
        ({("a", "b"): 10, ("b", "a"): 4}, 14, 8, 0),
        ({("a", "b"): 5, ("b", "c"): 5, ("c", "a"): 5}, 10, 0, 10),
        ({("a", "b"): 5, ("b", "c"): 3, ("c", "a"): 5}, 10, 0, 6),
        ({("a", "b"): 2, ("b", "a"): 7, ("a", "c"): 3, ("c", "b"): 4}, 12, 4, 6),
        ({("a", "b"): 4, ("b", "c"): 4, ("b", "d"): 4, ("c", "a"): 2, ("d", "a"): 2}, 8, 0, 8),
    ],
)
def test_what_is_returned_and_what_comes_round(given: Given, turnover: int, returned: int, comes_round: int) -> None:
    assert own_ways("a", given) == OwnWays(turnover=turnover, returned=returned, round=comes_round)


def test_its_share_is_of_its_own_turnover_alone() -> None:
    given = {("a", "b"): 10, ("b", "a"): 4, ("c", "d"): 100, ("d", "c"): 100}
    assert own_ways("a", given).f == Fraction(8, 14)
    assert own_ways("c", given).f == 1
    assert own_ways("e", given).f is None


@given(st.dictionaries(st.sampled_from(ARCS), st.integers(1, 50)))
def test_everybody_s_share_is_1_exactly_where_the_whole_clears(given: Given) -> None:
    members = {one for pair in given for one in pair}
    own = {one: own_ways(one, given) for one in members}
    assert all(each.f is not None and 0 <= each.f <= 1 for each in own.values())
    if given and ways(given).one_way == 0:
        assert {each.f for each in own.values()} == {1}
    assert sum(each.returned for each in own.values()) == 2 * (ways(given).minutes - ways(given).netted)
