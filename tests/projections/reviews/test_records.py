"""One peer review, folded of its facts."""

from __future__ import annotations

from datetime import date

from projections.reviews.records import fold_review
from tests.ledger.domain.review.stories import answered, cluster, completed, scheduled, scheduled_by_hub
from tests.projections.reviews.notes import noted, record
from tests.scenario import Scenario, member, ref


def test_a_review_that_is_only_planned_was_not_held() -> None:
    review = record(scheduled(), "review")
    assert (review.reviewed_id, review.lead_id, review.moderator_id) == (
        ref("northfield"),
        ref("oakwood"),
        ref("ashfield"),
    )
    assert (review.planned_on, review.scheduled_on, review.held_on) == (date(2026, 9, 14), date(2026, 9, 1), None)
    assert review.parties == {ref("northfield"), ref("oakwood"), ref("ashfield")}
    assert review.sides == {ref("northfield"), ref("oakwood")}


def test_what_was_found_answered_moderated_and_opened() -> None:
    story = answered().given(member("ashfield"), "review.moderated", "review", verdict="upheld", comment="It bears out")
    story.given(member("northfield"), "review.shared", "review", with_=[ref("elmwood")], parts="summary")
    review = record(story, "review")
    assert review.held_on == date(2026, 9, 14)
    assert [(one.finding_id, one.judgement) for one in review.findings] == [
        ("reading", "strength"), ("writing", "to_develop"),
    ]  # fmt: skip
    assert review.answered is not None
    assert {one: reply.accepted for one, reply in review.answered.findings.items()} == {"writing": True}
    assert review.moderated is not None
    assert review.moderated.verdict == "upheld"
    assert [(one.with_ids, one.parts) for one in review.shared] == [(frozenset({ref("elmwood")}), "summary")]
    assert review.event_ids == tuple(fact.event_id for fact in story.facts if fact.stream.kind == "review")


def test_as_of_a_day_only_what_had_happened() -> None:
    story = answered().given(member("ashfield"), "review.moderated", "review", verdict="upheld", comment="It bears out")
    review = record(story, "review")
    assert review.as_of(date(2026, 8, 31)) is None
    planned, found, replied = (review.as_of(date(2026, 9, day)) for day in (13, 14, 20))
    assert planned is not None
    assert found is not None
    assert replied is not None
    assert (planned.held_on, planned.findings, planned.moderated) == (None, (), None)
    assert (found.held_on, found.answered) == (date(2026, 9, 14), None)
    assert replied == review


def test_a_completion_that_was_taken_back_is_left_out_with_what_followed_it() -> None:
    story = completed().given(
        member("ashfield"), "review.moderated", "review", verdict="upheld", comment="It bears out"
    )
    story.given(member("oakwood"), "review.entry_withdrawn", "review", event_id=event_of(story), reason="Too early")
    review = record(story, "review")
    assert (review.held_on, review.findings, review.moderated, review.withdrawn) == (None, (), None, False)
    assert len(review.event_ids) == 4
    again = {"findings": [{"finding_id": "maths", "area": "Maths", "judgement": "sound"}], "on": "2026-09-16"}
    story.at("2026-09-17").given(member("oakwood"), "review.completed", "review", **again)
    assert record(story, "review").held_on == date(2026, 9, 16)


def event_of(story: Scenario) -> str:
    return next(fact.event_id for fact in story.facts if fact.type == "review.completed")


def test_a_plan_that_was_taken_back_is_withdrawn() -> None:
    story = scheduled()
    plan = story.facts[-1]
    story.given(member("northfield"), "review.entry_withdrawn", "review", event_id=plan.event_id, reason="Not now")
    review = record(story, "review")
    assert (review.withdrawn, review.is_held) == (True, False)


def test_organisations_are_read_as_what_they_are_a_duplicate_of() -> None:
    story = scheduled_by_hub(cluster("northfield", "oakwood"), partnership_id=ref("cluster"))
    read_as = {ref("oakwood"): ref("elmwood")}
    review = fold_review(noted(story, "review"), lambda one: read_as.get(one, one))
    assert review is not None
    assert (review.reviewer_ids, review.lead_id, review.partnership_id) == (
        frozenset({ref("elmwood")}), ref("elmwood"), ref("cluster"),
    )  # fmt: skip


def test_without_its_plan_there_is_no_review() -> None:
    assert fold_review(noted(completed(), "review")[1:]) is None
    assert fold_review([]) is None
