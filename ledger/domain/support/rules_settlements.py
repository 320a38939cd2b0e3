"""Settling a dispute: one side proposes what counts, the other agrees."""

from __future__ import annotations

from dataclasses import replace

from ledger.domain.context import Context
from ledger.domain.fact import AnyClaim, Claim
from ledger.domain.refusals import AlreadySaid, UnknownReference
from ledger.domain.succession import spoken_for
from ledger.domain.support.deliveries import Delivery
from ledger.domain.support.facts import DisputeSettled, SettlementProposed
from ledger.domain.support.partners import in_minutes
from ledger.domain.support.refusals import NotDisputed, SettlementLapsed
from ledger.domain.support.rules_answers import require_at_most, require_not_yet
from ledger.domain.support.rules_deliveries import require_delivery
from ledger.domain.support.shapes import TwoSided
from ledger.domain.support.voices import require_another, require_one_side, require_outside, side_of


def admit_settlement_proposed(
    state: TwoSided, claim: Claim[SettlementProposed], context: Context
) -> SettlementProposed:
    data, delivery = claim.data, require_delivery(state, claim.data.delivery_id)
    if data.settlement_id in state.settlements:
        raise AlreadySaid("a settlement has this id", id=data.settlement_id)
    require_disputed(delivery)
    require_receiver_outside(state, claim, delivery, context)
    amount, minutes = in_minutes(data.amount, state.partnership_id, delivery.delivered_on, context, least=0)
    require_at_most(minutes, delivery)
    return replace(data, amount=amount)


def admit_dispute_settled(state: TwoSided, claim: Claim[DisputeSettled], context: Context) -> DisputeSettled:
    settlement_id = claim.data.settlement_id
    settlement = state.settlements.get(settlement_id)
    if settlement is None:
        raise UnknownReference("no settlement has this id", id=settlement_id)
    delivery = require_delivery(state, settlement.delivery_id)
    require_disputed(delivery)
    if not settlement.open:
        raise SettlementLapsed(settlement_id=settlement_id)
    require_one_side(claim, side_of(state, settlement.voice, context), context)
    require_another(claim, settlement.actor)
    require_receiver_outside(state, claim, delivery, context)
    return claim.data


def require_disputed(delivery: Delivery) -> None:
    require_not_yet(delivery, "confirmed", "settled", "reversed")
    if delivery.status != "disputed":
        raise NotDisputed(delivery_id=delivery.delivery_id, status=delivery.status)


def require_receiver_outside(state: TwoSided, claim: AnyClaim, delivery: Delivery, context: Context) -> None:
    """The receiver's word on a delivery, here too, is not that of who recorded it or is named in it."""
    if spoken_for(claim.voice, [state.receiver_id], context) is not None:
        require_outside(claim, delivery)
