"""The state of a peer review: scheduled, completed, answered, or withdrawn."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from zoneinfo import ZoneInfo

from ledger.domain.fact import AnyFact
from ledger.domain.review.facts import (
    Answered,
    Completed,
    EntryWithdrawn,
    Judgement,
    Moderated,
    ModerationVerdict,
    Scheduled,
    Shared,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """Who said one part of a review: the fact, its voice, its principal, the moment and the day it names."""

    event_id: str
    voice: str | None
    actor: str
    occurred_at: datetime
    on: date | None = None
    is_plan: bool = False

    def business_date(self, zone: ZoneInfo) -> date:
        """The day on which it counts: its own, but for a plan the earlier of its own and the day it was said on."""
        said_on = self.occurred_at.astimezone(zone).date()
        if self.on is None:
            return said_on
        return min(said_on, self.on) if self.is_plan else self.on


@dataclass(frozen=True, slots=True, kw_only=True)
class ScheduledReview:
    """`taken_back` are the completions that were withdrawn, by their facts."""

    plan: Scheduled
    scheduled: Entry
    taken_back: Mapping[str, Entry] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class CompletedReview:
    """`findings` are the judgements by finding; `shared_with` are the organisations the report was opened to."""

    plan: Scheduled
    scheduled: Entry
    completed: Entry
    findings: Mapping[str, Judgement]
    taken_back: Mapping[str, Entry] = field(default_factory=dict)
    moderation: ModerationVerdict | None = None
    shared_with: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class AnsweredReview:
    """`accepted` are the findings the reviewed organisation accepts."""

    plan: Scheduled
    scheduled: Entry
    completed: Entry
    findings: Mapping[str, Judgement]
    answered: Entry
    accepted: frozenset[str]
    taken_back: Mapping[str, Entry] = field(default_factory=dict)
    moderation: ModerationVerdict | None = None
    shared_with: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class WithdrawnReview:
    """The review was taken back before it was completed."""

    plan: Scheduled
    scheduled: Entry
    taken_back: Mapping[str, Entry] = field(default_factory=dict)


Held = CompletedReview | AnsweredReview
ReviewState = ScheduledReview | CompletedReview | AnsweredReview | WithdrawnReview


def evolve(state: ReviewState | None, fact: AnyFact) -> ReviewState:
    """The state after a fact of this stream."""
    match state, fact.data:
        case None, Scheduled() as plan:
            return ScheduledReview(plan=plan, scheduled=entry(fact, plan.on, is_plan=True))
        case ScheduledReview(), Completed() as data:
            findings = {finding.finding_id: finding.judgement for finding in data.findings}
            return CompletedReview(
                plan=state.plan,
                scheduled=state.scheduled,
                completed=entry(fact, data.on),
                findings=findings,
                taken_back=state.taken_back,
            )
        case CompletedReview(), Answered() as data:
            return answer(state, data, entry(fact))
        case CompletedReview() | AnsweredReview(), Moderated(verdict=verdict):
            return replace(state, moderation=verdict)
        case CompletedReview() | AnsweredReview(), Shared(with_=others):
            return replace(state, shared_with=state.shared_with | set(others))
        case CompletedReview(), EntryWithdrawn():
            taken_back = {**state.taken_back, state.completed.event_id: state.completed}
            return ScheduledReview(plan=state.plan, scheduled=state.scheduled, taken_back=taken_back)
        case ScheduledReview(), EntryWithdrawn():
            return WithdrawnReview(plan=state.plan, scheduled=state.scheduled, taken_back=state.taken_back)
    raise TypeError(f"{fact.type} cannot stand here in a review's stream")


def entry(fact: AnyFact, on: date | None = None, *, is_plan: bool = False) -> Entry:
    return Entry(
        event_id=fact.event_id,
        voice=fact.voice,
        actor=fact.actor,
        occurred_at=fact.occurred_at,
        on=on,
        is_plan=is_plan,
    )


def entries(state: ReviewState) -> Mapping[str, Entry]:
    """What may be, or was, withdrawn of a review, by its facts."""
    found = {**state.taken_back, state.scheduled.event_id: state.scheduled}
    if isinstance(state, CompletedReview | AnsweredReview):
        found[state.completed.event_id] = state.completed
    return found


def answer(state: CompletedReview, data: Answered, answered: Entry) -> AnsweredReview:
    return AnsweredReview(
        plan=state.plan,
        scheduled=state.scheduled,
        completed=state.completed,
        findings=state.findings,
        answered=answered,
        accepted=frozenset(one.finding_id for one in data.findings if one.accepted),
        taken_back=state.taken_back,
        moderation=state.moderation,
        shared_with=state.shared_with,
    )


def reviewing(plan: Scheduled) -> frozenset[str]:
    """The organisations of the reviewing side."""
    return frozenset({plan.lead_id, *(reviewer.organisation_id for reviewer in plan.reviewers)})


def concerned(state: ReviewState) -> frozenset[str]:
    named = {state.plan.reviewed_id} | reviewing(state.plan)
    return frozenset(named if state.plan.moderator_id is None else named | {state.plan.moderator_id})


def partnership(state: ReviewState | None) -> str | None:
    return None if state is None else state.plan.partnership_id
