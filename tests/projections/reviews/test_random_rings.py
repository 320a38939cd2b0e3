"""Whatever schools review each other: a ring is made of reviews, and a swap is one both ways."""

from __future__ import annotations

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from projections.reviews.measures import swaps_of
from projections.reviews.records import PeerReview
from projections.reviews.rings import rings_of

BEGIN = date(2026, 9, 1)
LATER = date(2036, 9, 1)


def reviews() -> SearchStrategy[list[PeerReview]]:
    """Up to twelve reviews among six schools over three years, each by one reviewer."""
    one = st.tuples(st.sampled_from("abcdef"), st.sampled_from("abcdef"), st.integers(0, 1095))
    several = st.lists(one.filter(lambda each: each[0] != each[1]), max_size=12)
    return several.map(lambda found: [review(f"r{number}", *each) for number, each in enumerate(found)])


def review(review_id: str, reviewed: str, reviewer: str, days: int) -> PeerReview:
    day = BEGIN + timedelta(days=days)
    return PeerReview(
        review_id=review_id, reviewed_id=reviewed, reviewer_ids=frozenset({reviewer}), lead_id=reviewer,
        moderator_id=None, partnership_id=None, framework_id=None, support_id=None, planned_on=day, scheduled_on=day,
        scheduled_event=f"{review_id} planned", event_ids=(), held_on=day,
        held_event=f"{review_id} held",
    )  # fmt: skip


@given(reviews())
def test_each_step_of_a_ring_is_one_of_its_reviews(found: list[PeerReview]) -> None:
    by_id = {one.review_id: one for one in found}
    rings = rings_of(found)
    for ring in rings:
        turn = ring.organisation_ids
        assert len(turn) == len(set(turn)) >= 3
        assert turn[0] == min(turn)
        steps = {(next(iter(by_id[one].reviewer_ids)), by_id[one].reviewed_id) for one in ring.review_ids}
        assert steps == set(zip(turn, (*turn[1:], turn[0]), strict=True))
    assert rings_of(found[::-1]) == rings


@given(reviews())
def test_a_swap_is_one_for_both(found: list[PeerReview]) -> None:
    swaps = {one.review_id: {other.review_id for other in swaps_of(one, found, LATER)} for one in found}
    assert all(one in swaps[other] for one, others in swaps.items() for other in others)
