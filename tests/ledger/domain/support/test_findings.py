"""A request may arise from what a peer review found."""

from __future__ import annotations

from ledger.domain.refusals import UnknownReference
from tests.ledger.domain.support.stories import ASHFIELD, NORTHFIELD, OAKWOOD, request, schools
from tests.scenario import Scenario, ref, refused


def reviewed() -> Scenario:
    """Northfield reviewed Oakwood and found something to develop."""
    story = schools().given(
        OAKWOOD,
        "review.scheduled",
        "review",
        reviewed_id=ref("oakwood"),
        reviewers=[{"organisation_id": ref("northfield")}],
        lead_id=ref("northfield"),
        on="2026-09-01",
    )
    finding = {
        "finding_id": "f1",
        "area": "Fractions",
        "judgement": "to_develop",
        "evidence": "Books",
        "next_step": "Plan",
    }
    return story.given(NORTHFIELD, "review.completed", "review", findings=[finding], on="2026-09-01")


def arising(finding_id: str, review: str = "review") -> dict[str, str]:
    return {"review_id": ref(review), "finding_id": finding_id}


def test_a_request_arises_from_a_finding_about_the_school_itself() -> None:
    fact = reviewed().when(OAKWOOD, "support.requested", "request", **request(arising_from=arising("f1")))
    assert fact.data.arising_from.finding_id == "f1"


def test_the_finding_is_one_of_the_review() -> None:
    with refused(UnknownReference, id="f2"):
        reviewed().when(OAKWOOD, "support.requested", "request", **request(arising_from=arising("f2")))


def test_the_review_was_completed() -> None:
    with refused(UnknownReference, id=ref("other")):
        reviewed().when(OAKWOOD, "support.requested", "request", **request(arising_from=arising("f1", "other")))


def test_nobody_asks_on_the_ground_of_another_schools_review() -> None:
    mine = request(receiver_id=ref("ashfield"), arising_from=arising("f1"))
    with refused(UnknownReference, id=ref("review")):
        reviewed().when(ASHFIELD, "support.requested", "request", **mine)
