"""Rings of schools that review each other in turn."""

from __future__ import annotations

from projections.reviews.records import PeerReview
from projections.reviews.rings import rings_of
from tests.projections.reviews.notes import held, planned, record
from tests.scenario import Scenario, member, ref


def reviews(*who: tuple[str, str, str]) -> list[PeerReview]:
    """The first was reviewed by the second on a day."""
    story = Scenario().schools("northfield", "oakwood", "ashfield", "elmwood")
    for reviewed, reviewer, on in sorted(who, key=lambda each: each[2]):
        held(story, reviewed, reviewer, on)
    return [record(story, f"{reviewed} by {reviewer}") for reviewed, reviewer, _ in who]


def test_three_schools_in_turn_are_one_ring() -> None:
    three = reviews(
        ("oakwood", "northfield", "2026-09-14"),
        ("ashfield", "oakwood", "2026-10-14"),
        ("northfield", "ashfield", "2026-11-14"),
    )
    [ring] = rings_of(three)
    start = min(ref("northfield"), ref("oakwood"), ref("ashfield"))
    turn = [ref("northfield"), ref("oakwood"), ref("ashfield")]
    first = turn.index(start)
    assert ring.organisation_ids == (*turn[first:], *turn[:first])
    assert ring.review_ids == tuple(sorted(one.review_id for one in three))
    assert rings_of(reversed(three)) == [ring]


def test_a_swap_is_no_ring() -> None:
    assert rings_of(reviews(("oakwood", "northfield", "2026-09-14"), ("northfield", "oakwood", "2026-10-14"))) == []


def test_a_ring_that_took_more_than_a_year_is_none() -> None:
    slow = reviews(
        ("oakwood", "northfield", "2026-09-14"),
        ("ashfield", "oakwood", "2027-09-15"),
        ("northfield", "ashfield", "2028-09-16"),
    )
    assert rings_of(slow) == []


def test_a_swap_inside_a_ring_does_not_hide_it() -> None:
    both = reviews(
        ("oakwood", "northfield", "2026-09-14"),
        ("northfield", "oakwood", "2026-09-21"),
        ("ashfield", "oakwood", "2026-10-14"),
        ("northfield", "ashfield", "2026-11-14"),
    )
    [ring] = rings_of(both)
    assert set(ring.organisation_ids) == {ref("northfield"), ref("oakwood"), ref("ashfield")}
    assert both[1].review_id not in ring.review_ids


def test_four_schools_and_only_what_was_held() -> None:
    story = Scenario().schools("northfield", "oakwood", "ashfield", "elmwood")
    for reviewed, reviewer, on in (
        ("oakwood", "northfield", "2026-09-14"),
        ("ashfield", "oakwood", "2026-09-15"),
        ("elmwood", "ashfield", "2026-09-16"),
    ):
        held(story, reviewed, reviewer, on)
    planned(story, "northfield", "elmwood", on="2026-10-01")
    names = ("oakwood by northfield", "ashfield by oakwood", "elmwood by ashfield", "northfield by elmwood")
    assert rings_of(record(story, one) for one in names) == []
    finding = {"finding_id": "f", "area": "Art", "judgement": "sound"}
    story.at("2026-10-01").given(
        member("elmwood"), "review.completed", "northfield by elmwood", findings=[finding], on="2026-10-01"
    )
    [ring] = rings_of(record(story, one) for one in names)
    assert len(ring.organisation_ids) == 4
