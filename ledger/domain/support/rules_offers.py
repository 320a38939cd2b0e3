"""Offering, asking, withdrawing either, and showing interest."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

from ledger.domain.categories import require_category
from ledger.domain.context import Context
from ledger.domain.fact import Claim
from ledger.domain.refusals import AlreadySaid, NotAPartner, NotNow, UnknownReference, require_sound
from ledger.domain.review.state import AnsweredReview, CompletedReview
from ledger.domain.support.facts import (
    ArisingFrom,
    InterestShown,
    Offered,
    OfferWithdrawn,
    OpenTo,
    Requested,
    RequestWithdrawn,
)
from ledger.domain.support.partners import (
    in_minutes,
    require_active,
    require_going_on,
    require_partnership,
    require_people,
)
from ledger.domain.support.refusals import AddressedToOne, NoLongerOpen, NotOpenTo
from ledger.domain.support.shapes import AgreedOnce, Offer, Posted, Request, WithdrawnOffer, WithdrawnRequest
from ledger.domain.support.shapes import Offered as OpenOffer
from ledger.domain.support.shapes import Requested as OpenRequest
from ledger.domain.support.voices import require_another
from ledger.domain.trusts import trust_of
from ledger.errors import FieldError


def admit_offered(state: None, claim: Claim[Offered], context: Context) -> Offered:
    """An offer that begins later is priced with the tariff of today: a plan is seen as of the day it was made."""
    data = claim.data
    require_category(data.category, context)
    context.planned(data.available_from, "/data/available_from")
    if data.available_until is not None:
        context.planned(data.available_until, "/data/available_until")
    require_active([data.giver_id], data.partnership_id, [first_day(data.available_from, context)], context)
    require_audience(data.open_to, data.giver_id, data.partnership_id, context)
    require_people(data.people, context)
    day = min(data.available_from, context.day_of(claim.occurred_at))
    return replace(data, amount=in_minutes(data.amount, data.partnership_id, day, context)[0])


def admit_requested(state: None, claim: Claim[Requested], context: Context) -> Requested:
    data = claim.data
    require_category(data.category, context)
    if data.needed_by is not None:
        context.planned(data.needed_by, "/data/needed_by")
    require_active([data.receiver_id], data.partnership_id, [first_day(data.needed_by, context)], context)
    require_audience(data.open_to, data.receiver_id, data.partnership_id, context)
    if data.arising_from is not None:
        require_finding(data.arising_from, data.receiver_id, context)
    day = context.day_of(claim.occurred_at)
    return replace(data, amount=in_minutes(data.amount, data.partnership_id, day, context)[0])


def first_day(day: date | None, context: Context) -> date:
    """The day on which its partners must belong: that of a plan, today at the earliest."""
    return context.today if day is None else max(day, context.today)


def require_audience(open_to: OpenTo, maker: str, partnership_id: str | None, context: Context) -> None:
    """Passes when somebody can answer: the organisation addressed is another, the partnership is named, and so on."""
    require_sound(audience_errors(open_to, maker, partnership_id, context))
    addressed = open_to.organisation_id
    if addressed is None:
        return
    require_going_on([addressed], context.today, context)
    if partnership_id is not None and not require_partnership(partnership_id, context).names(addressed):
        raise NotAPartner(organisation_id=addressed, partnership_id=partnership_id)


def audience_errors(open_to: OpenTo, maker: str, partnership_id: str | None, context: Context) -> Iterator[FieldError]:
    if open_to.organisation_id == maker:
        yield FieldError("/data/open_to/organisation_id", "same-organisation", "giver and receiver must differ")
    if open_to.to == "partnership" and partnership_id is None:
        yield FieldError("/data/partnership_id", "missing", "is needed where a partnership may answer")
    if open_to.to == "trust" and trust_of(context, maker, context.today) is None:
        yield FieldError("/data/open_to/to", "no-trust", "the organisation belongs to no trust today")


def require_finding(source: ArisingFrom, receiver: str, context: Context) -> None:
    """Passes when the finding is one about the organisation that asks."""
    review = context.review(source.review_id)
    if not isinstance(review, CompletedReview | AnsweredReview) or review.plan.reviewed_id != receiver:
        raise UnknownReference("no completed review of this organisation has this id", id=source.review_id)
    if source.finding_id not in review.findings:
        raise UnknownReference("the review has no such finding", id=source.finding_id)


def admit_offer_withdrawn(state: Posted, claim: Claim[OfferWithdrawn], context: Context) -> OfferWithdrawn:
    if not isinstance(state, OpenOffer):
        raise NotNow(state=type(state).__name__)
    return claim.data


def admit_request_withdrawn(state: Posted, claim: Claim[RequestWithdrawn], context: Context) -> RequestWithdrawn:
    if not isinstance(state, OpenRequest):
        raise NotNow(state=type(state).__name__)
    return claim.data


def admit_interest_shown(state: Offer | Request, claim: Claim[InterestShown], context: Context) -> InterestShown:
    data = claim.data
    support_id = claim.stream.id
    if state.addressed_to is not None:
        raise AddressedToOne(support_id=support_id)
    require_open(state, support_id, context)
    require_open_to(state, data.organisation_id, support_id, context)
    require_another(claim, state.actor)
    if data.interest_id in state.interests:
        raise AlreadySaid("an interest has this id", id=data.interest_id)
    if data.basis is not None and isinstance(state, Offer):
        detail = "is the giver's word; the offer has said it"
        require_sound([FieldError("/data/basis", "givers-word", detail)])
    day = context.day_of(claim.occurred_at)
    return replace(data, amount=in_minutes(data.amount, state.partnership_id, day, context)[0])


def require_open_to(state: Offer | Request, organisation_id: str, support_id: str, context: Context) -> None:
    """Passes when an organisation may answer. Raises NotOpenTo, or NotAPartner where it counts in a partnership."""
    require_active([organisation_id], state.partnership_id, [context.today], context)
    trust = trust_of(context, state.maker_id, context.today) if state.to == "trust" else None
    outside = state.to == "trust" and (trust is None or trust_of(context, organisation_id, context.today) != trust)
    if outside or organisation_id == state.maker_id:
        raise NotOpenTo(organisation_id=organisation_id, support_id=support_id)


def require_open(state: Offer | Request, support_id: str, context: Context) -> int:
    """The minutes that are left of an offer or request. Raises NoLongerOpen."""
    left = state.minutes - sum(one.taken_minutes for one in answers_to(support_id, context).values())
    because = None
    if isinstance(state, WithdrawnOffer | WithdrawnRequest):
        because = "withdrawn"
    elif state.has_run_out(context.today):
        because = "run_out"
    elif left <= 0:
        because = "used_up"
    if because is not None:
        raise NoLongerOpen(support_id=support_id, because=because)
    return left


def answers_to(support_id: str, context: Context) -> dict[str, AgreedOnce]:
    """What was agreed from an offer or request in streams of its own, by id."""
    found = context.answers_to(support_id)
    return {one: state for one, state in found.items() if isinstance(state, AgreedOnce)}
