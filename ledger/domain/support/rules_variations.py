"""Varying what was agreed: one side proposes, the other agrees through a principal of its own."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

from ledger.domain.context import Context
from ledger.domain.fact import Claim
from ledger.domain.refusals import AlreadySaid, NotNow, UnknownReference, require_sound
from ledger.domain.support.facts import VariationAgreed, VariationProposed
from ledger.domain.support.partners import in_minutes
from ledger.domain.support.refusals import LessThanDelivered
from ledger.domain.support.shapes import Agreed, TwoSided
from ledger.domain.support.voices import require_another, require_one_side, side_of
from ledger.errors import FieldError


def admit_variation_proposed(state: TwoSided, claim: Claim[VariationProposed], context: Context) -> VariationProposed:
    """Confidence may be asked for, and lifted, at any time; all else only while the support is agreed and open."""
    data = claim.data
    if data.variation_id in state.variations:
        raise AlreadySaid("a variation has this id", id=data.variation_id)
    if not isinstance(state, Agreed):
        if any(one is not None for one in (data.amount, data.starts_on, data.ends_on, data.basis)):
            raise NotNow(state=type(state).__name__)
        return data
    require_days(state, data.starts_on, data.ends_on, context)
    if data.amount is None:
        return data
    day = data.starts_on or state.agreement.starts_on
    amount, minutes = in_minutes(data.amount, state.partnership_id, day, context)
    require_enough(state, minutes)
    return replace(data, amount=amount)


def require_days(state: Agreed, starts_on: date | None, ends_on: date | None, context: Context) -> None:
    for name, day in (("starts_on", starts_on), ("ends_on", ends_on)):
        if day is not None:
            context.planned(day, f"/data/{name}")
    require_sound(order_errors(state, starts_on, ends_on))


def order_errors(state: Agreed, starts_on: date | None, ends_on: date | None) -> Iterator[FieldError]:
    if (ends_on or state.agreement.ends_on) < (starts_on or state.agreement.starts_on):
        pointer = "/data/starts_on" if ends_on is None else "/data/ends_on"
        yield FieldError(pointer, "before-its-start", "the support would end before it starts")


def require_enough(state: Agreed, minutes: int) -> None:
    if minutes < state.delivered_minutes:
        raise LessThanDelivered(minutes=minutes, at_least=state.delivered_minutes)


def admit_variation_agreed(state: TwoSided, claim: Claim[VariationAgreed], context: Context) -> VariationAgreed:
    """What has been delivered or varied since the proposal is asked again."""
    variation_id = claim.data.variation_id
    variation = state.variations.get(variation_id)
    if variation is None:
        raise UnknownReference("no variation has this id", id=variation_id)
    if not variation.open:
        raise AlreadySaid("this variation was agreed before", id=variation_id)
    require_one_side(claim, side_of(state, variation.voice, context), context)
    require_another(claim, variation.actor)
    if not isinstance(state, Agreed):
        if not variation.only_confidence:
            raise NotNow(state=type(state).__name__)
        return claim.data
    if variation.minutes is not None:
        require_enough(state, variation.minutes)
    require_sound(order_errors(state, variation.starts_on, variation.ends_on))
    return claim.data
