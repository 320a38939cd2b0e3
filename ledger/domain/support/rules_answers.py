"""The receiver's answer to a delivery, and a coordinator's word where there is none."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Final

from ledger.domain.context import Context
from ledger.domain.fact import Claim
from ledger.domain.support.deliveries import Delivery, DeliveryStatus
from ledger.domain.support.facts import (
    ConfirmationWithdrawn,
    DeliveryAttested,
    DeliveryConfirmed,
    DeliveryDisputed,
    Independence,
)
from ledger.domain.support.partners import in_minutes, terms_on
from ledger.domain.support.refusals import (
    AlreadyAttested,
    AlreadyConfirmed,
    AlreadyDisputed,
    AlreadyReversed,
    AlreadySettled,
    MoreThanDelivered,
    NotConfirmed,
    StillTimeToAnswer,
    TooLateToWithdraw,
)
from ledger.domain.support.rules_deliveries import require_delivery
from ledger.domain.support.shapes import TwoSided
from ledger.domain.support.voices import require_another, require_receiver
from ledger.domain.trusts import same_trust
from ledger.errors import Refusal

ALREADY: Final[dict[DeliveryStatus, type[Refusal]]] = {
    "attested": AlreadyAttested,
    "confirmed": AlreadyConfirmed,
    "disputed": AlreadyDisputed,
    "settled": AlreadySettled,
    "reversed": AlreadyReversed,
}


def require_not_yet(delivery: Delivery, *statuses: DeliveryStatus) -> None:
    """Passes when the delivery has none of the statuses. Raises the refusal of the one it has."""
    if delivery.status in statuses:
        raise ALREADY[delivery.status](delivery_id=delivery.delivery_id)


def admit_delivery_confirmed(state: TwoSided, claim: Claim[DeliveryConfirmed], context: Context) -> DeliveryConfirmed:
    delivery = require_delivery(state, claim.data.delivery_id)
    require_receiver(state, claim, delivery, context)
    require_not_yet(delivery, "confirmed", "settled", "reversed")
    return replace(claim.data, independence=independence(state, delivery, context))


def independence(state: TwoSided, delivery: Delivery, context: Context) -> Independence:
    if delivery.imported:
        return "imported"
    together = same_trust(context, state.giver_id, state.receiver_id, delivery.delivered_on)
    return "independent" if together is None else "same_trust"


def admit_confirmation_withdrawn(
    state: TwoSided, claim: Claim[ConfirmationWithdrawn], context: Context
) -> ConfirmationWithdrawn:
    delivery = require_delivery(state, claim.data.delivery_id)
    require_receiver(state, claim, delivery, context)
    require_not_yet(delivery, "settled", "reversed")
    if delivery.status != "confirmed":
        raise NotConfirmed(delivery_id=delivery.delivery_id, status=delivery.status)
    confirmed_on = context.day_of(delivery.status_since)
    until = context.calendar_of(state.receiver_id).add(confirmed_on, days_to_answer(state, delivery, context))
    if context.today > until:
        raise TooLateToWithdraw(f"the last day was {until}", delivery_id=delivery.delivery_id, until=until)
    return claim.data


def admit_delivery_disputed(state: TwoSided, claim: Claim[DeliveryDisputed], context: Context) -> DeliveryDisputed:
    data, delivery = claim.data, require_delivery(state, claim.data.delivery_id)
    require_receiver(state, claim, delivery, context)
    require_not_yet(delivery, "confirmed", "disputed", "settled", "reversed")
    if data.amount_accepted is None:
        return data
    amount, minutes = in_minutes(
        data.amount_accepted,
        state.partnership_id,
        delivery.delivered_on,
        context,
        least=0,
        pointer="amount_accepted",
    )
    require_at_most(minutes, delivery)
    return replace(data, amount_accepted=amount)


def require_at_most(minutes: int, delivery: Delivery) -> None:
    """Passes when an amount is no more than the delivery's. Raises MoreThanDelivered."""
    if minutes > delivery.minutes:
        raise MoreThanDelivered(minutes=minutes, at_most=delivery.minutes)


def admit_delivery_attested(state: TwoSided, claim: Claim[DeliveryAttested], context: Context) -> DeliveryAttested:
    delivery = require_delivery(state, claim.data.delivery_id)
    require_another(claim, delivery.actor)
    require_not_yet(delivery, "attested", "confirmed", "disputed", "settled", "reversed")
    until = waits_until(state, delivery, context)
    if context.today <= until:
        raise StillTimeToAnswer(f"until {until}", delivery_ids=(delivery.delivery_id,), until=until)
    return claim.data


def days_to_answer(state: TwoSided, delivery: Delivery, context: Context) -> int:
    """The days an answer has by the terms of the day of the delivery, on which an answer to it counts."""
    return terms_on(state.partnership_id, delivery.delivered_on, context).confirm_within_days


def waits_until(state: TwoSided, delivery: Delivery, context: Context) -> date:
    """The last day on which an unanswered delivery holds anything up: twice the days, by the receiver's calendar.

    They run from the later of the delivery and its recording, or from the day a confirmation of it was withdrawn.
    """
    since = max(delivery.delivered_on, context.day_of(delivery.status_since))
    return context.calendar_of(state.receiver_id).add(since, 2 * days_to_answer(state, delivery, context))
