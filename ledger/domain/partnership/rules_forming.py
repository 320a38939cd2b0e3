"""How a partnership begins, who is asked into it, and how its purpose, terms and coordinator change."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date, timedelta
from fractions import Fraction

from ledger.domain.context import Context
from ledger.domain.fact import AnyClaim, Claim
from ledger.domain.partnership.facts import (
    CoordinatorChanged,
    Formed,
    Partner,
    PartnerAccepted,
    PartnerDeclined,
    PartnerInvited,
    PurposeRevised,
    TermsRevised,
)
from ledger.domain.partnership.refusals import NotInvited, TermsTooSoon
from ledger.domain.partnership.state import PartnershipState
from ledger.domain.refusals import AlreadySaid, AlreadyThere, OrganisationEnded, WrongVoice, require_sound
from ledger.domain.terms import TermsGiven, complete
from ledger.errors import FieldError


def admit_formed(state: PartnershipState | None, claim: Claim[Formed], context: Context) -> Formed:
    """Several partners may lead together. The terms become complete, and who needs not be asked is marked."""
    data = claim.data
    if state is not None:
        raise AlreadyThere(stream_kind="partnership", id=claim.stream.id)
    require_sound(formed_errors(data))
    context.planned(data.starts_on, "/data/starts_on")
    if data.ends_on is not None:
        context.planned(data.ends_on, "/data/ends_on")
    for index, aim in enumerate(data.aims):
        context.planned(aim.due_on, f"/data/aims/{index}/due_on")
    for partner in data.partners:
        require_not_ended(partner.organisation_id, data.starts_on, context)
    partners = tuple(marked(partner, data.coordinator_id, context) for partner in data.partners)
    return replace(data, partners=partners, terms=complete(data.terms))


def formed_errors(data: Formed) -> Iterator[FieldError]:
    partners = [partner.organisation_id for partner in data.partners]
    yield from twice(partners, "/data/partners/{}/organisation_id", "this organisation")
    yield from twice([aim.aim_id for aim in data.aims], "/data/aims/{}/aim_id", "this aim")
    if data.ends_on is not None and data.ends_on <= data.starts_on:
        yield FieldError("/data/ends_on", "before-its-start", "must lie after starts_on")
    yield from terms_errors(data.terms, partners, data.starts_on)


def twice(values: list[str], pointer: str, what: str) -> Iterator[FieldError]:
    for index, value in enumerate(values):
        if value in values[:index]:
            yield FieldError(pointer.format(index), "named-twice", f"names {what} a second time")


def terms_errors(terms: TermsGiven, partners: Iterable[str], since: date) -> Iterator[FieldError]:
    if terms.tolerance_ratio is not None and Fraction(terms.tolerance_ratio) > 1:
        yield FieldError("/data/terms/tolerance_ratio", "out-of-range", "must be at most 1: no balance lies beyond it")
    days = [day.isoformat() for day in terms.break_dates or ()]
    yield from twice(days, "/data/terms/break_dates/{}", "this day")
    intended = terms.intended
    if intended is not None and intended.from_ is not None and intended.from_ not in partners:
        yield FieldError("/data/terms/intended/from", "not-a-partner", "must be one of the partners")
    if intended is not None and intended.until is not None and intended.until < since:
        yield FieldError("/data/terms/intended/until", "before-its-start", "lies before the terms begin")


def marked(partner: Partner, coordinator_id: str, context: Context) -> Partner:
    """The coordinator has said yes for itself and, as their trust, for its schools of today; others are asked."""
    organisation = context.organisation(partner.organisation_id)
    own = organisation is not None and organisation.trust_on(context.today) == coordinator_id
    return replace(partner, at_once=True if own or partner.organisation_id == coordinator_id else None)


def require_not_ended(organisation_id: str, day: date, context: Context) -> None:
    organisation = context.organisation(organisation_id)
    if organisation is not None and organisation.ended_on(day):
        raise OrganisationEnded(organisation_id=organisation_id)


def admit_partner_invited(state: PartnershipState, claim: Claim[PartnerInvited], context: Context) -> PartnerInvited:
    """A partner who left can be asked again: a second membership begins, on or after the day the first ended."""
    data, members = claim.data, state.members
    if data.organisation_id in members.invitations or members.unended(data.organisation_id) is not None:
        raise AlreadySaid("this organisation is invited or a partner already", id=data.organisation_id)
    context.happened(data.on, "/data/on")
    left_on = members.last_until(data.organisation_id)
    if left_on is not None and data.on < left_on:
        require_sound([FieldError("/data/on", "before-it-left", f"lies before it left, on {left_on}")])
    require_not_ended(data.organisation_id, data.on, context)
    return data


def admit_partner_accepted(state: PartnershipState, claim: Claim[PartnerAccepted], context: Context) -> PartnerAccepted:
    """`on` is not before the invitation, unless that only announced a partnership that is still to begin."""
    data, members = claim.data, state.members
    if members.unended(data.organisation_id) is not None:
        raise AlreadySaid("this organisation is a partner already", id=data.organisation_id)
    invitation = members.invitations.get(data.organisation_id)
    if invitation is None:
        raise NotInvited(organisation_id=data.organisation_id)
    context.happened(data.on, "/data/on")
    if data.on < invitation.on <= context.today:
        require_sound([FieldError("/data/on", "before-its-invitation", f"lies before the {invitation.on}")])
    return data


def admit_partner_declined(state: PartnershipState, claim: Claim[PartnerDeclined], context: Context) -> PartnerDeclined:
    if claim.data.organisation_id not in state.members.invitations:
        raise NotInvited(organisation_id=claim.data.organisation_id)
    context.happened(claim.data.on, "/data/on")
    return claim.data


def admit_purpose_revised(state: PartnershipState, claim: Claim[PurposeRevised], context: Context) -> PurposeRevised:
    context.planned(claim.data.effective_on, "/data/effective_on")
    return claim.data


def admit_terms_revised(state: PartnershipState, claim: Claim[TermsRevised], context: Context) -> TermsRevised:
    """What the claim leaves out is taken from the terms that would else be in force on that day."""
    data, in_force = claim.data, state.terms_on(context.today)
    if data.terms == TermsGiven():
        require_sound([FieldError("/data/terms", "nothing-changes", "changes no terms")])
    require_sound(terms_errors(data.terms, state.members.everybody(), state.starts_on))
    context.planned(data.effective_on, "/data/effective_on")
    earliest = context.today + timedelta(days=in_force.notice_days)
    if data.effective_on < earliest:
        raise TermsTooSoon(f"the earliest day is {earliest}", earliest=earliest, notice_days=in_force.notice_days)
    return replace(data, terms=complete(data.terms, state.dated_terms_on(data.effective_on).given))


def admit_coordinator_changed(
    state: PartnershipState, claim: Claim[CoordinatorChanged], context: Context
) -> CoordinatorChanged:
    require_old_coordinator(state, claim, context)
    if claim.data.coordinator_id == state.coordinator_id:
        raise AlreadySaid("this organisation coordinates already", id=state.coordinator_id)
    context.happened(claim.data.on, "/data/on")
    require_not_ended(claim.data.coordinator_id, claim.data.on, context)
    return claim.data


def require_old_coordinator(state: PartnershipState, claim: AnyClaim, context: Context) -> None:
    """The coordinator hands over itself; an administrator does so only where it has ended and cannot."""
    old = context.organisation(state.coordinator_id)
    if claim.speaker.role == "admin" and old is not None and not old.ended_on(context.today):
        needs = {"coordinator": [state.coordinator_id]}
        raise WrongVoice("the coordinator hands over itself while it is there", voice=None, needs=needs)
