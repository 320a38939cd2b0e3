"""What may be said of a partnership: who is which party, and which rule is asked for which event."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from ledger.domain.context import Context
from ledger.domain.fact import AnyClaim
from ledger.domain.partnership import facts as said
from ledger.domain.partnership.rules_aims import admit_aim_added, admit_aim_dropped, admit_aim_met
from ledger.domain.partnership.rules_forming import (
    admit_coordinator_changed,
    admit_formed,
    admit_partner_accepted,
    admit_partner_declined,
    admit_partner_invited,
    admit_purpose_revised,
    admit_terms_revised,
)
from ledger.domain.partnership.rules_leaving import (
    admit_closed,
    admit_notice_given,
    admit_notice_rescinded,
    admit_partner_left,
)
from ledger.domain.partnership.rules_openings import admit_opening_agreed, admit_opening_proposed, other_side
from ledger.domain.partnership.rules_residuals import admit_residual_agreed, admit_residual_proposed, touched
from ledger.domain.partnership.rules_reviews import (
    admit_entry_withdrawn,
    admit_meeting_held,
    admit_review_scheduled,
    admit_reviewed,
)
from ledger.domain.partnership.state import Ended, PartnershipState
from ledger.domain.refusals import NotNow, NotThere

AFTER_THE_END: Final = (said.ResidualProposed, said.ResidualAgreed, said.EntryWithdrawn)


def parties(state: PartnershipState | None, claim: AnyClaim, context: Context) -> Mapping[str, frozenset[str]]:
    """Who is which party. Where only a rule can say what is wrong, the voice itself stands as the party."""
    if isinstance(claim.data, said.Formed):
        return {"coordinator": frozenset({claim.data.coordinator_id})}
    known, anybody = begun(state, claim), frozenset({claim.voice or ""})
    return {
        "coordinator": frozenset({known.coordinator_id}),
        "partner": anybody,  # NotAPartner says it better than WrongVoice
        "lead": known.members.active(context.today, "lead"),
    } | named_parties(known, claim, context, anybody)


def named_parties(
    state: PartnershipState, claim: AnyClaim, context: Context, anybody: frozenset[str]
) -> dict[str, frozenset[str]]:
    match claim.data:
        case said.PartnerAccepted(organisation_id=one) | said.PartnerDeclined(organisation_id=one):
            return {"invited": frozenset({one})}
        case said.PartnerLeft(organisation_id=one):
            return {"leaver": frozenset({one})}
        case said.NoticeRescinded():
            return {"leaver": anybody}
        case said.OpeningPositionProposed(giver_id=one, receiver_id=other):
            return {"either_side": frozenset({one, other})}
        case said.ResidualProposed(debtor_id=one, creditor_id=other):
            return {"either_side": frozenset({one, other})}
        case said.OpeningPositionAgreed(proposal_id=proposal_id):
            return {"other_side": anybody if (found := other_side(state, proposal_id, context)) is None else found}
        case said.ResidualAgreed(proposal_id=proposal_id):
            return {"touched": anybody if (found := touched(state, proposal_id, context)) is None else found}
        case said.EntryWithdrawn(event_id=event_id):
            entry = state.entries.get(event_id)
            return {"recorder": anybody if entry is None else frozenset({entry.voice or ""})}
    return {}


def admit(state: PartnershipState | None, claim: AnyClaim, context: Context) -> Any:
    """The data of the fact, or a Refusal."""
    if isinstance(claim.data, said.Formed):
        return admit_formed(state, claim, context)
    known = begun(state, claim)
    if isinstance(known, Ended) and not isinstance(claim.data, AFTER_THE_END):
        raise NotNow(f"this partnership was closed on {known.closed_on}", state="Ended")
    return RULES[type(claim.data)](known, claim, context)


def begun(state: PartnershipState | None, claim: AnyClaim) -> PartnershipState:
    if state is None:
        raise NotThere(stream_kind="partnership", id=claim.stream.id)
    return state


RULES: Final[dict[type, Callable[[PartnershipState, AnyClaim, Context], Any]]] = {
    said.PartnerInvited: admit_partner_invited,
    said.PartnerAccepted: admit_partner_accepted,
    said.PartnerDeclined: admit_partner_declined,
    said.PurposeRevised: admit_purpose_revised,
    said.TermsRevised: admit_terms_revised,
    said.AimAdded: admit_aim_added,
    said.AimMet: admit_aim_met,
    said.AimDropped: admit_aim_dropped,
    said.CoordinatorChanged: admit_coordinator_changed,
    said.ReviewScheduled: admit_review_scheduled,
    said.Reviewed: admit_reviewed,
    said.MeetingHeld: admit_meeting_held,
    said.NoticeGiven: admit_notice_given,
    said.NoticeRescinded: admit_notice_rescinded,
    said.OpeningPositionProposed: admit_opening_proposed,
    said.OpeningPositionAgreed: admit_opening_agreed,
    said.ResidualProposed: admit_residual_proposed,
    said.ResidualAgreed: admit_residual_agreed,
    said.PartnerLeft: admit_partner_left,
    said.Closed: admit_closed,
    said.EntryWithdrawn: admit_entry_withdrawn,
}
