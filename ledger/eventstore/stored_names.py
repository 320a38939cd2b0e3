"""The stored name and schema version of every kind of fact: a promise to the disk, written by hand, only added to."""

from __future__ import annotations

from typing import Any, Final

from ledger.domain.calendar import facts as calendar
from ledger.domain.credential import facts as credential
from ledger.domain.framework import facts as framework
from ledger.domain.log import facts as log
from ledger.domain.organisation import facts as organisation
from ledger.domain.partnership import facts as partnership
from ledger.domain.person import facts as person
from ledger.domain.practice import facts as practice
from ledger.domain.review import facts as review
from ledger.domain.support import facts as support

STORED: Final[dict[str, tuple[type[Any], int]]] = {
    "organisation.registered": (organisation.Registered, 1),
    "organisation.details_changed": (organisation.DetailsChanged, 1),
    "organisation.joined_trust": (organisation.JoinedTrust, 1),
    "organisation.left_trust": (organisation.LeftTrust, 1),
    "organisation.closed": (organisation.Closed, 1),
    "organisation.succeeded": (organisation.Succeeded, 1),
    "organisation.duplicate_declared": (organisation.DuplicateDeclared, 1),
    "organisation.assessed": (organisation.Assessed, 1),
    "organisation.departed": (organisation.Departed, 1),
    "framework.published": (framework.Published, 1),
    "calendar.terms_set": (calendar.TermsSet, 1),
    "partnership.formed": (partnership.Formed, 1),
    "partnership.partner_invited": (partnership.PartnerInvited, 1),
    "partnership.partner_accepted": (partnership.PartnerAccepted, 1),
    "partnership.partner_declined": (partnership.PartnerDeclined, 1),
    "partnership.purpose_revised": (partnership.PurposeRevised, 1),
    "partnership.terms_revised": (partnership.TermsRevised, 1),
    "partnership.aim_added": (partnership.AimAdded, 1),
    "partnership.aim_met": (partnership.AimMet, 1),
    "partnership.aim_dropped": (partnership.AimDropped, 1),
    "partnership.coordinator_changed": (partnership.CoordinatorChanged, 1),
    "partnership.review_scheduled": (partnership.ReviewScheduled, 1),
    "partnership.reviewed": (partnership.Reviewed, 1),
    "partnership.meeting_held": (partnership.MeetingHeld, 1),
    "partnership.notice_given": (partnership.NoticeGiven, 1),
    "partnership.notice_rescinded": (partnership.NoticeRescinded, 1),
    "partnership.opening_position_proposed": (partnership.OpeningPositionProposed, 1),
    "partnership.opening_position_agreed": (partnership.OpeningPositionAgreed, 1),
    "partnership.residual_proposed": (partnership.ResidualProposed, 1),
    "partnership.residual_agreed": (partnership.ResidualAgreed, 1),
    "partnership.partner_left": (partnership.PartnerLeft, 1),
    "partnership.closed": (partnership.Closed, 1),
    "partnership.entry_withdrawn": (partnership.EntryWithdrawn, 1),
    "support.offered": (support.Offered, 1),
    "support.requested": (support.Requested, 1),
    "support.offer_withdrawn": (support.OfferWithdrawn, 1),
    "support.request_withdrawn": (support.RequestWithdrawn, 1),
    "support.interest_shown": (support.InterestShown, 1),
    "support.agreed": (support.Agreed, 1),
    "support.variation_proposed": (support.VariationProposed, 1),
    "support.variation_agreed": (support.VariationAgreed, 1),
    "support.visit_missed": (support.VisitMissed, 1),
    "support.delivered": (support.Delivered, 1),
    "support.delivery_confirmed": (support.DeliveryConfirmed, 1),
    "support.confirmation_withdrawn": (support.ConfirmationWithdrawn, 1),
    "support.delivery_disputed": (support.DeliveryDisputed, 1),
    "support.settlement_proposed": (support.SettlementProposed, 1),
    "support.dispute_settled": (support.DisputeSettled, 1),
    "support.delivery_attested": (support.DeliveryAttested, 1),
    "support.delivery_reversed": (support.DeliveryReversed, 1),
    "support.outcome_recorded": (support.OutcomeRecorded, 1),
    "support.completed": (support.Completed, 1),
    "support.cancelled": (support.Cancelled, 1),
    "support.entry_withdrawn": (support.EntryWithdrawn, 1),
    "review.scheduled": (review.Scheduled, 1),
    "review.completed": (review.Completed, 1),
    "review.answered": (review.Answered, 1),
    "review.moderated": (review.Moderated, 1),
    "review.shared": (review.Shared, 1),
    "review.entry_withdrawn": (review.EntryWithdrawn, 1),
    "practice.shared": (practice.Shared, 1),
    "practice.assured": (practice.Assured, 1),
    "practice.adopted": (practice.Adopted, 1),
    "practice.returned": (practice.Returned, 1),
    "person.introduced": (person.Introduced, 1),
    "person.details_corrected": (person.DetailsCorrected, 1),
    "person.role_ended": (person.RoleEnded, 1),
    "person.erased": (person.Erased, 1),
    "log.opened": (log.Opened, 1),
    "log.key_introduced": (log.KeyIntroduced, 1),
    "log.restored": (log.Restored, 1),
    "log.period_closed": (log.PeriodClosed, 1),
    "log.period_reopened": (log.PeriodReopened, 1),
    "text.redacted": (log.TextRedacted, 1),
    "credential.issued": (credential.Issued, 1),
    "credential.revoked": (credential.Revoked, 1),
}


def stream_kind(type_name: str) -> str:
    """The kind of stream a stored name belongs to (`text.redacted` goes into the log)."""
    kind = type_name.partition(".")[0]
    return "log" if kind == "text" else kind
