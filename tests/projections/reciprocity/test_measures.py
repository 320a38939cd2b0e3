"""Balances as plain arithmetic."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest

from projections.reciprocity.measures import Balance, Minutes, Sum, given_matrix, tally
from projections.shares import far_apart, to_json


def row(giver: str, receiver: str, minutes: int, **more: Any) -> Sum:
    plain = Sum(giver, receiver, "delivery", "exchange", "confirmed", "independent", minutes)
    return plain._replace(**more)


def test_an_organisation_has_two_sides() -> None:
    balance = Balance(minutes=tally([row("a", "b", 300), row("b", "a", 100)], {"a"}))
    assert (balance.minutes.given, balance.minutes.received) == (300, 100)
    assert (balance.net, balance.turnover, balance.standing) == (200, 400, 200)
    assert balance.balance_index == Fraction(1, 2)
    assert balance.exchange_ratio == 3 == (1 + Fraction(1, 2)) / (1 - Fraction(1, 2))


def test_settled_counts_as_confirmed_and_nothing_else_does() -> None:
    sums = [
        row("a", "b", 10, status="settled"),
        row("a", "b", 20, status="claimed"),
        row("b", "a", 30, status="disputed"),
        row("a", "b", 40, status="attested"),
    ]
    minutes = tally(sums, {"a"})
    assert minutes == Minutes(given=10, independent_given=10, claimed=20, disputed_received=30, attested=40)
    assert Balance(minutes=minutes).concordance == Fraction(10, 70)
    assert Balance(minutes=minutes, both_ways=True).concordance == Fraction(10, 100)


@pytest.mark.parametrize(("basis", "name"), [("gift", "gifts"), ("paid", "paid"), ("funded", "funded")])
def test_other_bases_stand_beside(basis: str, name: str) -> None:
    sums = [
        row("a", "b", 60, basis=basis),
        row("b", "a", 7, basis=basis),
        row("a", "b", 5, basis=basis, status="claimed"),
        row("b", "a", 9, basis=basis, status="claimed"),
    ]
    assert tally(sums, {"a"}) == Minutes(**{f"{name}_given": 60, f"{name}_received": 7, f"{name}_claimed": 5})


def test_what_was_agreed_about_the_past_moves_the_standing_alone() -> None:
    sums = [
        row("a", "b", 100),
        row("a", "b", 50, kind="brought_forward"),
        row("b", "a", 120, kind="disposal"),
    ]
    a, b = Balance(minutes=tally(sums, {"a"})), Balance(minutes=tally(sums, {"b"}))
    assert (a.net, a.minutes.brought_forward, a.minutes.disposed, a.standing) == (100, 50, -120, 30)
    assert (b.net, b.minutes.brought_forward, b.minutes.disposed, b.standing) == (-100, -50, 120, -30)


def test_two_registrations_of_one_organisation_do_not_give_each_other() -> None:
    assert tally([row("a", "a2", 60), row("a2", "b", 30)], {"a", "a2"}) == Minutes(given=30, independent_given=30)


def test_where_nothing_passed_nothing_is_told_and_why() -> None:
    told = Balance(minutes=Minutes()).to_json()
    assert [told[name] for name in ("balance_index", "exchange_ratio", "concordance")] == [None, None, None]
    assert told["why"] == {
        "balance_index": "nothing_confirmed",
        "exchange_ratio": "nothing_received",
        "concordance": "nothing_given",
    }


@pytest.mark.parametrize(
    ("given", "received", "warnings"),
    [
        (200, 100, ()),
        (201, 100, ("gives_beyond_tolerance",)),
        (100, 200, ()),
        (100, 201, ("gets_beyond_tolerance",)),
        (0, 0, ()),
    ],
)
def test_a_warning_begins_beyond_twice_as_much(given: int, received: int, warnings: tuple[str, ...]) -> None:
    assert Balance(minutes=Minutes(given=given, received=received)).warnings == warnings


def test_the_terms_say_another_tolerance() -> None:
    assert Balance(minutes=Minutes(given=3, received=1), tolerance_ratio=Fraction(1, 2)).warnings == ()
    assert Balance(minutes=Minutes(given=4, received=1), tolerance_ratio=Fraction(1, 2)).warnings != ()


def test_independent_figures_are_shown_where_they_differ() -> None:
    sums = [row("a", "b", 100), row("b", "a", 100, independence="same_trust")]
    told = Balance(minutes=tally(sums, {"a"})).to_json()
    assert told["balance_index"] == {"fraction": "0/1", "value": 0.0}
    assert told["independent"]["balance_index"] == {"fraction": "1/1", "value": 1.0}
    assert told["independent"]["why"] == {"exchange_ratio": "nothing_received"}
    alike = Balance(minutes=tally([row("a", "b", 100), row("b", "a", 100)], {"a"})).to_json()
    assert "independent" not in alike


def test_a_figure_that_cannot_be_told_differs_from_one_that_can() -> None:
    assert far_apart(None, Fraction(0))
    assert not far_apart(None, None)
    assert not far_apart(Fraction(1, 10), Fraction(0))
    assert far_apart(Fraction(11, 100), Fraction(0))


def test_shares_are_rounded_half_to_even() -> None:
    assert to_json(Fraction(4, 21)) == {"fraction": "4/21", "value": 0.190476}
    assert to_json(Fraction(1, 2_000_000)) == {"fraction": "1/2000000", "value": 0.0}
    assert to_json(Fraction(3, 2_000_000)) == {"fraction": "3/2000000", "value": 0.000002}
    assert to_json(None) is None


def test_the_matrix_holds_confirmed_exchange_alone() -> None:
    sums = [
        row("b", "a", 5),
        row("a", "b", 10),
        row("a", "b", 3, status="settled", independence=None),
        row("a", "b", 99, status="claimed"),
        row("a", "b", 99, basis="gift"),
        row("a", "b", 99, kind="disposal"),
    ]
    assert given_matrix(sums) == {("a", "b"): 13, ("b", "a"): 5}
