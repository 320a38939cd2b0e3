"""A review is completed by its lead, answered by the reviewed, moderated from outside, and shared by its owner."""

from __future__ import annotations

from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from ledger.domain.dates import business_date
from ledger.domain.refusals import (
    AlreadySaid,
    ClaimUnsound,
    DayOutOfRange,
    NeedsAnotherVoice,
    NotNow,
    NotThere,
    UnknownOrganisation,
    UnknownReference,
    WrongVoice,
)
from ledger.domain.review.scheduling import ModeratorInvolved
from ledger.domain.review.state import AnsweredReview, CompletedReview, ScheduledReview, WithdrawnReview
from ledger.errors import ClaimMalformed
from tests.ledger.domain.review.stories import (
    ANSWERED,
    COMPLETED,
    FINDINGS,
    MODERATED,
    answered,
    cluster,
    completed,
    plan,
    scheduled,
    scheduled_by_hub,
)
from tests.scenario import ADMIN, Scenario, client, coordinator, member, ref, refused


def withdrawn(story: Scenario, who: Any, index: int) -> Scenario:
    """Withdraws the review's fact number `index`, counted from the first one."""
    event_id = [fact for fact in story.facts if fact.stream.kind == "review"][index].event_id
    return story.given(who, "review.entry_withdrawn", "review", event_id=event_id, reason="A wrong day")


def test_the_lead_completes_the_review() -> None:
    state = completed().states["review", ref("review")]
    assert isinstance(state, CompletedReview)
    assert state.findings == {"reading": "strength", "writing": "to_develop"}


@pytest.mark.parametrize("who", ["northfield", "ashfield"])
def test_only_the_lead_completes(who: str) -> None:
    with refused(WrongVoice, voice=ref(who)):
        scheduled().at("2026-09-15").when(member(who), "review.completed", "review", **COMPLETED)


def test_a_review_is_completed_once() -> None:
    with refused(AlreadySaid):
        completed().when(member("oakwood"), "review.completed", "review", **COMPLETED)
    with refused(AlreadySaid):
        answered().when(member("oakwood"), "review.completed", "review", **COMPLETED)


def test_a_review_is_held_after_it_was_scheduled_and_not_in_the_future() -> None:
    story = scheduled().at("2026-09-10")
    for on in ("2026-08-31", "2026-09-11"):
        with refused(DayOutOfRange, day=date.fromisoformat(on)):
            story.when(member("oakwood"), "review.completed", "review", **COMPLETED | {"on": on})
    story.when(member("oakwood"), "review.completed", "review", **COMPLETED | {"on": "2026-09-01"})


def test_a_review_recorded_afterwards_was_held_from_its_day_on() -> None:
    story = scheduled(on="2026-07-01")
    with refused(DayOutOfRange):
        story.when(member("oakwood"), "review.completed", "review", **COMPLETED | {"on": "2026-06-30"})
    story.when(member("oakwood"), "review.completed", "review", **COMPLETED | {"on": "2026-07-01"})


def test_each_finding_has_an_id_of_its_own() -> None:
    with refused(ClaimUnsound) as unsound:
        twice: dict[str, Any] = {"findings": [*FINDINGS, FINDINGS[0]], "on": "2026-09-14"}
        scheduled().at("2026-09-15").when(member("oakwood"), "review.completed", "review", **twice)
    assert [error.pointer for error in unsound.value.errors] == ["/data/findings/2/finding_id"]


@pytest.mark.parametrize("missing", ["evidence", "next_step"])
def test_what_is_to_develop_needs_evidence_and_a_next_step(missing: str) -> None:
    finding = {name: value for name, value in FINDINGS[1].items() if name != missing}
    with refused(ClaimMalformed) as malformed:
        said: dict[str, Any] = {"findings": [finding], "on": "2026-09-14"}
        scheduled().at("2026-09-15").when(member("oakwood"), "review.completed", "review", **said)
    assert [error.pointer for error in malformed.value.errors] == [f"/data/findings/0/{missing}"]


def test_a_review_has_a_finding() -> None:
    with refused(ClaimMalformed):
        scheduled().at("2026-09-15").when(member("oakwood"), "review.completed", "review", findings=[], on="2026-09-14")


def test_one_machine_for_both_schools_does_not_say_both_halves() -> None:
    both = client("northfield", "oakwood", principal="one machine")
    story = completed()
    story.given(both, "review.entry_withdrawn", "review", for_="oakwood",
                event_id=story.facts[-1].event_id, reason="A wrong day")  # fmt: skip
    story.given(both, "review.completed", "review", for_="oakwood", **COMPLETED)
    with refused(NeedsAnotherVoice, principal=both.principal):
        story.when(both, "review.answered", "review", for_="northfield", **ANSWERED)
    story.when(member("northfield"), "review.answered", "review", **ANSWERED)


def test_who_asked_for_the_review_does_not_write_it() -> None:
    head = "head of both schools"
    story = scheduled().at("2026-09-15")
    with refused(NeedsAnotherVoice):
        asked = member("oakwood", principal="member of northfield")
        story.when(asked, "review.completed", "review", **COMPLETED)
    story.when(member("oakwood", principal=head), "review.completed", "review", **COMPLETED)


def test_a_coordinator_who_only_arranged_the_review_may_lead_it() -> None:
    story = scheduled_by_hub(cluster("northfield", "oakwood")).at("2026-09-15")
    arranger = member("oakwood", principal="coordinator of hub")
    story.when(arranger, "review.completed", "review", **COMPLETED)


def test_the_reviewed_answers_once() -> None:
    story = answered()
    state = story.states["review", ref("review")]
    assert isinstance(state, AnsweredReview)
    assert state.accepted == {"writing"}
    with refused(AlreadySaid):
        story.when(member("northfield"), "review.answered", "review", **ANSWERED)


def test_there_is_nothing_to_answer_before_the_review_is_completed() -> None:
    with refused(NotNow, state="ScheduledReview"):
        scheduled().when(member("northfield"), "review.answered", "review", **ANSWERED)


def test_nobody_answers_for_the_reviewed() -> None:
    for who in (member("oakwood"), coordinator("harbour")):
        with refused(WrongVoice):
            completed().when(who, "review.answered", "review", **ANSWERED)


def test_an_answer_names_findings_of_the_review_once_each() -> None:
    story, one = completed(), ANSWERED["findings"][0]
    with refused(UnknownReference, id="spelling"):
        unknown = {"finding_id": "spelling", "accepted": True}
        story.when(member("northfield"), "review.answered", "review", response="Yes", findings=[one, unknown])
    with refused(ClaimUnsound):
        story.when(member("northfield"), "review.answered", "review", response="Yes", findings=[one, one])
    story.when(member("northfield"), "review.answered", "review", response="Yes", findings=[])


def test_a_named_reviewer_neither_answers_nor_moderates_with_another_credential() -> None:
    bea = {"person_id": ref("bea"), "organisation_id": ref("oakwood"), "role": "head", "name": "Bea"}
    story = scheduled().given(member("oakwood"), "person.introduced", "bea", **bea)
    reviewers = [{"organisation_id": ref("oakwood"), "person_id": ref("bea")}]
    said = plan(reviewers=reviewers, moderator_id=ref("ashfield"))
    story.given(member("northfield"), "review.scheduled", "second", **said).at("2026-09-15")
    story.given(member("oakwood"), "review.completed", "second", **COMPLETED)
    with refused(NeedsAnotherVoice):
        story.when(member("northfield", person="bea"), "review.answered", "second", **ANSWERED)
    with refused(NeedsAnotherVoice):
        story.when(member("ashfield", person="bea"), "review.moderated", "second", **MODERATED)


def test_the_moderator_judges_once_before_or_after_the_answer() -> None:
    for story in (completed(), answered()):
        story.given(member("ashfield"), "review.moderated", "review", **MODERATED)
        assert story.states["review", ref("review")].moderation == "upheld"
        with refused(AlreadySaid):
            story.when(member("ashfield"), "review.moderated", "review", **MODERATED)


@pytest.mark.parametrize("who", ["northfield", "oakwood", "elmwood"])
def test_only_the_named_moderator_moderates(who: str) -> None:
    with refused(WrongVoice, voice=ref(who)):
        completed().when(member(who), "review.moderated", "review", **MODERATED)


def test_there_is_nothing_to_moderate_before_the_review_is_completed() -> None:
    with refused(NotNow):
        scheduled().when(member("ashfield"), "review.moderated", "review", **MODERATED)


@pytest.mark.parametrize("side", ["member of oakwood", "member of northfield", "who answered"])
def test_a_principal_of_either_side_does_not_moderate(side: str) -> None:
    story = completed().given(member("northfield", principal="who answered"), "review.answered", "review", **ANSWERED)
    with refused(NeedsAnotherVoice):
        story.when(member("ashfield", principal=side), "review.moderated", "review", **MODERATED)


def test_a_coordinator_who_only_arranged_the_review_may_moderate_it() -> None:
    story = scheduled_by_hub(cluster("northfield", "oakwood"), moderator_id=ref("ashfield")).at("2026-09-15")
    story.given(member("oakwood"), "review.completed", "review", **COMPLETED)
    arranger = member("ashfield", principal="coordinator of hub")
    story.when(arranger, "review.moderated", "review", **MODERATED)


def test_a_moderator_that_joined_the_trust_of_a_side_no_longer_moderates() -> None:
    story = completed()
    story.given(ADMIN, "organisation.joined_trust", "ashfield", trust_id=ref("harbour"), on="2026-09-15")
    with refused(ModeratorInvolved, organisation_id=ref("ashfield"), side_id=ref("northfield")):
        story.when(member("ashfield"), "review.moderated", "review", **MODERATED)


def test_the_reviewed_shares_its_report_and_may_share_it_more_widely() -> None:
    story = completed()
    story.given(member("northfield"), "review.shared", "review", with_=[ref("elmwood")], parts="strengths")
    story.given(member("northfield"), "review.shared", "review", with_=[ref("harbour")], parts="all")
    assert story.states["review", ref("review")].shared_with == {ref("elmwood"), ref("harbour")}


def test_only_the_reviewed_shares_and_only_what_is_there() -> None:
    shared: dict[str, Any] = {"with": [ref("elmwood")], "parts": "all"}
    with refused(WrongVoice, voice=ref("oakwood")):
        completed().when(member("oakwood"), "review.shared", "review", **shared)
    with refused(NotNow):
        scheduled().when(member("northfield"), "review.shared", "review", **shared)
    with refused(UnknownOrganisation):
        completed().when(member("northfield"), "review.shared", "review", with_=[ref("nowhere")], parts="all")


def test_a_scheduled_review_is_withdrawn_by_who_scheduled_it() -> None:
    story = scheduled()
    with refused(WrongVoice, voice=ref("oakwood")):
        withdrawn(story, member("oakwood"), 0)
    withdrawn(story, member("northfield"), 0)
    assert isinstance(story.states["review", ref("review")], WithdrawnReview)
    with refused(NotNow, state="WithdrawnReview"):
        story.at("2026-09-15").when(member("oakwood"), "review.completed", "review", **COMPLETED)
    with refused(NotNow):
        withdrawn(story, member("northfield"), 0)


def test_a_review_scheduled_by_a_coordinator_is_withdrawn_by_it() -> None:
    story = scheduled_by_hub(cluster("northfield", "oakwood"))
    with refused(WrongVoice, voice=ref("northfield")):
        withdrawn(story, member("northfield"), 0)
    withdrawn(story, coordinator("hub"), 0)


def test_a_completed_review_is_withdrawn_until_it_is_answered() -> None:
    story = completed()
    with refused(NotNow, state="CompletedReview"):
        withdrawn(story, member("northfield"), 0)
    withdrawn(story, member("oakwood"), 1)
    assert isinstance(story.states["review", ref("review")], ScheduledReview)
    with refused(AlreadySaid):
        withdrawn(story, member("oakwood"), 1)
    story.given(member("oakwood"), "review.completed", "review", **COMPLETED)
    story.given(member("northfield"), "review.answered", "review", **ANSWERED)
    with refused(NotNow, state="AnsweredReview"):
        withdrawn(story, member("oakwood"), 3)


def test_an_entry_of_another_review_is_not_withdrawn_here() -> None:
    with refused(UnknownReference, id=ref("event 1")):
        scheduled().when(
            member("northfield"), "review.entry_withdrawn", "review", event_id=ref("event 1"), reason="A wrong one"
        )


def test_a_withdrawal_has_the_business_date_of_its_entry() -> None:
    story = withdrawn(withdrawn(completed(), member("oakwood"), 1), member("northfield"), 0)
    dates = [
        business_date(story.states["review", ref("review")], fact, ZoneInfo("Europe/London"))
        for fact in story.facts
        if fact.stream.kind == "review"
    ]
    assert [str(day) for day in dates] == ["2026-09-01", "2026-09-14", "2026-09-14", "2026-09-01"]


@pytest.mark.parametrize(
    ("event", "said"), [("completed", COMPLETED), ("answered", ANSWERED), ("moderated", MODERATED)]
)
def test_there_must_be_a_review(event: str, said: dict[str, Any]) -> None:
    with refused(NotThere, stream_kind="review", id=ref("another")):
        scheduled().when(member("northfield"), f"review.{event}", "another", **said)


def test_every_fact_of_a_review_is_found_by_both_sides_and_the_moderator() -> None:
    story = answered()
    for organisation in ("northfield", "oakwood", "ashfield"):
        found = [
            fact.type for fact in story.touched[f"organisation:{ref(organisation)}"] if fact.stream.kind == "review"
        ]
        assert found == ["review.scheduled", "review.completed", "review.answered"]
