"""Tempo: 1 up to the limit, 0 from three times the limit on; slow is not quiet, and holidays do not count."""

from __future__ import annotations

from fractions import Fraction

import pytest

from tests.ledger.domain.calendar.stories import AUTUMN, SPRING, set_by, terms
from tests.projections.health.stories import dimension, harbour
from tests.scenario import ADMIN


@pytest.mark.parametrize(
    ("day", "f"),
    [
        ("2026-08-31", None),  # not begun yet
        ("2026-10-15", None),  # 44 days: too early to say
        ("2026-10-16", Fraction(1)),  # 45 days, the limit
        ("2026-10-17", Fraction(89, 90)),
        ("2026-11-30", Fraction(1, 2)),  # 90 days
        ("2027-01-13", Fraction(1, 90)),
        ("2027-01-14", Fraction(0)),  # 135 days, three times the limit
        ("2027-08-31", Fraction(0)),
    ],
)
def test_where_nothing_was_confirmed_the_beginning_counts(day: str, f: Fraction | None) -> None:
    found = dimension(harbour(), "tempo", day)
    assert found.f == f
    assert found.why == (None if f is not None else "too early to say")


def test_one_confirmed_delivery_is_enough_to_tell() -> None:
    story = harbour().at("2026-09-10")
    story.gave("northfield", "ashfield", 60, "2026-09-10", "s1", "harbour")
    assert dimension(story, "tempo", "2026-09-10").f is None
    story.confirmed("ashfield", "s1")
    assert dimension(story, "tempo", "2026-09-09").f is None
    assert dimension(story, "tempo", "2026-09-10").f == 1


def test_twice_the_median_gap_makes_the_limit_longer() -> None:
    """Gaps of 30 and 60 days: their median is 45, the limit 90 days."""
    story = harbour().at("2026-12-30")
    for number, day in enumerate(["2026-10-01", "2026-10-31", "2026-12-30", "2026-12-30"]):
        story.exchanged("northfield", "ashfield", 60, day, f"s{number}", "harbour")
    assert dimension(story, "tempo", "2027-03-30").counted["limit_days"] == 90
    assert dimension(story, "tempo", "2027-03-30").f == 1
    assert dimension(story, "tempo", "2027-03-31").f == Fraction(179, 180)
    assert dimension(story, "tempo", "2027-09-25").f == Fraction(1, 180)
    assert dimension(story, "tempo", "2027-09-26").f == 0


def test_a_gap_that_left_the_window_is_forgotten() -> None:
    story = harbour().at("2026-12-30")
    for number, day in enumerate(["2026-10-01", "2026-12-30"]):
        story.exchanged("northfield", "ashfield", 60, day, f"s{number}", "harbour")
    assert dimension(story, "tempo", "2027-09-30").counted["limit_days"] == 180
    assert dimension(story, "tempo", "2027-10-01").counted["limit_days"] == 45


def test_every_basis_counts() -> None:
    story = harbour().at("2026-12-30")
    story.exchanged("northfield", "ashfield", 60, "2026-12-30", "s1", "harbour", basis="gift")
    assert dimension(story, "tempo", "2027-01-14").f == 1


def test_a_reversal_and_a_settlement_at_nothing_take_the_day_away() -> None:
    story = harbour().at("2026-12-30")
    story.exchanged("northfield", "ashfield", 60, "2026-12-30", "s1", "harbour")
    story.gave("northfield", "ashfield", 60, "2026-12-30", "s2", "harbour")
    story.disputed("ashfield", "s2")
    story.settled("northfield", "ashfield", 0, "s2")
    story.at("2027-01-20").reversed("northfield", "s1", "2027-01-15")
    assert dimension(story, "tempo", "2027-01-14").f == 1
    assert dimension(story, "tempo", "2027-01-15").f == 0


def test_days_outside_the_terms_do_not_count() -> None:
    """8 days of December and 7 of January: the holiday between them is passed over."""
    story = harbour()
    set_by(ADMIN, terms(AUTUMN, SPRING), story)
    story.at("2026-12-10").exchanged("northfield", "ashfield", 60, "2026-12-10", "s1", "harbour")
    assert dimension(story, "tempo", "2027-01-10").counted["days"] == 15


def test_the_terms_say_after_how_many_days_it_is_quiet() -> None:
    story = harbour(terms={"quiet_after_days": 10})
    assert dimension(story, "tempo", "2026-09-11").f == 1
    assert dimension(story, "tempo", "2026-09-21").f == Fraction(1, 2)
    assert dimension(story, "tempo", "2026-10-01").f == 0
