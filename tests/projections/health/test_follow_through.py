"""Follow-through: what was delivered of what was last agreed, by the last agreed end."""

from __future__ import annotations

from fractions import Fraction

import pytest

from projections.health.dimension import Dimension
from tests.projections.giving import Story
from tests.projections.health.stories import HUB, agreed, delivered, dimension, harbour, missed, varied
from tests.scenario import member, ref

END = "2026-12-18"


def follow_through(story: Story, day: str = END) -> Dimension:
    return dimension(story, "follow_through", day)


@pytest.fixture
def promise() -> Story:
    """600 minutes agreed on 1 October, to be delivered by 18 December."""
    story = harbour().at("2026-10-01")
    agreed(story, "s1", 600, END)
    return story


def test_it_is_asked_on_the_last_day_and_for_364_days_after(promise: Story) -> None:
    delivered(promise.at("2026-10-05"), "s1", 450)
    assert follow_through(promise, "2026-12-17").f is None
    assert follow_through(promise, "2026-12-18").f == Fraction(3, 4)
    assert follow_through(promise, "2027-12-17").f == Fraction(3, 4)
    assert follow_through(promise, "2027-12-18").f is None


def test_every_agreement_counts_alike_and_none_for_more_than_was_agreed(promise: Story) -> None:
    agreed(promise, "s2", 60, END)
    delivered(promise, "s1", 600)
    delivered(promise, "s1", 60, "d2")
    assert follow_through(promise).f == Fraction(1, 2)


def test_what_came_after_the_end_is_too_late_and_what_is_queried_counts(promise: Story) -> None:
    delivered(promise.at("2026-12-18"), "s1", 150)
    promise.disputed("ashfield", "s1")
    delivered(promise.at("2026-12-19"), "s1", 300, "d2")
    assert follow_through(promise, "2026-12-19").f == Fraction(1, 4)


def test_a_reversal_takes_back_and_a_settlement_counts_with_what_was_settled(promise: Story) -> None:
    delivered(promise, "s1", 300, "d1")
    promise.confirmed("ashfield", "s1")
    delivered(promise, "s1", 300, "d2")
    promise.when(member("ashfield"), "support.delivery_disputed", "s1", delivery_id="d2", reason="It was shorter")
    half = {"quantity": "150", "unit": "minute"}
    promise.given(
        member("northfield"), "support.settlement_proposed", "s1",
        settlement_id="x1", delivery_id="d2", amount=half, reason="Half of it",
    )  # fmt: skip
    promise.given(member("ashfield"), "support.dispute_settled", "s1", settlement_id="x1")
    promise.at("2027-01-10").reversed("northfield", "s1", "2027-01-10")
    assert follow_through(promise, "2027-01-09").f == Fraction(3, 4)
    assert follow_through(promise, "2027-01-10").f == Fraction(1, 4)


@pytest.mark.parametrize("because", ["receiver_away", "illness", "weather", "inspection"])
def test_a_visit_missed_for_these_reasons_need_not_be_made_up(promise: Story, because: str) -> None:
    delivered(promise, "s1", 300)
    missed(promise.at("2026-11-05"), "s1", 300, because)
    found = follow_through(promise)
    assert found.f == 1
    assert found.counted["missed"] == [{"organisation_id": ref("northfield"), "visits": 1, "minutes": 300}]


@pytest.mark.parametrize("because", ["giver_away", "other"])
def test_a_visit_missed_for_other_reasons_must_be(promise: Story, because: str) -> None:
    delivered(promise, "s1", 300)
    missed(promise.at("2026-11-05"), "s1", 300, because, "ashfield")
    assert follow_through(promise).f == Fraction(1, 2)
    assert follow_through(promise).counted["missed"] == []


def test_a_missed_visit_that_a_variation_followed_is_in_what_was_agreed_since(promise: Story) -> None:
    delivered(promise, "s1", 300)
    missed(promise.at("2026-11-05"), "s1", 300, "illness")
    varied(promise.at("2026-11-10"), "s1", ends_on="2027-01-15")
    assert follow_through(promise, "2027-01-15").f == Fraction(1, 2)
    missed(promise.at("2026-11-20"), "s1", 200, "weather")
    assert follow_through(promise, "2027-01-15").f == Fraction(3, 4)


def test_where_both_sides_record_the_same_day_it_is_one_visit(promise: Story) -> None:
    delivered(promise, "s1", 150)
    missed(promise.at("2026-11-05"), "s1", 300, "illness", "northfield")
    missed(promise, "s1", 200, "receiver_away", "ashfield")
    found = follow_through(promise)
    assert found.f == Fraction(1, 2)
    said = [(one["organisation_id"], one["minutes"]) for one in found.counted["missed"]]
    assert sorted(said) == sorted([(ref("northfield"), 300), (ref("ashfield"), 200)])


def test_nothing_left_to_deliver_is_all_of_it(promise: Story) -> None:
    missed(promise.at("2026-11-05"), "s1", 600, "inspection")
    assert follow_through(promise).f == 1


def test_a_missed_visit_that_was_withdrawn_is_none(promise: Story) -> None:
    delivered(promise, "s1", 300)
    event_id = missed(promise.at("2026-11-05"), "s1", 300, "illness")
    promise.given(member("northfield"), "support.entry_withdrawn", "s1", event_id=event_id, reason="Another school")
    assert follow_through(promise).f == Fraction(1, 2)


def test_the_last_agreed_amount_and_end_hold_from_the_day_both_said_so(promise: Story) -> None:
    delivered(promise, "s1", 300)
    varied(promise.at("2026-12-10"), "s1", amount={"quantity": "300", "unit": "minute"}, ends_on="2026-12-31")
    assert follow_through(promise, "2026-12-18").f is None
    assert follow_through(promise, "2026-12-31").f == 1


def test_what_was_cancelled_and_what_is_no_exchange_is_out(promise: Story) -> None:
    agreed(promise, "gift", 60, END, basis="gift")
    promise.given(member("ashfield"), "support.cancelled", "s1", reason="No time")
    assert follow_through(promise).f is None
    assert follow_through(promise).why == "no agreement came to its end in the last 365 days"


@pytest.mark.parametrize(("day", "f"), [("2026-12-17", None), ("2026-12-18", None), ("2026-12-19", Fraction(0))])
def test_a_removal_before_its_end_takes_it_out(promise: Story, day: str, f: Fraction | None) -> None:
    removal = {"organisation_id": ref("ashfield"), "on": day, "removed": True, "reason": "It does not answer"}
    promise.at(day).given(HUB, "partnership.partner_left", "harbour", **removal)
    assert follow_through(promise, "2027-01-01").f == f


def test_after_a_closing_nothing_is_looked_at_that_would_have_ended_later(promise: Story) -> None:
    agreed(promise, "s2", 600, "2026-11-30")
    delivered(promise, "s2", 300)
    promise.confirmed("ashfield", "s2")
    closing = {"reason": "by_agreement", "on": "2026-12-01", "lessons": "Plan less"}
    promise.at("2026-12-01").given(HUB, "partnership.closed", "harbour", **closing)
    found = follow_through(promise, "2026-12-18")
    assert (found.f, found.counted["agreements"]) == (Fraction(1, 2), 1)
