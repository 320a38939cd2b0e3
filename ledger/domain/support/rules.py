"""What may be said of a support: which rule is asked for which event, in which shape."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from ledger.domain.context import Context
from ledger.domain.fact import AnyClaim
from ledger.domain.refusals import AlreadyThere, NotNow, NotThere
from ledger.domain.support import facts as said
from ledger.domain.support.rules_agreements import admit_agreed
from ledger.domain.support.rules_answers import (
    admit_confirmation_withdrawn,
    admit_delivery_attested,
    admit_delivery_confirmed,
    admit_delivery_disputed,
)
from ledger.domain.support.rules_deliveries import admit_delivered, admit_delivered_alone, admit_delivery_reversed
from ledger.domain.support.rules_endings import admit_cancelled, admit_completed
from ledger.domain.support.rules_entries import admit_entry_withdrawn, admit_outcome_recorded, admit_visit_missed
from ledger.domain.support.rules_offers import (
    admit_interest_shown,
    admit_offer_withdrawn,
    admit_offered,
    admit_request_withdrawn,
    admit_requested,
)
from ledger.domain.support.rules_settlements import admit_dispute_settled, admit_settlement_proposed
from ledger.domain.support.rules_variations import admit_variation_agreed, admit_variation_proposed
from ledger.domain.support.shapes import Posted
from ledger.domain.support.state import SupportState
from ledger.domain.support.voices import parties, require_not_for_the_other

__all__ = ["admit", "parties"]

Rule = Callable[[Any, AnyClaim, Context], Any]


def admit(state: SupportState | None, claim: AnyClaim, context: Context) -> Any:
    """The data of the fact, or a Refusal."""
    require_not_for_the_other(claim, sides(state, claim))
    kind = type(claim.data)
    if state is None:
        if kind not in BEGINNINGS:
            raise NotThere(stream_kind="support", id=claim.stream.id)
        return BEGINNINGS[kind](None, claim, context)
    if kind in (said.Offered, said.Requested) or (kind is said.Agreed and not isinstance(state, Posted)):
        raise AlreadyThere(stream_kind="support", id=claim.stream.id)
    rule = (POSTED if isinstance(state, Posted) else TWO_SIDED).get(kind)
    if rule is None:
        raise not_now(state)
    return rule(state, claim, context)


def not_now(state: SupportState) -> NotNow:
    return NotNow(state=type(state).__name__)


def sides(state: SupportState | None, claim: AnyClaim) -> frozenset[str]:
    """The organisations that stand on the two sides, as far as they are known."""
    if state is not None:
        return state.concerned
    named: tuple[str | None, ...] = ()
    match claim.data:
        case said.Offered(open_to=open_to) | said.Requested(open_to=open_to):
            named = (open_to.organisation_id,)
        case said.Delivered(giver_id=giver, receiver_id=receiver):
            named = (giver, receiver)
    return frozenset(one for one in named if one is not None)


BEGINNINGS: Final[dict[type, Rule]] = {
    said.Offered: admit_offered,
    said.Requested: admit_requested,
    said.Agreed: admit_agreed,
    said.Delivered: admit_delivered_alone,
}
POSTED: Final[dict[type, Rule]] = {
    said.InterestShown: admit_interest_shown,
    said.OfferWithdrawn: admit_offer_withdrawn,
    said.RequestWithdrawn: admit_request_withdrawn,
    said.Agreed: admit_agreed,
}
TWO_SIDED: Final[dict[type, Rule]] = {
    said.VariationProposed: admit_variation_proposed,
    said.VariationAgreed: admit_variation_agreed,
    said.VisitMissed: admit_visit_missed,
    said.Delivered: admit_delivered,
    said.DeliveryConfirmed: admit_delivery_confirmed,
    said.ConfirmationWithdrawn: admit_confirmation_withdrawn,
    said.DeliveryDisputed: admit_delivery_disputed,
    said.SettlementProposed: admit_settlement_proposed,
    said.DisputeSettled: admit_dispute_settled,
    said.DeliveryAttested: admit_delivery_attested,
    said.DeliveryReversed: admit_delivery_reversed,
    said.OutcomeRecorded: admit_outcome_recorded,
    said.Completed: admit_completed,
    said.Cancelled: admit_cancelled,
    said.EntryWithdrawn: admit_entry_withdrawn,
}
