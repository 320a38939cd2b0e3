"""How a partner leaves, and how a partnership ends."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from ledger.domain.context import Context
from ledger.domain.fact import AnyClaim, Claim
from ledger.domain.partnership.aims import MetAim, OpenAim
from ledger.domain.partnership.facts import Closed, NoticeGiven, NoticeRescinded, PartnerLeft
from ledger.domain.partnership.refusals import (
    AimsOpen,
    NoNotice,
    NoticeInEffect,
    NoticeRunning,
    NoticeTooShort,
    StillOpen,
)
from ledger.domain.partnership.shapes import Notice
from ledger.domain.partnership.state import PartnershipState
from ledger.domain.refusals import AlreadySaid, NotAPartner, SpeaksForItself, require_sound
from ledger.domain.succession import spoken_for, succeeded_by
from ledger.domain.support.shapes import Posted
from ledger.errors import FieldError


def admit_notice_given(state: PartnershipState, claim: Claim[NoticeGiven], context: Context) -> NoticeGiven:
    """Notice counts every day from the day of recording. A successor gives it for the partner it goes on from."""
    data, terms = claim.data, state.terms_on(context.today)
    partners = [one for one in sorted(state.members.staying()) if speaks_for(claim.voice, one, context)]
    if not partners:
        raise NotAPartner(organisation_id=claim.voice, partnership_id=state.id)
    running = [notice for one in partners if (notice := notice_of(state, one, context)) is not None]
    if len(running) == len(partners):
        raise AlreadySaid("a notice is running", id=running[0].event_id)
    context.planned(data.leaves_on, "/data/leaves_on")
    earliest = context.today + timedelta(days=0 if terms.allow_immediate else terms.notice_days)
    if data.leaves_on < earliest:
        raise NoticeTooShort(f"the earliest day is {earliest}", earliest=earliest, notice_days=terms.notice_days)
    return data


def speaks_for(voice: str | None, organisation_id: str, context: Context) -> bool:
    return spoken_for(voice, [organisation_id], context) is not None


def notice_of(state: PartnershipState, partner_id: str, context: Context) -> Notice | None:
    """The running notice of a partner, given by itself or by its successor."""
    if partner_id in state.notices:
        return state.notices[partner_id]
    return next((one for voice, one in state.notices.items() if succeeded_by(partner_id, voice, context)), None)


def admit_notice_rescinded(state: PartnershipState, claim: Claim[NoticeRescinded], context: Context) -> NoticeRescinded:
    notice = state.notices.get(claim.voice or "")
    if notice is None:
        raise NoNotice(organisation_id=claim.voice)
    if notice.leaves_on <= context.today:
        raise NoticeInEffect(organisation_id=claim.voice, leaves_on=notice.leaves_on)
    return claim.data


def admit_partner_left(state: PartnershipState, claim: Claim[PartnerLeft], context: Context) -> PartnerLeft:
    """A partner leaves by its own word; the coordinator removes others, and nobody removes itself."""
    data = claim.data
    context.happened(data.on, "/data/on")
    itself = speaks_for(claim.voice, data.organisation_id, context)
    if data.removed:
        if itself:
            require_sound([FieldError("/data/removed", "removes-itself", "a partner leaves, and is removed by others")])
        require_removable(state, claim, context)
    elif itself:
        require_may_leave(state, claim, context)
    else:
        raise SpeaksForItself("a partner says itself that it leaves", recorded_for=data.organisation_id)
    return data


def require_removable(state: PartnershipState, claim: Claim[PartnerLeft], context: Context) -> None:
    """Removing one that has not answered its invitation takes the invitation back."""
    data = claim.data
    span = state.members.unended(data.organisation_id)
    if span is None and data.organisation_id not in state.members.invitations:
        raise NotAPartner(organisation_id=data.organisation_id, partnership_id=state.id)
    if span is not None and data.on < span.since <= context.today:
        require_sound([FieldError("/data/on", "before-its-start", f"lies before it became a partner, on {span.since}")])


def require_may_leave(state: PartnershipState, claim: AnyClaim, context: Context) -> None:
    leaver = claim.data.organisation_id
    if state.members.unended(leaver) is None:
        raise NotAPartner(organisation_id=leaver, partnership_id=state.id)
    notice = notice_of(state, leaver, context)
    if notice is None:
        raise NoNotice(organisation_id=leaver)
    if claim.data.on < notice.leaves_on:
        raise NoticeRunning(organisation_id=leaver, leaves_on=notice.leaves_on)
    supports = sorted(open_supports(state.id, leaver, context))
    if supports:
        raise StillOpen(f"{len(supports)} to complete, cancel or withdraw first", supports=supports)


def open_supports(partnership_id: str, leaver: str, context: Context) -> Iterator[str]:
    """What a leaver has agreed and not ended, or offered or asked and not withdrawn, in one partnership.

    An offer or request that has run out is open no longer.
    """
    for support_id, support in context.supports_in(partnership_id).items():
        if isinstance(support, Posted):
            is_open = support.is_offer_or_request_open and not support.has_run_out(context.today)
        else:
            is_open = support.is_agreed_and_open
        if is_open and leaver in (support.giver_id, support.receiver_id):
            yield support_id


def admit_closed(state: PartnershipState, claim: Claim[Closed], context: Context) -> Closed:
    """Closing ends every membership; nothing need be ended before."""
    data = claim.data
    context.happened(data.on, "/data/on")
    if data.on < state.starts_on <= context.today:
        require_sound([FieldError("/data/on", "before-its-start", f"lies before it began, on {state.starts_on}")])
    if data.reason == "purpose_met":
        still = sorted(aim_id for aim_id, aim in state.aims.items() if isinstance(aim, OpenAim))
        if still or not any(isinstance(aim, MetAim) for aim in state.aims.values()):
            raise AimsOpen(aims=still)
    return data
