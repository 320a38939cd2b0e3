"""How a partnership's facts make its state, one after the other; nothing is refused here."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields, replace
from datetime import date
from typing import Any, Final

from ledger.domain.fact import AnyFact, Fact
from ledger.domain.partnership import facts as said
from ledger.domain.partnership.aims import AimState, DroppedAim, MetAim, OpenAim, opened, reopened
from ledger.domain.partnership.members import Members
from ledger.domain.partnership.proposals import Opening, Residual, Word
from ledger.domain.partnership.reviews import Answer, Review
from ledger.domain.partnership.shapes import DatedTerms, Ended, Entry, Notice, Partnership, PartnershipState, Running
from ledger.domain.terms import TermsGiven, terms_of
from ledger.domain.values import DAY_FORM

__all__ = ["Ended", "PartnershipState", "Running", "concerned", "evolve", "partnership"]


def evolve(state: PartnershipState | None, fact: AnyFact) -> PartnershipState:
    """The state after a fact of this stream."""
    if isinstance(fact.data, said.Formed):
        return formed(fact)
    step = STEPS.get(type(fact.data))
    if state is None or step is None:
        raise TypeError(f"{fact.type} cannot stand here in a partnership's stream")
    return step(state, fact)


def concerned(state: PartnershipState) -> frozenset[str]:
    """Nobody beside those a fact names: partners see it by the partnership's key, for as long as they are partners."""
    return frozenset()


def touched_by(state: PartnershipState, data: Any) -> frozenset[str]:
    """The organisations that an answer to a proposal concerns though it does not name them."""
    match data:
        case said.ResidualAgreed(proposal_id=proposal_id):
            return frozenset(state.residuals[proposal_id].touched)
        case said.OpeningPositionAgreed(proposal_id=proposal_id):
            return state.openings[proposal_id].sides
    return frozenset()


def partnership(state: PartnershipState | None) -> str | None:
    return None if state is None else state.id


def formed(fact: Fact[said.Formed]) -> Running:
    data, members = fact.data, Members()
    for partner in data.partners:
        if partner.at_once:
            members = members.join(partner.organisation_id, partner.role, data.starts_on)
        else:
            members = members.invite(partner.organisation_id, partner.role, data.starts_on)
    return Running(
        id=fact.stream.id,
        name=data.name,
        purpose=data.purpose,
        coordinator_id=data.coordinator_id,
        starts_on=data.starts_on,
        ends_on=data.ends_on,
        terms=(dated(data.terms, data.starts_on),),
        members=members,
        aims={aim.aim_id: opened(aim) for aim in data.aims},
    )


def dated(given: TermsGiven, effective_on: date) -> DatedTerms:
    return DatedTerms(effective_on=effective_on, given=given, terms=terms_of(given))


def partner_invited(state: PartnershipState, fact: Fact[said.PartnerInvited]) -> PartnershipState:
    data = fact.data
    return replace(state, members=state.members.invite(data.organisation_id, data.role or "partner", data.on))


def partner_accepted(state: PartnershipState, fact: Fact[said.PartnerAccepted]) -> PartnershipState:
    """A membership does not begin before its partnership does."""
    data = fact.data
    invitation = state.members.invitations.get(data.organisation_id)
    role = "partner" if invitation is None else invitation.role
    return replace(state, members=state.members.join(data.organisation_id, role, max(data.on, state.starts_on)))


def partner_declined(state: PartnershipState, fact: Fact[said.PartnerDeclined]) -> PartnershipState:
    return replace(state, members=state.members.without_invitation(fact.data.organisation_id))


def purpose_revised(state: PartnershipState, fact: Fact[said.PurposeRevised]) -> PartnershipState:
    return replace(state, purpose=fact.data.purpose)


def terms_revised(state: PartnershipState, fact: Fact[said.TermsRevised]) -> PartnershipState:
    return replace(state, terms=(*state.terms, dated(fact.data.terms, fact.data.effective_on)))


def aim_added(state: PartnershipState, fact: Fact[said.AimAdded]) -> PartnershipState:
    return with_aim(state, fact.data.aim_id, opened(fact.data))


def aim_met(state: PartnershipState, fact: Fact[said.AimMet]) -> PartnershipState:
    data, aim = fact.data, state.aims.get(fact.data.aim_id)
    if not isinstance(aim, OpenAim):
        return state
    met = with_aim(state, data.aim_id, MetAim(aim=aim, on=data.on, event_id=fact.event_id))
    return with_entry(met, fact, data.on)


def aim_dropped(state: PartnershipState, fact: Fact[said.AimDropped]) -> PartnershipState:
    aim = state.aims.get(fact.data.aim_id)
    if not isinstance(aim, OpenAim):
        return state
    return with_aim(state, fact.data.aim_id, DroppedAim(aim=aim, on=fact.data.on))


def with_aim(state: PartnershipState, aim_id: str, aim: AimState) -> PartnershipState:
    return replace(state, aims={**state.aims, aim_id: aim})


def with_entry(state: PartnershipState, fact: AnyFact, on: date | None = None) -> PartnershipState:
    return replace(
        state, entries={**state.entries, fact.event_id: Entry(voice=fact.voice, said_at=fact.occurred_at, on=on)}
    )


def coordinator_changed(state: PartnershipState, fact: Fact[said.CoordinatorChanged]) -> PartnershipState:
    return replace(state, coordinator_id=fact.data.coordinator_id)


def review_scheduled(state: PartnershipState, fact: Fact[said.ReviewScheduled]) -> PartnershipState:
    data = fact.data
    review = Review(review_id=data.review_id, due_on=data.due_on, scheduled_by=fact.event_id)
    return with_entry(with_review(state, review), fact)


def reviewed(state: PartnershipState, fact: Fact[said.Reviewed]) -> PartnershipState:
    data = fact.data
    review_id = data.review_id or fact.occurred_at.date().isoformat()
    review = state.reviews.get(review_id) or Review(review_id=review_id, due_on=due_day(review_id, fact))
    answer = Answer(event_id=fact.event_id, at=fact.occurred_at, decision=data.decision, ratings=data.ratings)
    return with_entry(with_review(state, review.answered(fact.voice or "", answer)), fact)


def due_day(review_id: str, fact: AnyFact) -> date:
    """A review that nobody scheduled bears its due day as its id."""
    return date.fromisoformat(review_id) if DAY_FORM.fullmatch(review_id) else fact.occurred_at.date()


def with_review(state: PartnershipState, review: Review) -> PartnershipState:
    return replace(state, reviews={**state.reviews, review.review_id: review})


def meeting_held(state: PartnershipState, fact: Fact[said.MeetingHeld]) -> PartnershipState:
    return with_entry(state, fact, fact.data.on)


def notice_given(state: PartnershipState, fact: Fact[said.NoticeGiven]) -> PartnershipState:
    notice = Notice(event_id=fact.event_id, leaves_on=fact.data.leaves_on, point_id=fact.data.point_id)
    return replace(state, notices={**state.notices, fact.voice or "": notice})


def notice_rescinded(state: PartnershipState, fact: Fact[said.NoticeRescinded]) -> PartnershipState:
    return without_notices(state, {fact.voice})


def without_notices(state: PartnershipState, voices: set[str | None]) -> PartnershipState:
    return replace(state, notices={voice: one for voice, one in state.notices.items() if voice not in voices})


def opening_proposed(state: PartnershipState, fact: Fact[said.OpeningPositionProposed]) -> PartnershipState:
    opening = Opening(said=fact.data, proposed=word(fact))
    return replace(state, openings={**state.openings, fact.data.proposal_id: opening})


def opening_agreed(state: PartnershipState, fact: Fact[said.OpeningPositionAgreed]) -> PartnershipState:
    proposal_id = fact.data.proposal_id
    agreed = replace(state.openings[proposal_id], agreed=word(fact))
    return replace(state, openings={**state.openings, proposal_id: agreed})


def residual_proposed(state: PartnershipState, fact: Fact[said.ResidualProposed]) -> PartnershipState:
    residual = Residual(said=fact.data, proposed=word(fact))
    return replace(state, residuals={**state.residuals, fact.data.proposal_id: residual})


def residual_agreed(state: PartnershipState, fact: Fact[said.ResidualAgreed]) -> PartnershipState:
    proposal_id = fact.data.proposal_id
    agreed = state.residuals[proposal_id].agree(word(fact))
    return replace(state, residuals={**state.residuals, proposal_id: agreed})


def word(fact: AnyFact) -> Word:
    return Word(fact.voice or "", fact.actor)


def partner_left(state: PartnershipState, fact: Fact[said.PartnerLeft]) -> PartnershipState:
    """A leaver's notice ends with its membership, also the one its successor gave for it."""
    data, removed = fact.data, bool(fact.data.removed)
    members = state.members.leave(data.organisation_id, data.on, removed=removed)
    spoken: set[str | None] = {data.organisation_id} if removed else {data.organisation_id, fact.voice}
    return without_notices(replace(state, members=members), spoken)


def closed(state: PartnershipState, fact: Fact[said.Closed]) -> PartnershipState:
    kept: dict[str, Any] = {one.name: getattr(state, one.name) for one in fields(Partnership)}
    ended = kept | {"members": state.members.end_all(fact.data.on), "notices": {}}
    return Ended(**ended, closed_on=fact.data.on, closed_for=fact.data.reason)


def entry_withdrawn(state: PartnershipState, fact: Fact[said.EntryWithdrawn]) -> PartnershipState:
    event_id = fact.data.event_id
    entry = state.entries.get(event_id)
    if entry is None:
        return state
    return replace(
        state,
        entries={**state.entries, event_id: replace(entry, withdrawn=True)},
        aims=reopened(state.aims, event_id),
        reviews={review_id: one.without(event_id) for review_id, one in state.reviews.items()},
    )


STEPS: Final[dict[type, Callable[[PartnershipState, AnyFact], PartnershipState]]] = {
    said.PartnerInvited: partner_invited,
    said.PartnerAccepted: partner_accepted,
    said.PartnerDeclined: partner_declined,
    said.PurposeRevised: purpose_revised,
    said.TermsRevised: terms_revised,
    said.AimAdded: aim_added,
    said.AimMet: aim_met,
    said.AimDropped: aim_dropped,
    said.CoordinatorChanged: coordinator_changed,
    said.ReviewScheduled: review_scheduled,
    said.Reviewed: reviewed,
    said.MeetingHeld: meeting_held,
    said.NoticeGiven: notice_given,
    said.NoticeRescinded: notice_rescinded,
    said.OpeningPositionProposed: opening_proposed,
    said.OpeningPositionAgreed: opening_agreed,
    said.ResidualProposed: residual_proposed,
    said.ResidualAgreed: residual_agreed,
    said.PartnerLeft: partner_left,
    said.Closed: closed,
    said.EntryWithdrawn: entry_withdrawn,
}
