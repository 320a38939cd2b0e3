"""What becomes of minutes that one partner still owes another: proposed by one, agreed by all it touches.

Those who have left say it as well, and it can be said after the partnership has closed: that is when it is needed most.
"""

from __future__ import annotations

from collections.abc import Iterator

from ledger.domain.context import Context
from ledger.domain.fact import Claim
from ledger.domain.partnership.facts import ResidualAgreed, ResidualProposed
from ledger.domain.partnership.proposals import Residual
from ledger.domain.partnership.rules_openings import require_new_proposal, require_other_principal
from ledger.domain.partnership.state import PartnershipState
from ledger.domain.refusals import AlreadySaid, NotAPartner, UnknownOrganisation, UnknownReference, require_sound
from ledger.domain.succession import spoken_for
from ledger.errors import FieldError


def admit_residual_proposed(
    state: PartnershipState, claim: Claim[ResidualProposed], context: Context
) -> ResidualProposed:
    data = claim.data
    require_new_proposal(state, data.proposal_id)
    for one in (data.debtor_id, data.creditor_id):
        if not state.has_been_in(one):
            raise NotAPartner(organisation_id=one, partnership_id=state.id)
    if data.disposal == "passed_on":
        require_third(data, context)
    elif data.disposal == "carried":
        require_other_partnership(state, data, context)
    elif data.disposal == "returned":
        require_return(data, context)
    return data


def require_third(data: ResidualProposed, context: Context) -> None:
    """The third need not be a partner: nothing is passed on to it without its own yes."""
    third = data.to or ""
    if third in (data.debtor_id, data.creditor_id):
        require_sound([FieldError("/data/to", "same-organisation", "must be a third organisation")])
    if context.organisation(third) is None:
        error = FieldError("/data/to", "unknown-organisation", "names an organisation the ledger does not know")
        raise UnknownOrganisation(f"{error.pointer} {error.detail}", errors=(error,), ids=(third,))


def require_other_partnership(state: PartnershipState, data: ResidualProposed, context: Context) -> None:
    other_id = data.to or ""
    if other_id == state.id:
        require_sound([FieldError("/data/to", "same-partnership", "must be another partnership")])
    other = context.partnership(other_id)
    if other is None:
        raise UnknownReference("there is no partnership with this id", id=other_id)
    for one in (data.debtor_id, data.creditor_id):
        if not other.has_been_in(one):
            raise NotAPartner(organisation_id=one, partnership_id=other_id)


def require_return(data: ResidualProposed, context: Context) -> None:
    """What is returned is given by the debtor to the creditor, outside any partnership."""
    support_id = data.support_id or ""
    support = context.support(support_id)
    if support is None:
        raise UnknownReference("there is no support with this id", id=support_id)

    def errors() -> Iterator[FieldError]:
        if (support.giver_id, support.receiver_id) != (data.debtor_id, data.creditor_id):
            yield FieldError("/data/support_id", "not-of-this-pair", "must go from the debtor to the creditor")
        if support.partnership_id is not None:
            yield FieldError("/data/support_id", "in-a-partnership", "must be support that names no partnership")

    require_sound(errors())


def admit_residual_agreed(state: PartnershipState, claim: Claim[ResidualAgreed], context: Context) -> ResidualAgreed:
    proposal_id = claim.data.proposal_id
    residual = state.residuals.get(proposal_id)
    if residual is None:
        raise UnknownReference("there is no residual with this id", id=proposal_id)
    if spoken_for(claim.voice, unanswered(residual, context), context) is None:
        raise AlreadySaid("this organisation has agreed", id=proposal_id)
    require_other_principal(claim, residual.proposed, *residual.agreed)
    return claim.data


def touched(state: PartnershipState, proposal_id: str, context: Context) -> frozenset[str] | None:
    """Who has to agree, or has agreed, to a residual; None when there is no such proposal."""
    residual = state.residuals.get(proposal_id)
    return None if residual is None else frozenset(others(residual, context))


def others(residual: Residual, context: Context) -> list[str]:
    """All it touches but the side that proposed it."""
    proposer = spoken_for(residual.proposed.voice, residual.touched[:2], context)
    return [one for one in residual.touched if one != proposer]


def unanswered(residual: Residual, context: Context) -> list[str]:
    """All whose yes is still missing."""
    missing = others(residual, context)
    for voice in residual.agreed_by:
        missing = [one for one in missing if one != spoken_for(voice, missing, context)]
    return missing
