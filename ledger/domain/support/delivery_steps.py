"""The steps of one delivery in its support's state: recorded, answered, settled, reversed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from ledger.domain.fact import AnyFact, Fact
from ledger.domain.support import facts as said
from ledger.domain.support.deliveries import Delivery, DeliveryStatus, become, recorded, settlement
from ledger.domain.support.shapes import TwoSided


def delivered(state: TwoSided, fact: Fact[said.Delivered]) -> TwoSided:
    return with_delivery(state, recorded(fact, state.basis))


def with_delivery(state: TwoSided, delivery: Delivery) -> TwoSided:
    """Proposals to settle a dispute lapse with the dispute."""
    deliveries = {**state.deliveries, delivery.delivery_id: delivery}
    if delivery.status == "disputed":
        settlements = state.settlements
    else:
        settlements = {
            key: replace(one, open=False) if one.delivery_id == delivery.delivery_id else one
            for key, one in state.settlements.items()
        }
    return replace(state, deliveries=deliveries, settlements=settlements)


def step_to(status: DeliveryStatus) -> Callable[[TwoSided, AnyFact], TwoSided]:
    """A step that gives the delivery its fact names another status."""

    def step(state: TwoSided, fact: AnyFact) -> TwoSided:
        return with_delivery(state, become(state.deliveries[fact.data.delivery_id], status, fact))

    return step


def delivery_reversed(state: TwoSided, fact: Fact[said.DeliveryReversed]) -> TwoSided:
    delivery = become(state.deliveries[fact.data.delivery_id], "reversed", fact)
    return with_delivery(state, replace(delivery, reversed_on=fact.data.effective_on))


def settlement_proposed(state: TwoSided, fact: Fact[said.SettlementProposed]) -> TwoSided:
    return replace(state, settlements={**state.settlements, fact.data.settlement_id: settlement(fact)})


def dispute_settled(state: TwoSided, fact: Fact[said.DisputeSettled]) -> TwoSided:
    one = state.settlements[fact.data.settlement_id]
    delivery = become(state.deliveries[one.delivery_id], "settled", fact)
    return with_delivery(state, replace(delivery, settled_minutes=one.minutes))
