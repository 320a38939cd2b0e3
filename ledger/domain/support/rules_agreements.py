"""Agreeing: the one addressed says yes in the same stream; of several, the maker takes up one interest in a new one."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from ledger.domain.context import Context
from ledger.domain.fact import Claim
from ledger.domain.refusals import NotThere, UnknownReference, require_sound
from ledger.domain.support.facts import Agreed, Answers
from ledger.domain.support.partners import in_minutes, require_active, require_aim, require_going_on
from ledger.domain.support.refusals import AddressedToOne, InterestTaken, MoreThanOffered, NotAsOffered, OpenToSeveral
from ledger.domain.support.rules_offers import answers_to, first_day, require_open
from ledger.domain.support.shapes import Interest, Offer, Payment, Posted, Request
from ledger.domain.support.state import SupportState
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
    return replace(data, amount=amount, confidential=data.confidential or confidence(ground.posted))


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
    if answers is None:
        require_sound([FieldError("/data/answers", "missing", "is needed: an agreement answers an offer or a request")])
        raise AssertionError
    state = require_posted(answers.support_id, context.support(answers.support_id))
    if state.addressed_to is not None:
        raise AddressedToOne(support_id=answers.support_id)
    interest_id, interest = require_interest(state, answers, context)
    left = require_open(state, answers.support_id, context)
    payment = state.payment if isinstance(state, Offer) else Payment(basis=interest.basis)
    return ground_of(state, interest.organisation_id, payment, min(left, interest.minutes), interest.actor)
