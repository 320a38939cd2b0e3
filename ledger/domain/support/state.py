"""How the facts of one support make its state, one after the other; nothing is refused here."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields, replace
from typing import Any, Final, TypeVar

from ledger.domain.fact import AnyFact, Fact
from ledger.domain.support import facts as said
from ledger.domain.support.deliveries import recorded
from ledger.domain.support.delivery_steps import (
    delivered,
    delivery_reversed,
    dispute_settled,
    settlement_proposed,
    step_to,
)
from ledger.domain.support.shapes import (
    Agreed,
    AgreedOnce,
    Agreement,
    Cancelled,
    Completed,
    Delivered,
    Entry,
    Interest,
    Offer,
    Offered,
    Payment,
    Posted,
    Requested,
    SupportState,
    TwoSided,
    Variation,
    WithdrawnOffer,
    WithdrawnRequest,
)

__all__ = ["SupportState", "concerned", "evolve", "partnership"]

S = TypeVar("S")


def evolve(state: SupportState | None, fact: AnyFact) -> SupportState:
    """The state after a fact of this stream."""
    if state is None:
        begin = BEGINNINGS.get(type(fact.data))
        if begin is not None:
            return begin(fact)
    elif isinstance(state, Posted):
        answer = ANSWERS.get(type(fact.data))
        if answer is not None:
            after: SupportState = answer(state, fact)
            return after
    else:
        step = STEPS.get(type(fact.data))
        if step is not None:
            next_state: SupportState = step(state, fact)
            return next_state
    raise TypeError(f"{fact.type} cannot stand here in a support's stream")


def concerned(state: SupportState) -> frozenset[str]:
    """Giver and receiver; the maker of an offer or request, and the one it is addressed to."""
    return state.concerned


def partnership(state: SupportState | None) -> str | None:
    return None if state is None else state.partnership_id


def as_shape(shape: type[S], state: Any, **changes: Any) -> S:
    """The same support in another shape."""
    return shape(**{one.name: getattr(state, one.name) for one in fields(state)} | changes)


# One side's word.
def offered(fact: Fact[said.Offered]) -> Offered:
    data = fact.data
    return Offered(
        maker_id=data.giver_id,
        partnership_id=data.partnership_id,
        category=data.category,
        minutes=data.amount.minutes or 0,
        to=data.open_to.to,
        addressed_to=data.open_to.organisation_id,
        until=data.available_until,
        actor=fact.actor,
        payment=payment(data),
    )


def payment(data: said.Offered | said.Agreed | said.VariationProposed) -> Payment:
    return Payment(basis=data.basis or "exchange", paid_by=data.paid_by, pence_per_day=data.pence_per_day)


def requested(fact: Fact[said.Requested]) -> Requested:
    data = fact.data
    return Requested(
        maker_id=data.receiver_id,
        partnership_id=data.partnership_id,
        category=data.category,
        minutes=data.amount.minutes or 0,
        to=data.open_to.to,
        addressed_to=data.open_to.organisation_id,
        until=data.needed_by,
        actor=fact.actor,
        confidential=bool(data.confidential),
    )


def interest_shown(state: Posted, fact: Fact[said.InterestShown]) -> Posted:
    data = fact.data
    interest = Interest(
        organisation_id=data.organisation_id,
        minutes=data.amount.minutes or 0,
        basis=data.basis or "exchange",
        actor=fact.actor,
    )
    return replace(state, interests={**state.interests, data.interest_id: interest})


def withdrawn(state: Posted, fact: AnyFact) -> SupportState:
    if isinstance(state, Offer):
        return as_shape(WithdrawnOffer, state)
    return as_shape(WithdrawnRequest, state)


# Two sides' word.
def agreed(fact: Fact[said.Agreed]) -> Agreed:
    data = fact.data
    agreement = Agreement(
        minutes=data.amount.minutes or 0, starts_on=data.starts_on, ends_on=data.ends_on, answers=data.answers
    )
    return Agreed(
        giver_id=data.giver_id,
        receiver_id=data.receiver_id,
        partnership_id=data.partnership_id,
        category=data.category,
        payment=payment(data),
        confidential=bool(data.confidential),
        agreement=agreement,
    )


def agreed_here(state: Posted, fact: Fact[said.Agreed]) -> SupportState:
    return agreed(fact)


def delivered_alone(fact: Fact[said.Delivered]) -> Delivered:
    data = fact.data
    basis = data.basis or "exchange"
    return Delivered(
        giver_id=data.giver_id or "",
        receiver_id=data.receiver_id or "",
        partnership_id=data.partnership_id,
        category=data.category or "other",
        payment=Payment(basis=basis),
        deliveries={data.delivery_id: recorded(fact, basis)},
    )


def variation_proposed(state: TwoSided, fact: Fact[said.VariationProposed]) -> TwoSided:
    """Confidence is asked for by one side alone: it holds as soon as it is asked for."""
    data = fact.data
    variation = Variation(
        minutes=None if data.amount is None else data.amount.minutes,
        starts_on=data.starts_on,
        ends_on=data.ends_on,
        payment=None if data.basis is None else payment(data),
        confidential=data.confidential,
        voice=fact.voice or "",
        actor=fact.actor,
    )
    return replace(
        state,
        variations={**state.variations, data.variation_id: variation},
        confidential=state.confidential or bool(data.confidential),
    )


def variation_agreed(state: TwoSided, fact: Fact[said.VariationAgreed]) -> TwoSided:
    variation = state.variations[fact.data.variation_id]
    changes: dict[str, Any] = {
        "variations": {**state.variations, fact.data.variation_id: replace(variation, open=False)}
    }
    if variation.payment is not None:
        changes["payment"] = variation.payment
    if variation.confidential is not None:
        changes["confidential"] = variation.confidential
    if isinstance(state, AgreedOnce):
        changes["agreement"] = varied(state.agreement, variation)
    return replace(state, **changes)


def varied(agreement: Agreement, variation: Variation) -> Agreement:
    return replace(
        agreement,
        minutes=agreement.minutes if variation.minutes is None else variation.minutes,
        starts_on=variation.starts_on or agreement.starts_on,
        ends_on=variation.ends_on or agreement.ends_on,
    )


def entry_recorded(state: TwoSided, fact: Fact[said.VisitMissed | said.OutcomeRecorded]) -> TwoSided:
    data = fact.data
    on = data.on if isinstance(data, said.VisitMissed) else data.assessed_on
    return with_entry(state, fact.event_id, Entry(voice=fact.voice or "", on=on))


def entry_withdrawn(state: TwoSided, fact: Fact[said.EntryWithdrawn]) -> TwoSided:
    event_id = fact.data.event_id
    return with_entry(state, event_id, replace(state.entries[event_id], withdrawn=True))


def with_entry(state: TwoSided, event_id: str, entry: Entry) -> TwoSided:
    return replace(state, entries={**state.entries, event_id: entry})


def completed(state: TwoSided, fact: Fact[said.Completed]) -> TwoSided:
    return as_shape(Completed, state)


def cancelled(state: TwoSided, fact: Fact[said.Cancelled]) -> TwoSided:
    return as_shape(Cancelled, state)


BEGINNINGS: Final[dict[type, Callable[[AnyFact], SupportState]]] = {
    said.Offered: offered,
    said.Requested: requested,
    said.Agreed: agreed,
    said.Delivered: delivered_alone,
}
ANSWERS: Final[dict[type, Callable[[Any, AnyFact], Any]]] = {
    said.InterestShown: interest_shown,
    said.OfferWithdrawn: withdrawn,
    said.RequestWithdrawn: withdrawn,
    said.Agreed: agreed_here,
}
STEPS: Final[dict[type, Callable[[Any, AnyFact], Any]]] = {
    said.VariationProposed: variation_proposed,
    said.VariationAgreed: variation_agreed,
    said.VisitMissed: entry_recorded,
    said.Delivered: delivered,
    said.DeliveryConfirmed: step_to("confirmed"),
    said.ConfirmationWithdrawn: step_to("claimed"),
    said.DeliveryDisputed: step_to("disputed"),
    said.SettlementProposed: settlement_proposed,
    said.DisputeSettled: dispute_settled,
    said.DeliveryAttested: step_to("attested"),
    said.DeliveryReversed: delivery_reversed,
    said.OutcomeRecorded: entry_recorded,
    said.Completed: completed,
    said.Cancelled: cancelled,
    said.EntryWithdrawn: entry_withdrawn,
}
