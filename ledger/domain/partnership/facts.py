"""The facts of a partnership's stream; its terms and tariff are in `ledger.domain.terms`."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Annotated, Literal

from ledger.domain.terms import TermsGiven
from ledger.domain.values import (
    DERIVED,
    EventId,
    Items,
    LocalId,
    Minutes,
    Name,
    OrganisationId,
    PointId,
    Prose,
    Range,
    Secretive,
    SupportId,
    Uuid,
)
from ledger.errors import FieldError

PartnerRole = Literal["lead", "partner", "supporting"]
Decision = Literal["continue", "adjust", "withdraw"]
ClosingReason = Literal["purpose_met", "term_ended", "by_agreement", "not_working"]
Disposal = Literal["returned", "passed_on", "forgiven", "carried"]
Rating = Annotated[int, Range(1, 5)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Aim:
    aim_id: LocalId
    statement: Prose
    success_measure: Prose | None = None
    due_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Partner:
    """The ledger adds `at_once` to the coordinator itself and to schools of its own trust: they wait for no yes."""

    organisation_id: OrganisationId
    role: PartnerRole
    at_once: bool | None = field(default=None, metadata={DERIVED: True})


@dataclass(frozen=True, slots=True, kw_only=True)
class Formed:
    """In a claim `terms` holds what departs from the defaults; in the fact it is complete."""

    name: Name
    purpose: Prose
    aims: Annotated[tuple[Aim, ...], Items(1, 40)]
    partners: Annotated[tuple[Partner, ...], Items(2, 60)]
    coordinator_id: OrganisationId
    terms: TermsGiven = TermsGiven()  # noqa: RUF009  # frozen, so it is safe to share
    starts_on: date
    ends_on: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PartnerInvited:
    organisation_id: OrganisationId
    role: PartnerRole | None = None
    on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class PartnerAccepted:
    organisation_id: OrganisationId
    on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class PartnerDeclined:
    organisation_id: OrganisationId
    on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class PurposeRevised:
    purpose: Prose
    effective_on: date
    reason: Secretive


@dataclass(frozen=True, slots=True, kw_only=True)
class TermsRevised:
    """In a claim `terms` holds what changes; in the fact it is complete."""

    terms: TermsGiven
    effective_on: date
    reason: Secretive


@dataclass(frozen=True, slots=True, kw_only=True)
class AimAdded:
    aim_id: LocalId
    statement: Prose
    success_measure: Prose | None = None
    due_on: date
    on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class AimMet:
    aim_id: LocalId
    evidence: Secretive
    on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class AimDropped:
    aim_id: LocalId
    evidence: Secretive
    on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class CoordinatorChanged:
    coordinator_id: OrganisationId
    on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewScheduled:
    review_id: LocalId
    due_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Ratings:
    """What a partner says of the partnership, 1 (low) to 5 (high)."""

    purpose: Rating
    trust: Rating
    reciprocity: Rating
    challenge: Rating
    impact: Rating


@dataclass(frozen=True, slots=True, kw_only=True)
class Reviewed:
    """One partner's review; `items` are the 35 answers of the instrument, 0 to 4 each.

    In the fact `review_id` always says which review it is: a scheduled one by its id, any other by its due day.
    """

    review_id: LocalId | None = None
    ratings: Ratings | None = None
    instrument: Literal["vichealth-35"] | None = None
    items: Annotated[tuple[Annotated[int, Range(0, 4)], ...], Items(35, 35)] | None = None
    decision: Decision
    comment: Secretive | None = None

    def check(self) -> Iterator[FieldError]:
        if (self.instrument is None) != (self.items is None):
            missing = "/instrument" if self.instrument is None else "/items"
            yield FieldError(missing, "missing", "instrument and items go together")


@dataclass(frozen=True, slots=True, kw_only=True)
class MeetingHeld:
    on: date
    present: Annotated[tuple[OrganisationId, ...], Items(1, 60)]
    absent: Annotated[tuple[OrganisationId, ...], Items(0, 60)]


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticeGiven:
    """A partner will leave on `leaves_on`; `point_id` is the withdrawal point it answers, in the leaver's word."""

    reason: Secretive
    point_id: PointId | None = None
    leaves_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticeRescinded:
    reason: Secretive


@dataclass(frozen=True, slots=True, kw_only=True)
class OpeningPositionProposed:
    """What one gave the other before the ledger began: minutes given by `giver_id` since a day."""

    proposal_id: LocalId
    giver_id: OrganisationId
    receiver_id: OrganisationId
    minutes: Minutes
    since: date
    evidence: Secretive

    def check(self) -> Iterator[FieldError]:
        if self.giver_id == self.receiver_id:
            yield FieldError("/receiver_id", "same-organisation", "giver and receiver must differ")


@dataclass(frozen=True, slots=True, kw_only=True)
class OpeningPositionAgreed:
    proposal_id: LocalId


@dataclass(frozen=True, slots=True, kw_only=True)
class ResidualProposed:
    """What becomes of what is still open between two partners: `minutes` that the debtor received and did not return.

    Returned by `support_id`, passed on `to` an organisation, carried `to` another partnership, or forgiven.
    """

    proposal_id: LocalId
    debtor_id: OrganisationId
    creditor_id: OrganisationId
    minutes: Minutes
    disposal: Disposal
    support_id: SupportId | None = None
    to: Annotated[str, Uuid("organisation or partnership")] | None = None
    reason: Secretive

    def check(self) -> Iterator[FieldError]:
        if self.debtor_id == self.creditor_id:
            yield FieldError("/creditor_id", "same-organisation", "debtor and creditor must differ")
        if (self.disposal == "returned") != (self.support_id is not None):
            yield FieldError("/support_id", "returned-with-support", "support_id and the disposal returned go together")
        if (self.disposal in ("passed_on", "carried")) != (self.to is not None):
            yield FieldError("/to", "to-whom", "passed_on names an organisation, carried a partnership, others neither")


@dataclass(frozen=True, slots=True, kw_only=True)
class ResidualAgreed:
    proposal_id: LocalId


@dataclass(frozen=True, slots=True, kw_only=True)
class PartnerLeft:
    organisation_id: OrganisationId
    on: date
    removed: bool | None = None
    reason: Secretive | None = None

    def check(self) -> Iterator[FieldError]:
        if self.removed and self.reason is None:
            yield FieldError("/reason", "missing", "is needed where a partner is removed")


@dataclass(frozen=True, slots=True, kw_only=True)
class Closed:
    reason: ClosingReason
    on: date
    lessons: Secretive


@dataclass(frozen=True, slots=True, kw_only=True)
class EntryWithdrawn:
    event_id: EventId
    reason: Secretive
