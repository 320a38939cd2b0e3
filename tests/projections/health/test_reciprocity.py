"""Reciprocity: what was two-way or came round, once it is not too early to say."""

from __future__ import annotations

from fractions import Fraction

from tests.ledger.domain.calendar.stories import AUTUMN, set_by, terms
from tests.projections.health.stories import dimension, harbour
from tests.scenario import ADMIN, ref


def test_a_pair_of_ten_and_four_is_eight_fourteenths() -> None:
    story = harbour().at("2026-10-01")
    story.exchanged("northfield", "ashfield", 10, "2026-10-01", "s1", "harbour")
    story.exchanged("ashfield", "northfield", 4, "2026-10-01", "s2", "harbour")
    story.exchanged("ashfield", "northfield", 6, "2026-10-01", "gift", "harbour", basis="gift")
    story.exchanged("ashfield", "northfield", 6, "2026-10-01", "elsewhere")
    assert dimension(story, "reciprocity", "2026-11-30").f == Fraction(8, 14)


def test_a_ring_comes_round() -> None:
    story = harbour().at("2026-10-01")
    story.exchanged("northfield", "ashfield", 5, "2026-10-01", "s1", "harbour")
    story.exchanged("ashfield", "brookside", 5, "2026-10-01", "s2", "harbour")
    story.exchanged("brookside", "northfield", 5, "2026-10-01", "s3", "harbour")
    found = dimension(story, "reciprocity", "2026-11-30")
    assert found.f == 1
    assert (found.counted["two_way"], found.counted["comes_round"]) == (0, 1)


def test_on_the_last_day_of_grace_it_is_too_early_to_say() -> None:
    """89 days after the beginning; on the next, 90 days have passed."""
    story = harbour().at("2026-10-01")
    story.exchanged("northfield", "ashfield", 60, "2026-10-01", "s1", "harbour")
    assert dimension(story, "reciprocity", "2026-11-29").why == "too early to say"
    assert dimension(story, "reciprocity", "2026-11-29").f is None
    assert dimension(story, "reciprocity", "2026-11-30").f == 0


def test_without_days_of_grace_it_is_told_at_once() -> None:
    story = harbour(terms={"grace_days": 0})
    story.exchanged("northfield", "ashfield", 60, "2026-09-01", "s1", "harbour")
    assert dimension(story, "reciprocity", "2026-09-01").f == 0


def test_where_it_is_meant_to_go_one_way_it_is_not_measured_until_the_last_day_of_that() -> None:
    intended = {"kind": "one_way", "from": ref("northfield"), "until": "2027-01-31"}
    story = harbour(terms={"intended": intended}).at("2026-10-01")
    story.exchanged("northfield", "ashfield", 60, "2026-10-01", "s1", "harbour")
    assert dimension(story, "reciprocity", "2026-09-01").why == "one way by agreement"
    assert dimension(story, "reciprocity", "2027-01-31").why == "one way by agreement"
    assert dimension(story, "reciprocity", "2027-02-01").f == 0


def test_what_was_given_on_the_first_of_365_days_counts_and_the_day_before_does_not() -> None:
    story = harbour().at("2026-10-01")
    story.exchanged("northfield", "ashfield", 60, "2026-10-01", "s1", "harbour")
    assert dimension(story, "reciprocity", "2027-09-30").f == 0
    assert dimension(story, "reciprocity", "2027-10-01").f is None
    assert dimension(story, "reciprocity", "2027-10-01").why == "nothing confirmed in the last 365 days"


def test_what_only_its_giver_says_counts_for_nothing() -> None:
    story = harbour().at("2026-10-01")
    story.gave("northfield", "ashfield", 60, "2026-10-01", "s1", "harbour")
    assert dimension(story, "reciprocity", "2026-11-30").f is None


def test_the_last_day_of_grace_stands_in_the_terms_of_the_school_year() -> None:
    """Of 30 days of grace none passes before the term begins on 11 September: on 10 October all have."""
    story = harbour(terms={"grace_days": 30}, starts_on="2026-09-01")
    set_by(ADMIN, terms(AUTUMN | {"starts_on": "2026-09-11"}), story)
    story.at("2026-10-01").exchanged("northfield", "ashfield", 60, "2026-10-01", "s1", "harbour")
    assert dimension(story, "reciprocity", "2026-10-09").why == "too early to say"
    assert dimension(story, "reciprocity", "2026-10-10").f == 0
