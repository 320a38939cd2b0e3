"""What may be said of the aims: by the coordinator, or by any partner of today."""

from __future__ import annotations

from datetime import date

from ledger.domain.context import Context
from ledger.domain.fact import AnyClaim, Claim
from ledger.domain.partnership.aims import OpenAim
from ledger.domain.partnership.facts import AimAdded, AimDropped, AimMet
from ledger.domain.partnership.state import PartnershipState
from ledger.domain.refusals import AlreadySaid, NotAPartner, UnknownReference


def admit_aim_added(state: PartnershipState, claim: Claim[AimAdded], context: Context) -> AimAdded:
    require_coordinator_or_partner(state, claim, context)
    if claim.data.aim_id in state.aims:
        raise AlreadySaid("there is an aim with this id", id=claim.data.aim_id)
    context.happened(claim.data.on, "/data/on")
    context.planned(claim.data.due_on, "/data/due_on")
    return claim.data


def admit_aim_met(state: PartnershipState, claim: Claim[AimMet], context: Context) -> AimMet:
    require_coordinator_or_partner(state, claim, context)
    require_open_aim(state, claim.data.aim_id)
    context.happened(claim.data.on, "/data/on")
    return claim.data


def admit_aim_dropped(state: PartnershipState, claim: Claim[AimDropped], context: Context) -> AimDropped:
    require_coordinator_or_partner(state, claim, context)
    require_open_aim(state, claim.data.aim_id)
    context.happened(claim.data.on, "/data/on")
    return claim.data


def require_open_aim(state: PartnershipState, aim_id: str) -> None:
    aim = state.aims.get(aim_id)
    if aim is None:
        raise UnknownReference("there is no aim with this id", id=aim_id)
    if not isinstance(aim, OpenAim):
        raise AlreadySaid("this aim was met or dropped before", id=aim_id)


def require_coordinator_or_partner(state: PartnershipState, claim: AnyClaim, context: Context) -> None:
    if claim.speaker.role != "coordinator" or claim.voice != state.coordinator_id:
        require_partner(state, claim.voice, context.today)


def require_partner(state: PartnershipState, organisation_id: str | None, day: date) -> str:
    """The organisation, when it is a partner on that day. Raises NotAPartner."""
    if organisation_id is None or not state.active_on(organisation_id, day):
        raise NotAPartner(organisation_id=organisation_id, partnership_id=state.id)
    return organisation_id
