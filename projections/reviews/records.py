"""One peer review as its facts tell it: planned, held, answered, moderated, shared."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Final, NamedTuple

from ledger.domain.fact import AnyFact
from ledger.domain.review import facts as said
from ledger.domain.review.facts import Judgement, ModerationVerdict, Parts
from ledger.domain.review.state import reviewing
from ledger.domain.values import Secretive
from projections.evidence.noted import Noted

Canonical = Callable[[str], str]


class FindingNoted(NamedTuple):
    """One finding. The texts are those of the facts that were folded: sealed, or opened for a reader."""

    finding_id: str
    area: str
    judgement: Judgement
    evidence: Secretive | None
    next_step: Secretive | None


class Reply(NamedTuple):
    """What the reviewed organisation says to one finding."""

    accepted: bool
    comment: Secretive | None


class Answer(NamedTuple):
    """The right of reply; `findings` by id, those it says something to."""

    on: date
    event_id: str
    response: Secretive
    findings: Mapping[str, Reply]


class Moderation(NamedTuple):
    """The moderator's verdict; `on` is its business date."""

    on: date
    event_id: str
    verdict: ModerationVerdict
    comment: Secretive


class Opening(NamedTuple):
    """The reviewed organisation opens parts of the report to others."""

    on: date
    event_id: str
    with_ids: frozenset[str]
    parts: Parts


@dataclass(frozen=True, slots=True, kw_only=True)
class PeerReview:
    """A review without what was taken back; where the plan itself was, `withdrawn` is true.

    `planned_on` is the day it is planned for, `scheduled_on` the business date of the plan; `held_on` the day named by
    its completion, None until then. `findings` are in their order, empty until it was held. `event_ids` are all facts
    that were folded, in order, those taken back among them.
    """

    review_id: str
    reviewed_id: str
    reviewer_ids: frozenset[str]
    lead_id: str
    moderator_id: str | None
    partnership_id: str | None
    framework_id: str | None
    support_id: str | None
    planned_on: date
    scheduled_on: date
    scheduled_event: str
    event_ids: tuple[str, ...]
    held_on: date | None = None
    held_event: str | None = None
    findings: tuple[FindingNoted, ...] = ()
    answered: Answer | None = None
    moderated: Moderation | None = None
    shared: tuple[Opening, ...] = ()
    withdrawn: bool = False

    @property
    def day(self) -> date:
        """The day it was held, else the one it is planned for."""
        return self.held_on or self.planned_on

    @property
    def is_held(self) -> bool:
        return self.held_on is not None and not self.withdrawn

    def as_of(self, day: date) -> PeerReview | None:
        """The review as it stood on a business date; None before it was scheduled."""
        if self.scheduled_on > day:
            return None
        if self.held_on is not None and self.held_on > day:
            nothing = {"held_on": None, "held_event": None, "findings": (), "answered": None, "moderated": None}
            return replace(self, **nothing, shared=())  # type: ignore[arg-type]  # each is its member's default
        return replace(
            self,
            answered=self.answered if self.answered is not None and self.answered.on <= day else None,
            moderated=self.moderated if self.moderated is not None and self.moderated.on <= day else None,
            shared=tuple(one for one in self.shared if one.on <= day),
        )

    @property
    def sides(self) -> frozenset[str]:
        """The reviewed and the reviewing organisations."""
        return self.reviewer_ids | {self.reviewed_id}

    @property
    def parties(self) -> frozenset[str]:
        """Everybody who takes part."""
        return self.sides if self.moderator_id is None else self.sides | {self.moderator_id}


def fold_review(noted: Iterable[Noted], canonical: Canonical = str) -> PeerReview | None:
    """The review that the facts of one stream tell of, in order of position; None where they do not begin with a plan.

    `canonical` gives the one id an organisation is read as. Facts of other streams are passed over.
    """
    facts = list(noted)
    taken_back = {fact.data.event_id for _, _, fact in facts if isinstance(fact.data, said.EntryWithdrawn)}
    review: PeerReview | None = None
    for _, on, fact in facts:
        if isinstance(fact.data, said.Scheduled):
            review = _scheduled(fact, on, canonical)
        elif review is not None and type(fact.data) in STEPS:
            changes = {} if fact.event_id in taken_back else STEPS[type(fact.data)](review, fact, on, canonical)
            review = replace(review, event_ids=(*review.event_ids, fact.event_id), **changes)
    if review is not None and review.scheduled_event in taken_back:
        return replace(review, withdrawn=True)
    return review


def _scheduled(fact: AnyFact, on: date, canonical: Canonical) -> PeerReview:
    plan: said.Scheduled = fact.data
    return PeerReview(
        review_id=fact.stream.id,
        reviewed_id=canonical(plan.reviewed_id),
        reviewer_ids=frozenset(map(canonical, reviewing(plan))),
        lead_id=canonical(plan.lead_id),
        moderator_id=None if plan.moderator_id is None else canonical(plan.moderator_id),
        partnership_id=plan.partnership_id,
        framework_id=plan.framework_id,
        support_id=plan.support_id,
        planned_on=plan.on,
        scheduled_on=on,
        scheduled_event=fact.event_id,
        event_ids=(fact.event_id,),
    )


def _completed(review: PeerReview, fact: AnyFact, on: date, canonical: Canonical) -> dict[str, Any]:
    data: said.Completed = fact.data
    findings = tuple(
        FindingNoted(one.finding_id, one.area, one.judgement, one.evidence, one.next_step) for one in data.findings
    )
    return {"held_on": data.on, "held_event": fact.event_id, "findings": findings}


def _answered(review: PeerReview, fact: AnyFact, on: date, canonical: Canonical) -> dict[str, Any]:
    data: said.Answered = fact.data
    replies = {one.finding_id: Reply(one.accepted, one.comment) for one in data.findings}
    return {"answered": Answer(on, fact.event_id, data.response, replies)}


def _moderated(review: PeerReview, fact: AnyFact, on: date, canonical: Canonical) -> dict[str, Any]:
    data: said.Moderated = fact.data
    return {"moderated": Moderation(on, fact.event_id, data.verdict, data.comment)}


def _shared(review: PeerReview, fact: AnyFact, on: date, canonical: Canonical) -> dict[str, Any]:
    data: said.Shared = fact.data
    opening = Opening(on, fact.event_id, frozenset(map(canonical, data.with_)), data.parts)
    return {"shared": (*review.shared, opening)}


def _entry_withdrawn(review: PeerReview, fact: AnyFact, on: date, canonical: Canonical) -> dict[str, Any]:
    """What was said of a completion before it was taken back goes with it."""
    return {} if fact.data.event_id == review.scheduled_event else {"moderated": None, "shared": ()}


STEPS: Final[dict[type, Callable[[PeerReview, AnyFact, date, Canonical], dict[str, Any]]]] = {
    said.Completed: _completed,
    said.Answered: _answered,
    said.Moderated: _moderated,
    said.Shared: _shared,
    said.EntryWithdrawn: _entry_withdrawn,
}
