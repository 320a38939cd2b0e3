"""The terms of a partnership: what is left out keeps its value; an amount comes to whole minutes by the tariff."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from fractions import Fraction
from typing import Any, get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.domain import shape
from ledger.domain.terms import (
    DEFAULT_TARIFF,
    DEFAULT_TERMS,
    DEFAULTS,
    Intended,
    TariffGiven,
    TermsGiven,
    complete,
    minutes_of,
    priced,
    terms_of,
)
from ledger.domain.values import Amount, Unit
from ledger.errors import ClaimMalformed
from tests.scenario import ref


def given_terms(**members: Any) -> TermsGiven:
    return shape.read(TermsGiven, members)


def wrong(**members: Any) -> set[tuple[str, str]]:
    with pytest.raises(ClaimMalformed) as caught:
        given_terms(**members)
    return {(error.pointer, error.code) for error in caught.value.errors}


def minutes(quantity: str, unit: Unit, tariff: TariffGiven = DEFAULT_TARIFF, least: int = 1) -> int:
    found = priced(Amount(quantity=quantity, unit=unit), tariff, "/data/amount", least).minutes
    assert found is not None
    return found


def refusal(quantity: str, unit: Unit, least: int = 1) -> tuple[str, str]:
    with pytest.raises(ClaimMalformed) as caught:
        minutes(quantity, unit, least=least)
    (error,) = caught.value.errors
    return error.pointer, error.code


@pytest.mark.parametrize(
    ("quantity", "unit", "expected"),
    [
        ("1", "minute", 1),
        ("1", "hour", 60),
        ("1", "lesson", 60),
        ("1", "session", 195),
        ("1", "half_day", 195),
        ("1", "day", 390),
        ("1", "twilight", 90),
        ("2", "day", 780),
        ("1.5", "hour", 90),
        ("0.25", "hour", 15),
        ("1/3", "hour", 20),
        ("2/3", "day", 260),
        ("1.50", "day", 585),
        ("10000", "hour", 600_000),
        ("600000", "minute", 600_000),
    ],
)
def test_an_amount_comes_to_minutes(quantity: str, unit: Unit, expected: int) -> None:
    assert minutes(quantity, unit) == expected


def test_two_sessions_are_six_and_a_half_hours_as_directed_time_is() -> None:
    assert minutes("2", "session") == minutes("6.5", "hour") == 390
    assert Fraction(1265, 195) * 60 // 1 == 389  # 6.487 hours a day, taken as 6.5


@pytest.mark.parametrize(
    ("quantity", "unit"), [("1/7", "hour"), ("0.5", "minute"), ("0.3333", "hour"), ("1/2", "session"), ("1.01", "hour")]
)
def test_fractions_of_a_minute_are_refused(quantity: str, unit: Unit) -> None:
    assert refusal(quantity, unit) == ("/data/amount/quantity", "fraction-of-a-minute")


@pytest.mark.parametrize("quantity", ["0", "0.0", "0/5"])
def test_nothing_is_no_amount_but_in_a_settlement(quantity: str) -> None:
    assert refusal(quantity, "hour") == ("/data/amount/quantity", "too-little")
    assert minutes(quantity, "hour", least=0) == 0


@pytest.mark.parametrize(("quantity", "unit"), [("600001", "minute"), ("10001", "hour"), ("999999", "day")])
def test_more_than_ten_thousand_hours_are_refused(quantity: str, unit: Unit) -> None:
    assert refusal(quantity, unit) == ("/data/amount/quantity", "too-much")


def test_the_words_of_the_amount_stay_as_they_were() -> None:
    amount = priced(Amount(quantity="1.50", unit="day"), DEFAULT_TARIFF, "/data/amount")
    assert amount == Amount(quantity="1.50", unit="day", minutes=585)


def test_the_tariff_of_an_agreement_is_the_one_agreed() -> None:
    tariff = complete(given_terms(tariff={"lesson": 50})).tariff
    assert tariff is not None
    assert (minutes("3", "lesson", tariff), minutes("3", "hour", tariff)) == (150, 180)


@given(st.integers(0, 999_999), st.integers(1, 9999), st.sampled_from(get_args(Unit)))
def test_minutes_are_exact_or_refused(numerator: int, denominator: int, unit: Unit) -> None:
    exact = minutes_of(f"{numerator}/{denominator}", unit, DEFAULT_TARIFF)
    each = 1 if unit == "minute" else getattr(DEFAULT_TARIFF, unit)
    assert exact * denominator == numerator * each
    try:
        assert minutes(f"{numerator}/{denominator}", unit) == exact
    except ClaimMalformed:
        assert exact.denominator != 1 or not 1 <= exact <= 600_000


def test_the_defaults() -> None:
    assert shape.write(DEFAULT_TERMS) == {
        "review_every_days": 90,
        "notice_days": 30,
        "break_dates": [],
        "tolerance_minutes": 600,
        "tolerance_ratio": "1/3",
        "tolerance_window_days": 60,
        "grace_days": 90,
        "quiet_after_days": 45,
        "confirm_within_days": 14,
        "half_life_days": 365,
        "intended": {"kind": "two_way"},
        "allow_immediate": False,
        "tariff": {"hour": 60, "lesson": 60, "session": 195, "half_day": 195, "day": 390, "twilight": 90},
    }
    assert (DEFAULTS.tolerance_ratio, DEFAULTS.challenge) == (Fraction(1, 3), None)


def test_what_is_left_out_keeps_its_value() -> None:
    first = complete(given_terms(notice_days=0, allow_immediate=True, challenge="We may ask for books"))
    second = complete(given_terms(notice_days=60, break_dates=["2027-07-20"]), onto=first)
    assert (second.notice_days, second.allow_immediate, second.challenge) == (60, True, "We may ask for books")
    assert second.break_dates == (date(2027, 7, 20),)
    assert complete(given_terms(break_dates=[], allow_immediate=False), onto=second) == replace(
        second, break_dates=(), allow_immediate=False
    )


def test_each_unit_of_the_tariff_keeps_its_value_too() -> None:
    first = complete(given_terms(tariff={"day": 360}))
    second = complete(given_terms(tariff={"lesson": 50}), onto=first)
    assert second.tariff == replace(DEFAULT_TARIFF, day=360, lesson=50)


def test_terms_in_force_are_complete() -> None:
    terms = terms_of(given_terms(tolerance_ratio="0.25", intended={"kind": "one_way", "from": ref("harbour")}))
    assert terms.tolerance_ratio == Fraction(1, 4)
    assert terms.intended == Intended(kind="one_way", from_=ref("harbour"))
    assert terms.quiet_after_days == 45


def test_completing_twice_changes_nothing() -> None:
    once = complete(given_terms(notice_days=14, tariff={"day": 360}))
    assert complete(once) == once == complete(once, onto=once)


@pytest.mark.parametrize(
    ("intended", "pointer"),
    [
        ({"kind": "one_way"}, "/data/intended/from"),
        ({"kind": "two_way", "from": ref("harbour")}, "/data/intended/from"),
        ({"kind": "round", "until": "2027-07-20"}, "/data/intended/until"),
    ],
)
def test_only_a_one_way_partnership_names_who_gives(intended: dict[str, str], pointer: str) -> None:
    assert {at for at, _ in wrong(intended=intended)} == {pointer}


@pytest.mark.parametrize(
    ("member", "value"),
    [
        ("notice_days", -1),
        ("notice_days", 3661),
        ("review_every_days", 0),
        ("quiet_after_days", 0),
        ("confirm_within_days", 0),
        ("half_life_days", 0),
        ("tolerance_minutes", -1),
        ("tolerance_minutes", 600_001),
        ("tolerance_ratio", "1/0"),
        ("tolerance_ratio", "-1/3"),
        ("tolerance_ratio", "33%"),
        ("tolerance_ratio", 1),
        ("allow_immediate", "yes"),
        ("break_dates", ["2027-02-30"]),
        ("tariff", {"day": 0}),
        ("tariff", {"day": 1441}),
        ("tariff", {"week": 1950}),
        ("intended", {"kind": "both"}),
        ("challenge", " "),
    ],
)
def test_terms_are_sound(member: str, value: Any) -> None:
    assert all(pointer.startswith(f"/data/{member}") for pointer, _ in wrong(**{member: value}))
