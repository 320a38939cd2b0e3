"""On how few the giving rests."""

from __future__ import annotations

from fractions import Fraction

import pytest

from projections.reciprocity.concentration import Concentration, giving
from projections.reciprocity.measured import measured
from projections.reciprocity.persons import ByPeople, giving_of_people, people_to_json
from projections.reciprocity.settled import without
from tests.projections.reciprocity.test_flow import FOURTH


def test_the_fourth_case() -> None:
    found = giving(FOURTH, ())
    assert float(found.gini_raw or 0) == pytest.approx(0.392857, abs=5e-7)
    assert found.gini == Fraction(11, 21)
    assert float(found.hhi or 0) == pytest.approx(0.378685, abs=5e-7)
    assert found.effective_givers == Fraction(441, 167)
    assert float(found.largest_share or 0) == pytest.approx(0.523810, abs=5e-7)
    assert found.largest == "A"


def test_members_who_gave_nothing_are_counted() -> None:
    assert giving({("a", "b"): 5}, {"c"}).by_giver == {"a": 5, "b": 0, "c": 0}
    assert giving({("a", "b"): 5}, {"c"}).gini == 1


def test_everybody_gives_alike() -> None:
    found = giving({("a", "b"): 5, ("b", "a"): 5}, ())
    assert [found.gini, found.hhi, found.effective_givers] == [0, Fraction(1, 2), 2]


def test_ties_go_to_the_smallest_id() -> None:
    assert giving({("b", "a"): 5, ("a", "b"): 5}, ()).largest == "a"


def test_a_single_member_has_no_gini() -> None:
    told = Concentration(by_giver={"a": 5}, total=5).to_json()
    assert told["gini"] is None
    assert told["why"] == {"gini": "one_member"}
    assert told["largest_share"] == {"fraction": "1/1", "value": 1.0}


def test_where_nobody_gave_nothing_is_told() -> None:
    told = giving({}, {"a", "b"}).to_json()
    names = ("gini", "gini_raw", "hhi", "effective_givers", "largest_share")
    assert told == dict.fromkeys(names) | {"why": dict.fromkeys(names, "nothing_confirmed")}


def test_if_the_largest_giver_could_not_give() -> None:
    assert without(FOURTH, "A") == {("B", "C"): 4, ("D", "C"): 1}
    left = measured(FOURTH).figures()["without_largest_giver"]
    assert (left["giver_id"], left["minutes"]) == ("A", 5)
    assert [left[name]["fraction"] for name in ("two_way", "comes_round", "one_way")] == ["0/1", "0/1", "1/1"]


def test_without_the_only_giver_nothing_is_left() -> None:
    left = measured({("a", "b"): 5}).figures()["without_largest_giver"]
    assert (left["minutes"], left["one_way"]) == (0, None)
    assert left["why"]["one_way"] == "nothing_left"


def test_people_share_what_they_gave_together_and_the_unnamed_are_in_the_whole() -> None:
    rows = [
        ByPeople("a", "b", ["p1", "p2"], 61),
        ByPeople("b", "a", ["p3"], 30),
        ByPeople("a", "b", [], 9),
    ]
    found = giving_of_people(rows)
    assert found.by_giver == {"p1": Fraction(61, 2), "p2": Fraction(61, 2), "p3": 30}
    assert found.total == 100
    assert found.largest_share == Fraction(61, 200)
    told = people_to_json(rows)
    assert (told["people"], told["named_minutes"], told["unnamed_minutes"]) == (3, 91, 9)
    assert (told["without_largest"]["minutes"], told["without_largest"]["two_way"]["fraction"]) == (39, "6/13")
    assert "p1" not in str(told)


def test_where_nobody_is_named_nothing_is_told_of_people() -> None:
    told = people_to_json([ByPeople("a", "b", [], 9)])
    assert (told["people"], told["unnamed_minutes"], told["largest_share"], told["without_largest"]) == (
        0,
        9,
        None,
        None,
    )
