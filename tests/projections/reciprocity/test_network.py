"""Reciprocity counted by arcs, against published counts."""

from __future__ import annotations

from fractions import Fraction

import pytest

from projections.reciprocity.network import Arcs, arcs_of


@pytest.mark.parametrize(
    ("arcs", "reciprocated", "r", "dyads"),
    [(190, 90, Fraction(9, 19), 0.3103448), (102, 46, Fraction(23, 51), 0.2911392)],
)
def test_advice_and_friendship_among_21_managers(arcs: int, reciprocated: int, r: Fraction, dyads: float) -> None:
    """Krackhardt's counts."""
    found = Arcs(arcs=arcs, reciprocated=reciprocated, members=21)
    assert found.arc_reciprocity == r
    assert found.dyad_reciprocity == r / (2 - r)
    assert float(found.dyad_reciprocity or 0) == pytest.approx(dyads, abs=5e-8)
    density = Fraction(arcs, 21 * 20)
    assert found.reciprocity_beyond_chance == (r - density) / (1 - density)


def test_arcs_are_counted_by_direction() -> None:
    arcs = {("a", "b"), ("b", "a"), ("b", "c")}
    assert arcs_of(arcs, {"a", "d"}) == Arcs(arcs=3, reciprocated=2, members=4)


def test_where_nobody_gives_nothing_is_told() -> None:
    found = arcs_of(set(), {"a", "b"})
    assert (found.arc_reciprocity, found.dyad_reciprocity, found.reciprocity_beyond_chance) == (None, None, None)
    assert set(found.why().values()) == {"no_arcs"}
    assert len(found.why()) == 3


@pytest.mark.parametrize("members", [0, 1])
def test_fewer_than_two_have_no_density(members: int) -> None:
    found = arcs_of(set(), ["a"][:members])
    assert found.density is None
    assert found.why()["density"] == "fewer_than_two_members"


def test_where_everybody_gives_everybody_chance_says_nothing() -> None:
    found = arcs_of({("a", "b"), ("b", "a")}, ())
    assert [found.arc_reciprocity, found.density, found.reciprocity_beyond_chance] == [1, 1, None]
    assert found.why() == {"reciprocity_beyond_chance": "everybody_gives_everybody"}
