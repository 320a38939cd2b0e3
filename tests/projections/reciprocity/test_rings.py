"""Rings of three and more, by name only."""

from __future__ import annotations

from hypothesis import given, settings

from projections.reciprocity import rings as searching
from projections.reciprocity.flow import ways
from projections.reciprocity.rings import Rings, rings
from projections.reciprocity.settled import Given, core_of, netted
from tests.projections.reciprocity.test_flow import networks


def ringed(arcs: list[tuple[str, str]]) -> Rings:
    return rings(core_of(dict.fromkeys(arcs, 5)))


def test_a_ring_begins_with_its_smallest_id() -> None:
    assert ringed([("c", "a"), ("a", "b"), ("b", "c")]).found == (("a", "b", "c"),)


def test_what_hangs_on_a_ring_is_no_part_of_it() -> None:
    arcs = [("a", "b"), ("b", "c"), ("c", "a"), ("x", "a"), ("y", "x"), ("b", "z")]
    found = ringed(arcs)
    assert found.found == (("a", "b", "c"),)
    assert found.complete


def test_the_shortest_come_first() -> None:
    short, long = [("d", "e"), ("e", "f"), ("f", "d")], [("a", "b"), ("b", "c"), ("c", "g"), ("g", "a")]
    assert ringed([*short, *long]).found == (("d", "e", "f"), ("a", "b", "c", "g"))


def test_a_large_network_is_searched_in_part() -> None:
    rows = [(f"{ring:03}a", f"{ring:03}b", f"{ring:03}c") for ring in range(searching.MOST_RINGS + 1)]
    found = ringed([pair for a, b, c in rows for pair in ((a, b), (b, c), (c, a))])
    assert (len(found.found), found.complete) == (searching.MOST_RINGS, False)


@given(networks())
@settings(max_examples=150, deadline=None)
def test_something_comes_round_exactly_where_there_is_a_ring(passed: Given) -> None:
    left, share = netted(passed), ways(passed).comes_round
    found = rings(core_of(left))
    assert bool(share) == bool(found.found)
    for ring in found.found:
        assert len(ring) >= 3
        assert all(pair in left for pair in zip(ring, (*ring[1:], ring[0]), strict=True))
