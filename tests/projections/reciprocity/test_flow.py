"""Two-way, comes-round and one-way: the worked cases, and what holds for any network."""

from __future__ import annotations

from fractions import Fraction

import networkx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from projections.reciprocity.flow import TooMuch, net_positions, ways
from projections.reciprocity.settled import Given, netted

FOURTH: Given = {("A", "B"): 6, ("B", "A"): 2, ("B", "C"): 4, ("C", "A"): 3, ("A", "D"): 5, ("D", "C"): 1}


@pytest.mark.parametrize(
    ("passed", "whole", "two_way", "comes_round", "one_way"),
    [
        ({("a", "b"): 5, ("b", "c"): 5, ("c", "a"): 5}, 15, 0, 1, 0),
        ({("a", "b"): 10, ("b", "a"): 4}, 14, Fraction(8, 14), 0, Fraction(6, 14)),
        (
            {("a", "b"): 2, ("b", "a"): 7, ("a", "c"): 3, ("c", "b"): 4},
            16, Fraction(1, 4), Fraction(9, 16), Fraction(3, 16),
        ),
        (FOURTH, 21, Fraction(4, 21), Fraction(9, 21), Fraction(8, 21)),
        (
            {
                ("A", "B"): 1000, ("B", "C"): 500, ("C", "A"): 750, ("A", "D"): 300, ("D", "B"): 200, ("B", "A"): 100,
            },
            2850, Fraction(200, 2850), Fraction(1700, 2850), Fraction(950, 2850),
        ),
    ],
)  # fmt: skip
def test_the_worked_cases(passed: Given, whole: int, two_way: object, comes_round: object, one_way: object) -> None:
    found = ways(passed)
    assert found.minutes == whole
    assert (found.two_way, found.comes_round, found.one_way) == (two_way, comes_round, one_way)


def test_the_nets_of_the_fourth_case() -> None:
    assert net_positions(FOURTH) == {"A": 6, "B": 0, "C": -2, "D": -4}
    assert ways(FOURTH).cleared == Fraction(13, 21)
    assert ways(FOURTH).cleared_centrally == Fraction(15, 21)


def test_where_nothing_was_given_nothing_is_told() -> None:
    found = ways({})
    assert [found.two_way, found.comes_round, found.one_way, found.cleared, found.cleared_centrally] == [None] * 5


def test_a_pair_that_is_even_is_two_way() -> None:
    assert ways({("a", "b"): 7, ("b", "a"): 7}).two_way == 1


def test_amounts_beyond_the_solver_are_refused() -> None:
    with pytest.raises(TooMuch):
        ways({("a", "b"): 2**61 + 1, ("b", "c"): 2**61, ("c", "a"): 2**61})


def test_large_amounts_with_a_coarse_unit_are_solved() -> None:
    assert ways({("a", "b"): 5 * 10**18, ("b", "c"): 5 * 10**18, ("c", "a"): 10**18}).comes_round == Fraction(3, 11)


@st.composite
def networks(draw: st.DrawFn) -> Given:
    """Up to nine schools; few amounts, so that pairs and rings close often."""
    schools = st.sampled_from("abcdefghi"[: draw(st.integers(2, 9))])
    arcs = st.tuples(schools, schools).filter(lambda pair: pair[0] != pair[1])
    return draw(st.dictionaries(arcs, st.integers(1, 12) | st.integers(1, 10**9), max_size=30))


@given(networks())
@settings(max_examples=200, deadline=None)
def test_what_holds_for_any_network(passed: Given) -> None:
    found = ways(passed)
    if not passed:
        return
    two_way, comes_round, one_way = (found.two_way, found.comes_round, found.one_way)
    assert two_way is not None
    assert comes_round is not None
    assert one_way is not None
    assert two_way + comes_round + one_way == 1
    assert min(two_way, comes_round, one_way) >= 0
    nets = net_positions(passed)
    assert one_way >= Fraction(sum(net for net in nets.values() if net > 0), found.minutes)
    assert (one_way == 0) == (not any(nets.values()))
    assert found.moved == second_opinion(passed)


def second_opinion(passed: Given) -> int:
    """F* by another library's solver."""
    left = netted(passed)
    graph = networkx.DiGraph()
    graph.add_nodes_from((one, {"demand": -net}) for one, net in net_positions(left).items())
    graph.add_edges_from((a, b, {"capacity": minutes, "weight": 1}) for (a, b), minutes in left.items())
    if not left:
        return 0
    cost, _ = networkx.network_simplex(graph)
    return int(cost)
