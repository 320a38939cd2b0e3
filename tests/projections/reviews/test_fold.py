"""The index of reviews: the same however its facts are cut."""

from __future__ import annotations

import pytest

from projections.reviews.fold import reviews_view
from projections.reviews.rows import ARISING, OPENED, PARTIES, REVIEWS
from tests.ledger.domain.review.stories import ANSWERED, COMPLETED, cluster, completed, plan
from tests.ledger.domain.support.stories import request
from tests.projections.memory import Memory
from tests.scenario import Scenario, coordinator, member, ref

VIEW = reviews_view()


def whole_story() -> Scenario:
    """Two reviews in a cluster; the first is answered, opened, and support is asked for because of it."""
    story = cluster("northfield", "oakwood", "ashfield")
    more = {"moderator_id": ref("elmwood"), "partnership_id": ref("cluster")}
    twice = [{"organisation_id": ref("oakwood")}, {"organisation_id": ref("ashfield")}]
    story.given(coordinator("hub"), "review.scheduled", "first", **plan() | more | {"reviewers": twice})
    story.given(member("ashfield"), "review.scheduled", "second", **plan("ashfield", "oakwood", on="2026-10-05"))
    story.at("2026-09-15").given(member("oakwood"), "review.completed", "first", **COMPLETED)
    story.given(member("northfield"), "review.answered", "first", **ANSWERED)
    story.given(member("northfield"), "review.shared", "first", with_=[ref("elmwood"), ref("hub")], parts="strengths")
    story.given(member("northfield"), "review.shared", "first", with_=[ref("elmwood")], parts="all")
    arising = {"review_id": ref("first"), "finding_id": "writing"}
    wanted = request(receiver_id=ref("northfield"), arising_from=arising)
    story.given(member("northfield"), "support.requested", "asked", **wanted)
    return story.given(member("northfield"), "support.requested", "asked too", **wanted)


def test_who_takes_part_in_what() -> None:
    kept = Memory(VIEW).fold(whole_story().facts)
    first, second = sorted(kept.all(REVIEWS), key=lambda row: row.known_from)
    assert (first.review_id, first.reviewed_id, first.moderator_id) == (ref("first"), ref("northfield"), ref("elmwood"))
    assert first.reviewer_ids == sorted([ref("oakwood"), ref("ashfield")])
    assert (first.partnership_id, second.partnership_id) == (ref("cluster"), None)
    parties = {row.organisation_id: row.known_from for row in kept.all(PARTIES) if row.review_id == ref("first")}
    assert set(parties) == {ref(name) for name in ("northfield", "oakwood", "ashfield", "elmwood")}
    assert set(parties.values()) == {first.known_from}


def test_to_whom_it_was_opened_and_what_arose() -> None:
    kept = Memory(VIEW).fold(whole_story().facts)
    assert sorted(row.organisation_id for row in kept.all(OPENED)) == sorted(
        [ref("hub"), ref("elmwood"), ref("elmwood")]
    )
    assert {(row.support_id, row.review_id, row.finding_id) for row in kept.all(ARISING)} == {
        (ref("asked"), ref("first"), "writing"),
        (ref("asked too"), ref("first"), "writing"),
    }


def test_a_request_that_arose_from_nothing_leaves_no_row() -> None:
    story = completed().given(member("ashfield"), "support.requested", "own", **request(receiver_id=ref("ashfield")))
    assert Memory(VIEW).fold(story.facts).all(ARISING) == []


@pytest.mark.parametrize("page", [1, 2, 3, 5])
def test_however_the_facts_are_cut(page: int) -> None:
    facts = whole_story().facts
    whole, cut = Memory(VIEW).fold(facts), Memory(VIEW).fold(facts, page)
    for table in VIEW.tables:
        assert cut.all(table) == whole.all(table)
        assert whole.all(table)
