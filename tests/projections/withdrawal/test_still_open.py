"""What is open on a day: reviews owed, supports that ended with a membership, own offers and requests."""

from __future__ import annotations

from projections.withdrawal.still_open import OwedReview, still_open
from projections.withdrawal.way_out import way_out
from tests.projections.evidence_of import evidence
from tests.projections.giving import Story
from tests.projections.withdrawal.leaving import accounts, harbour, noticed, on, reviewed
from tests.scenario import ADMIN, coordinator, member, ref


def owed(story: Story, who: str, day: str) -> list[tuple[str, str, str]]:
    found: tuple[OwedReview, ...] = still_open(evidence(story, "harbour"), ref(who), on(day)).reviews
    return [(one.kind, one.task, one.due_on.isoformat()) for one in found]


def test_a_review_held_without_its_word_waits_for_it_for_28_days() -> None:
    story = harbour()
    reviewed(story, "2026-10-01", "northfield")
    assert owed(story, "ashfield", "2026-10-29") == [("partnership", "answer", "2026-11-30")]
    assert owed(story, "northfield", "2026-10-29") == []
    assert owed(story, "ashfield", "2026-10-30") == []


def test_the_usual_review_is_owed_once_its_day_has_come() -> None:
    assert owed(harbour(), "ashfield", "2026-11-29") == []
    assert owed(harbour(), "ashfield", "2026-11-30") == [("partnership", "hold", "2026-11-30")]
    assert owed(harbour(ends_on="2026-11-15"), "ashfield", "2026-12-30") == []


def test_a_peer_review_is_to_be_held_then_answered_and_moderated() -> None:
    story = harbour().at("2026-10-01").schools("elm")
    story.given(
        member("ashfield"), "review.scheduled", "p1", reviewed_id=ref("ashfield"), lead_id=ref("northfield"),
        reviewers=[{"organisation_id": ref("northfield")}], moderator_id=ref("brookside"),
        partnership_id=ref("harbour"), on="2026-10-20",
    )  # fmt: skip
    hold = [("peer", "hold", "2026-10-20")]
    assert [owed(story, who, "2026-10-19") for who in ("ashfield", "northfield", "brookside")] == [hold] * 3
    finding = {"finding_id": "f1", "area": "Maths", "judgement": "sound"}
    story.at("2026-10-20").given(member("northfield"), "review.completed", "p1", findings=[finding], on="2026-10-20")
    assert owed(story, "ashfield", "2026-10-21") == [("peer", "answer", "2026-10-20")]
    assert owed(story, "brookside", "2026-10-21") == [("peer", "moderate", "2026-10-20")]
    assert owed(story, "northfield", "2026-10-21") == []


def agreed(story: Story) -> None:
    """Ashfield offers Brookside six hours, which takes them; Ashfield has another offer open to all partners."""
    six = {"quantity": "6", "unit": "hour"}
    offered = {"giver_id": ref("ashfield"), "partnership_id": ref("harbour"), "category": "maths", "amount": six}
    named = {"to": "organisation", "organisation_id": ref("brookside")}
    said = {"summary": "A day together", "available_from": "2026-10-01", "basis": "exchange"}
    story.given(member("ashfield"), "support.offered", "s1", open_to=named, **offered, **said)
    story.given(
        member("brookside"), "support.agreed", "s1", receiver_id=ref("brookside"), starts_on="2026-10-01",
        ends_on="2026-12-01", basis="exchange", **offered,
    )  # fmt: skip
    until = {"available_until": "2026-11-15"}
    story.given(member("ashfield"), "support.offered", "s2", open_to={"to": "partnership"}, **offered, **said, **until)


def test_what_was_open_at_a_removal_ended_with_the_membership_and_stays_listed() -> None:
    story = harbour().at("2026-10-01")
    agreed(story)
    removed = {"organisation_id": ref("brookside"), "on": "2026-10-10", "removed": True, "reason": "No answer"}
    before = still_open(evidence(story, "harbour"), ref("brookside"), on("2026-10-09"))
    story.at("2026-10-10").given(coordinator("hub"), "partnership.partner_left", "harbour", **removed)
    after = still_open(evidence(story, "harbour"), ref("brookside"), on("2026-10-10"))
    assert [(one.support_id, one.side, one.state) for one in before.supports] == [(ref("s1"), "gets", "open")]
    assert [(one.support_id, one.state) for one in after.supports] == [(ref("s1"), "ended_with_membership")]


def test_an_offer_is_open_until_it_has_run_out() -> None:
    story = harbour().at("2026-10-01")
    agreed(story)
    known = evidence(story, "harbour")
    assert [one.support_id for one in still_open(known, ref("ashfield"), on("2026-11-15")).postings] == [ref("s2")]
    assert still_open(known, ref("ashfield"), on("2026-11-16")).postings == ()
    assert still_open(known, ref("brookside"), on("2026-11-15")).postings == ()


def test_a_notice_that_stands_says_the_day_of_leaving() -> None:
    story = harbour(terms={"allow_immediate": True})
    noticed(story, "ashfield", "2026-10-10", "2026-11-20")
    known, standing = evidence(story, "harbour"), accounts(story)

    def earliest(who: str, day: str) -> object:
        return way_out(known, standing, ref(who), on(day), on(day)).leaving.earliest_on

    assert earliest("ashfield", "2026-10-12") == on("2026-11-20")
    assert earliest("ashfield", "2026-10-09") == on("2026-10-09")
    assert earliest("northfield", "2026-10-12") == on("2026-10-12")


def test_what_a_successor_says_came_of_it_is_recorded() -> None:
    story = harbour().at("2026-10-12")
    story.exchanged("northfield", "ashfield", 60, "2026-10-12", "s1", "harbour")
    story.at("2026-11-10").schools("academy")
    story.given(ADMIN, "organisation.closed", "ashfield", on="2026-11-10", reason="Conversion")
    story.given(ADMIN, "organisation.succeeded", "ashfield", successor_id=ref("academy"), on="2026-11-10")
    before = way_out(evidence(story, "harbour"), accounts(story), ref("northfield"), on("2026-11-11"), on("2026-11-11"))
    outcome = {"impact": 2, "evidence": "The books show it", "assessed_on": "2026-11-11"}
    story.at("2026-11-11").given(member("academy"), "support.outcome_recorded", "s1", **outcome)
    after = way_out(evidence(story, "harbour"), accounts(story), ref("northfield"), on("2026-11-11"), on("2026-11-11"))
    assert [one.support_id for one in before.lessons] == [ref("s1")]
    assert (after.lessons, after.with_outcome) == ((), 1)
