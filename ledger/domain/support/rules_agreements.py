"""Agreeing: the one addressed says yes in the same stream; of several, the maker takes up one interest in a new one."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from ledger.domain.context import Context
from ledger.domain.fact import Claim
from ledger.domain.refusals import ClaimUnsound, UnknownReference, require_sound
from ledger.domain.support.facts import Agreed, Answers
from ledger.domain.support.partners import in_minutes, require_active, require_aim, require_going_on
from ledger.domain.support.refusals import AddressedToOne, InterestTaken, MoreThanOffered, NotAsOffered, OpenToSeveral
from ledger.domain.support.rules_offers import answers_to, first_day, require_open
from ledger.domain.support.shapes import Offer, Payment, Posted, Request
from ledger.domain.support.voices import require_another
from ledger.errors import FieldError


@dataclass(frozen=True, slots=True, kw_only=True)
class Ground:
    """What the other side said, on which an agreement stands. `payment` None: the giver says it in the agreement."""

    posted: Offer | Request
    giver_id: str
    receiver_id: str
    payment: Payment | None
    at_most: int
    actor: str


def admit_agreed(state: Offer | Request | None, claim: Claim[Agreed], context: Context) -> Agreed:
    data = claim.data
    ground = ground_in_a_new_stream(claim, context) if state is None else ground_here(state, claim, context)
    require_another(claim, ground.actor)
    found = tuple(differences(ground, data))
    if found:
        raise NotAsOffered(f"{found[0].pointer} {found[0].detail}", errors=found)
    context.planned(data.starts_on, "/data/starts_on")
    context.planned(data.ends_on, "/data/ends_on")
    both = (data.giver_id, data.receiver_id)
    require_going_on(both, context.today, context)
    require_active(both, data.partnership_id, [first_day(data.starts_on, context)], context)
    require_aim(data.aim_id, data.partnership_id, context)
    amount, minutes = in_minutes(data.amount, data.partnership_id, data.starts_on, context)
    if minutes > ground.at_most:
        raise MoreThanOffered(f"at most {ground.at_most} minutes", minutes=minutes, at_most=ground.at_most)
    asked = isinstance(ground.posted, Request) and ground.posted.confidential
    return replace(data, amount=amount, confidential=True if asked else data.confidential)


def ground_here(state: Offer | Request, claim: Claim[Agreed], context: Context) -> Ground:
    """What is addressed to one organisation, which now says yes."""
    support_id, other = claim.stream.id, state.addressed_to
    if other is None:
        raise OpenToSeveral(support_id=support_id)
    if claim.data.answers not in (None, Answers(support_id=support_id)):
        detail = "is this stream itself; leave it out"
        require_sound([FieldError("/data/answers", "answers-itself", detail)])
    left = require_open(state, support_id, context)
    payment = state.payment if isinstance(state, Offer) else None
    return ground_of(state, other, payment, left, state.actor)


def ground_in_a_new_stream(claim: Claim[Agreed], context: Context) -> Ground:
    """An interest in what is open to several, which its maker now takes up."""
    answers = claim.data.answers
    if answers is None or answers.interest_id is None:
        missing = "/data/answers" if answers is None else "/data/answers/interest_id"
        detail = "is needed: an agreement in a new stream takes up an interest"
        raise ClaimUnsound(f"{missing} {detail}", errors=(FieldError(missing, "missing", detail),))
    support_id, interest_id = answers.support_id, answers.interest_id
    state = context.support(support_id)
    if not isinstance(state, Posted):
        raise UnknownReference("there is no offer and no request with this id", id=support_id)
    if state.addressed_to is not None:
        raise AddressedToOne(support_id=support_id)
    interest = state.interests.get(interest_id)
    if interest is None:
        raise UnknownReference("nobody showed an interest with this id", id=interest_id)
    require_not_taken(support_id, interest_id, context)
    left = require_open(state, support_id, context)
    payment = state.payment if isinstance(state, Offer) else Payment(basis=interest.basis)
    return ground_of(state, interest.organisation_id, payment, min(left, interest.minutes), interest.actor)


def require_not_taken(support_id: str, interest_id: str, context: Context) -> None:
    for agreed_id, one in answers_to(support_id, context).items():
        if one.agreement.answers == Answers(support_id=support_id, interest_id=interest_id):
            raise InterestTaken(interest_id=interest_id, support_id=agreed_id)


def ground_of(posted: Offer | Request, other: str, payment: Payment | None, at_most: int, actor: str) -> Ground:
    giver, receiver = (posted.maker_id, other) if isinstance(posted, Offer) else (other, posted.maker_id)
    return Ground(posted=posted, giver_id=giver, receiver_id=receiver, payment=payment, at_most=at_most, actor=actor)


def differences(ground: Ground, data: Agreed) -> Iterator[FieldError]:
    """Where an agreement says something else than what it stands on."""
    posted = ground.posted
    for name, expected in (
        ("giver_id", ground.giver_id),
        ("receiver_id", ground.receiver_id),
        ("partnership_id", posted.partnership_id),
        ("category", posted.category),
    ):
        if getattr(data, name) != expected:
            yield FieldError(f"/data/{name}", "not-as-offered", f"must be {expected or 'left out'}")
    yield from differences_of_payment(ground.payment, data)
    if isinstance(posted, Request) and posted.confidential and data.confidential is False:
        yield FieldError("/data/confidential", "not-as-offered", "was asked for; a variation lifts it")


def differences_of_payment(expected: Payment | None, data: Agreed) -> Iterator[FieldError]:
    """The basis is the giver's word; who pays and how much is only as offered, or by a variation."""
    if expected is None:
        if data.basis not in ("exchange", "gift"):
            yield FieldError("/data/basis", "not-as-offered", "must be exchange or gift; the rest is a variation")
        return
    for name in ("basis", "paid_by", "pence_per_day"):
        if getattr(data, name) != getattr(expected, name):
            said = getattr(expected, name)
            yield FieldError(f"/data/{name}", "not-as-offered", f"must be {'left out' if said is None else said}")
