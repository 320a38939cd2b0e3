"""What one partner gave another before the ledger began: proposed by one, agreed by the other."""

from __future__ import annotations

from typing import Final

from ledger.domain.context import Context
from ledger.domain.fact import AnyClaim, Claim
from ledger.domain.partnership.facts import OpeningPositionAgreed, OpeningPositionProposed
from ledger.domain.partnership.proposals import Word
from ledger.domain.partnership.refusals import AlreadyDelivering
from ledger.domain.partnership.rules_aims import require_partner
from ledger.domain.partnership.state import PartnershipState
from ledger.domain.refusals import AlreadySaid, NeedsAnotherVoice, UnknownReference
from ledger.domain.succession import spoken_for

CONFIRMED: Final = frozenset({"confirmed", "settled"})


def admit_opening_proposed(
    state: PartnershipState, claim: Claim[OpeningPositionProposed], context: Context
) -> OpeningPositionProposed:
    """Between two partners of today. Several may be proposed for a pair, one is agreed."""
    data = claim.data
    require_new_proposal(state, data.proposal_id)
    for one in (data.giver_id, data.receiver_id):
        require_partner(state, one, context.today)
    context.happened(data.since, "/data/since")
    require_first(state, frozenset({data.giver_id, data.receiver_id}), context)
    return data


def admit_opening_agreed(
    state: PartnershipState, claim: Claim[OpeningPositionAgreed], context: Context
) -> OpeningPositionAgreed:
    opening = state.openings.get(claim.data.proposal_id)
    if opening is None:
        raise UnknownReference("there is no opening position with this id", id=claim.data.proposal_id)
    require_first(state, opening.sides, context)
    require_other_principal(claim, opening.proposed)
    return claim.data


def other_side(state: PartnershipState, proposal_id: str, context: Context) -> frozenset[str] | None:
    """Who has to agree to an opening position; None when there is no such proposal."""
    opening = state.openings.get(proposal_id)
    if opening is None:
        return None
    return frozenset(opening.sides - {spoken_for(opening.proposed.voice, sorted(opening.sides), context)})


def require_new_proposal(state: PartnershipState, proposal_id: str) -> None:
    if proposal_id in state.openings or proposal_id in state.residuals:
        raise AlreadySaid("there is a proposal with this id", id=proposal_id)


def require_other_principal(claim: AnyClaim, *words: Word) -> None:
    """What binds several is said by as many principals."""
    if claim.speaker.principal in {word.actor for word in words}:
        raise NeedsAnotherVoice(principal=claim.speaker.principal)


def require_first(state: PartnershipState, pair: frozenset[str], context: Context) -> None:
    """Once per pair, whichever of the two gave, and before its first confirmed delivery in this partnership."""
    for proposal_id, opening in state.openings.items():
        if opening.in_force and opening.sides == pair:
            raise AlreadySaid("the two have agreed an opening position", id=proposal_id)
    for support_id, support in context.supports_in(state.id).items():
        confirmed = any(delivery.status in CONFIRMED for delivery in support.deliveries.values())
        if confirmed and {support.giver_id, support.receiver_id} == pair:
            raise AlreadyDelivering(support_id=support_id)
