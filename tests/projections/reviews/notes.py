"""The reviews of a story in memory, as the log would give their facts to whoever reads them."""

from __future__ import annotations

from typing import Any
from zoneinfo import ZoneInfo

from ledger.domain.dates import business_date
from projections.evidence.noted import Noted
from projections.reviews.records import PeerReview, fold_review
from tests.scenario import Scenario, member, ref

LONDON = ZoneInfo("Europe/London")
STRENGTH: dict[str, Any] = {"finding_id": "reading", "area": "Early reading", "judgement": "strength"}
TO_DEVELOP: dict[str, Any] = {
    "finding_id": "writing",
    "area": "Writing",
    "judgement": "to_develop",
    "evidence": "Books of two year groups",
    "next_step": "Plan a sequence together",
}


def noted(story: Scenario, review: str) -> list[Noted]:
    """The facts of one review with their positions and business dates."""
    state = story.states.get(("review", ref(review)))
    facts = [fact for fact in story.facts if fact.stream.id == ref(review)]
    return [Noted(fact.position, business_date(state, fact, LONDON), fact) for fact in facts]


def record(story: Scenario, review: str) -> PeerReview:
    found = fold_review(noted(story, review))
    assert found is not None
    return found


def planned(story: Scenario, reviewed: str, *reviewers: str, on: str, name: str = "", **more: Any) -> Scenario:
    """The reviewed asks the reviewers for a day, as the review `name` (else: `northfield by oakwood`)."""
    plan = {
        "reviewed_id": ref(reviewed),
        "reviewers": [{"organisation_id": ref(one)} for one in reviewers],
        "lead_id": ref(reviewers[0]),
        "on": on,
    }
    return story.given(member(reviewed), "review.scheduled", name or f"{reviewed} by {reviewers[0]}", **plan | more)


def held(story: Scenario, reviewed: str, reviewer: str, on: str, *findings: dict[str, Any]) -> Scenario:
    """A review that was planned for a day and held on it; it found a strength where nothing else is said."""
    planned(story.at(on), reviewed, reviewer, on=on)
    return story.given(
        member(reviewer), "review.completed", f"{reviewed} by {reviewer}", findings=findings or [STRENGTH], on=on
    )
