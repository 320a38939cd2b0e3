"""What may be said of a peer review once it is scheduled: completing, answering, moderating, sharing, withdrawing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from ledger.domain.context import Context
from ledger.domain.fact import AnyClaim, Speaker
from ledger.domain.refusals import (
    AlreadySaid,
    AlreadyThere,
    DayOutOfRange,
    NeedsAnotherVoice,
    NotNow,
    NotThere,
    UnknownReference,
    require_sound,
)
from ledger.domain.review import scheduling
from ledger.domain.review.facts import Answered, Completed, EntryWithdrawn, Moderated, Scheduled, Shared
from ledger.domain.review.state import (
    AnsweredReview,
    CompletedReview,
    Entry,
    Held,
    ReviewState,
    ScheduledReview,
    entries,
    reviewing,
)
from ledger.errors import FieldError


def parties(state: ReviewState | None, claim: AnyClaim, context: Context) -> Mapping[str, frozenset[str]]:
    if isinstance(claim.data, Scheduled):
        coordinators = scheduling.coordinators(claim.data, context)
        return {"reviewed": frozenset({claim.data.reviewed_id}), "coordinator": coordinators}
    if state is None:
        raise NotThere(stream_kind="review", id=claim.stream.id)
    plan = state.plan
    return {
        "reviewed": frozenset({plan.reviewed_id}),
        "lead": frozenset({plan.lead_id}),
        "moderator": frozenset() if plan.moderator_id is None else frozenset({plan.moderator_id}),
        "recorder": recorder(state, claim.data),
    }


def recorder(state: ReviewState, data: Any) -> frozenset[str]:
    """The voice of the entry that is withdrawn."""
    if not isinstance(data, EntryWithdrawn):
        return frozenset()
    entry = entries(state).get(data.event_id)
    if entry is None:
        raise UnknownReference("this review has no such entry", id=data.event_id)
    return frozenset() if entry.voice is None else frozenset({entry.voice})


def admit(state: ReviewState | None, claim: AnyClaim, context: Context) -> Any:
    """The data of the fact, or a Refusal."""
    if isinstance(claim.data, Scheduled):
        if state is not None:
            raise AlreadyThere(stream_kind="review", id=claim.stream.id)
        return scheduling.admit_scheduled(claim.data, context)
    if state is None:
        raise NotThere(stream_kind="review", id=claim.stream.id)
    match claim.data:
        case Completed() as data:
            return admit_completed(state, data, claim.speaker, context)
        case Answered() as data:
            return admit_answered(state, data, claim.speaker)
        case Moderated() as data:
            return admit_moderated(state, data, claim.speaker, context)
        case Shared() as data:
            return admit_shared(state, data)
        case EntryWithdrawn() as data:
            return admit_entry_withdrawn(state, data)
    raise TypeError(f"{claim.type} is no event of a review")


def admit_completed(state: ReviewState, data: Completed, speaker: Speaker, context: Context) -> Completed:
    """A review may be held before its planned day, but not before it was scheduled."""
    if isinstance(state, CompletedReview | AnsweredReview):
        raise AlreadySaid("this review was completed before", id=state.completed.event_id)
    if not isinstance(state, ScheduledReview):
        raise not_now(state)
    scheduled = state.scheduled
    require_another(speaker, [scheduled.actor] if scheduled.voice == state.plan.reviewed_id else [])
    context.happened(data.on, "/data/on")
    earliest = scheduled.business_date(context.zone)
    if data.on < earliest:
        detail = f"lies before the review was scheduled, {earliest}"
        errors = (FieldError("/data/on", "day-out-of-range", detail),)
        raise DayOutOfRange(f"/data/on {detail}", errors=errors, day=data.on)
    require_sound(given_twice(finding.finding_id for finding in data.findings))
    return data


def admit_answered(state: ReviewState, data: Answered, speaker: Speaker) -> Answered:
    if isinstance(state, AnsweredReview):
        raise AlreadySaid("this review was answered before", id=state.answered.event_id)
    if not isinstance(state, CompletedReview):
        raise not_now(state)
    require_another(speaker, [state.completed.actor])
    require_not_a_reviewer(speaker, state.plan)
    require_sound(given_twice(answer.finding_id for answer in data.findings))
    for answer in data.findings:
        if answer.finding_id not in state.findings:
            raise UnknownReference("the review has no such finding", id=answer.finding_id)
    return data


def admit_moderated(state: ReviewState, data: Moderated, speaker: Speaker, context: Context) -> Moderated:
    held = require_held(state)
    if held.moderation is not None:
        raise AlreadySaid("this review was moderated before", id=speaker.principal)
    require_another(speaker, [entry.actor for entry in said_by_the_sides(held)])
    require_not_a_reviewer(speaker, held.plan)
    scheduling.require_moderator_outside(held.plan, context)
    return data


def admit_shared(state: ReviewState, data: Shared) -> Shared:
    require_held(state)
    return data


def admit_entry_withdrawn(state: ReviewState, data: EntryWithdrawn) -> EntryWithdrawn:
    """The scheduling until the review is completed, the completion until it is answered."""
    latest = state.completed if isinstance(state, CompletedReview) else state.scheduled
    if data.event_id in state.taken_back:
        raise AlreadySaid("this entry was withdrawn before", id=data.event_id)
    if not isinstance(state, ScheduledReview | CompletedReview) or data.event_id != latest.event_id:
        raise not_now(state)
    return data


def require_held(state: ReviewState) -> Held:
    if not isinstance(state, CompletedReview | AnsweredReview):
        raise not_now(state)
    return state


def said_by_the_sides(state: Held) -> Iterator[Entry]:
    """What the reviewed and the reviewing organisations said: the scheduling may be a coordinator's."""
    yield state.completed
    if isinstance(state, AnsweredReview):
        yield state.answered
    if state.scheduled.voice in reviewing(state.plan) | {state.plan.reviewed_id}:
        yield state.scheduled


def require_another(speaker: Speaker, principals: Iterable[str]) -> None:
    """The other half of what binds two is said by another principal. Raises NeedsAnotherVoice."""
    if speaker.principal in principals:
        raise NeedsAnotherVoice(principal=speaker.principal)


def require_not_a_reviewer(speaker: Speaker, plan: Scheduled) -> None:
    if speaker.person_id is not None and speaker.person_id in {one.person_id for one in plan.reviewers}:
        raise NeedsAnotherVoice("a reviewer does not speak for the other side", principal=speaker.principal)


def given_twice(finding_ids: Iterable[str]) -> Iterator[FieldError]:
    seen: set[str] = set()
    for index, finding_id in enumerate(finding_ids):
        if finding_id in seen:
            yield FieldError(f"/data/findings/{index}/finding_id", "given-twice", "is given before")
        seen.add(finding_id)


def not_now(state: ReviewState) -> NotNow:
    return NotNow(state=type(state).__name__)
