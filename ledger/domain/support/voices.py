"""Who is which party to a support, and who may not say the other half of what binds its two sides."""

from __future__ import annotations

from collections.abc import Mapping

from ledger.domain.context import Context
from ledger.domain.fact import AnyClaim
from ledger.domain.refusals import NeedsAnotherVoice, NotThere, OnlyTheReceiverConfirms, SpeaksForItself
from ledger.domain.succession import spoken_for
from ledger.domain.support import facts as said
from ledger.domain.support.deliveries import Delivery, Settlement
from ledger.domain.support.shapes import Posted, TwoSided, Variation
from ledger.domain.support.state import SupportState

Parties = Mapping[str, frozenset[str]]


def parties(state: SupportState | None, claim: AnyClaim, context: Context) -> Parties:
    """Who is which party. Where only a rule can say what is wrong, both sides stand as the party."""
    match claim.data:
        case said.Offered(giver_id=giver):
            return {"giver": frozenset({giver})}
        case said.Requested(receiver_id=receiver):
            return {"receiver": frozenset({receiver})}
        case said.InterestShown(organisation_id=interested) if state is not None:
            return {"interested": frozenset({interested})}
        case said.Agreed() as data:
            return {"agreeing": agreeing(state, data, context)}
        case said.Delivered(giver_id=giver) if state is None:
            return {"giver": frozenset({giver or claim.voice or ""})}
    if state is None:
        raise NotThere(stream_kind="support", id=claim.stream.id)
    return parties_of_posted(state) if isinstance(state, Posted) else parties_of_both(state, claim, context)


def agreeing(state: SupportState | None, data: said.Agreed, context: Context) -> frozenset[str]:
    """The organisation addressed, else the maker of what is answered."""
    if isinstance(state, Posted):
        return frozenset({state.addressed_to or state.maker_id})
    answered = None if data.answers is None else context.support(data.answers.support_id)
    if not isinstance(answered, Posted):
        return frozenset({data.giver_id, data.receiver_id})
    return answered.concerned  # where it is addressed to one, the rules say in which stream it is agreed


def parties_of_posted(state: Posted) -> Parties:
    """Nothing binds two sides yet: whoever it concerns is told by the rules that it is too early."""
    early = dict.fromkeys(
        ("giver", "receiver", "either_side", "other_side", "recorder", "coordinator"), state.concerned
    )
    return {**early, "maker": frozenset({state.maker_id})}


def parties_of_both(state: TwoSided, claim: AnyClaim, context: Context) -> Parties:
    return {
        "giver": frozenset({state.giver_id}),
        "receiver": frozenset({state.receiver_id}),
        "either_side": state.concerned,
        "maker": state.concerned,
        "other_side": other_side(state, claim, context),
        "recorder": recorder(state, claim),
        "coordinator": coordinators(state, context),
    }


def other_side(state: TwoSided, claim: AnyClaim, context: Context) -> frozenset[str]:
    """The side that did not propose the variation or settlement that the claim names; both where there is none."""
    proposal: Variation | Settlement | None = None
    if isinstance(claim.data, said.VariationAgreed):
        proposal = state.variations.get(claim.data.variation_id)
    elif isinstance(claim.data, said.DisputeSettled):
        proposal = state.settlements.get(claim.data.settlement_id)
    return state.concerned if proposal is None else state.concerned - {side_of(state, proposal.voice, context)}


def side_of(state: TwoSided, voice: str | None, context: Context) -> str | None:
    """The side for which a voice speaks: its own, or the one it goes on from."""
    return spoken_for(voice, state.sides, context)


def recorder(state: TwoSided, claim: AnyClaim) -> frozenset[str]:
    """The voice of the entry that is withdrawn; both sides where there is no such entry."""
    entry = state.entries.get(claim.data.event_id) if isinstance(claim.data, said.EntryWithdrawn) else None
    return state.concerned if entry is None else frozenset({entry.voice})


def coordinators(state: TwoSided, context: Context) -> frozenset[str]:
    """The coordinator of its partnership and the trusts of its sides; a side never vouches for itself."""
    found: set[str | None] = set()
    partnership = None if state.partnership_id is None else context.partnership(state.partnership_id)
    if partnership is not None:
        found.add(partnership.coordinator_id)
    for side in state.sides:
        organisation = context.organisation(side)
        found.add(None if organisation is None else organisation.trust_on(context.today))
    return frozenset(one for one in found if one is not None) - state.concerned


def require_not_for_the_other(claim: AnyClaim, sides: frozenset[str]) -> None:
    """Passes unless one side records, as a coordinator, what the other side gives or asks. Raises SpeaksForItself."""
    own = claim.speaker.organisations
    if claim.voice not in own and not own.isdisjoint(sides):
        raise SpeaksForItself("a side never records for the other", recorded_for=claim.recorded_for)


def require_another(claim: AnyClaim, *actors: str) -> None:
    """Passes unless this principal said the other half. Raises NeedsAnotherVoice."""
    if claim.speaker.principal in actors:
        raise NeedsAnotherVoice(principal=claim.speaker.principal)


def require_one_side(claim: AnyClaim, proposing: str | None, context: Context) -> None:
    """Passes unless the voice speaks for the side that proposed as well, as after a merger. Raises SpeaksForItself."""
    if proposing is not None and spoken_for(claim.voice, [proposing], context) is not None:
        raise SpeaksForItself("one organisation cannot say both halves", recorded_for=claim.voice)


def require_receiver(state: TwoSided, claim: AnyClaim, delivery: Delivery, context: Context) -> None:
    """Passes when the voice may answer: the giver never does, nor who goes on from it, nor who recorded the delivery.

    Raises OnlyTheReceiverConfirms, NeedsAnotherVoice.
    """
    if spoken_for(claim.voice, [state.giver_id], context) is not None:
        raise OnlyTheReceiverConfirms(voice=claim.voice)
    require_outside(claim, delivery)


def require_outside(claim: AnyClaim, delivery: Delivery) -> None:
    """Passes unless this principal recorded the delivery or is a person named in it. Raises NeedsAnotherVoice."""
    require_another(claim, delivery.actor)
    if claim.speaker.person_id in delivery.people:
        raise NeedsAnotherVoice(principal=claim.speaker.principal)
