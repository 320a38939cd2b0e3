"""The facts of a support's stream. Amounts are whole minutes once admitted."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Annotated, Literal

from ledger.domain.values import (
    DERIVED,
    MAX_INTEGER,
    Amount,
    Category,
    EventId,
    Items,
    Line,
    LocalId,
    OrganisationId,
    PartnershipId,
    PersonId,
    Prose,
    Range,
    ReviewId,
    Secretive,
    SupportId,
)
from ledger.errors import FieldError

Basis = Literal["exchange", "gift", "paid", "funded"]
Audience = Literal["organisation", "partnership", "trust", "pool"]
MissedBecause = Literal["giver_away", "receiver_away", "illness", "weather", "inspection", "other"]
Independence = Literal["imported", "same_trust", "independent"]
People = Annotated[tuple[PersonId, ...], Items(1, 20)]
PencePerDay = Annotated[int, Range(0, 10_000_000)]


def basis_errors(basis: str | None, paid_by: str | None, pence_per_day: int | None) -> Iterator[FieldError]:
    """Who pays stands beside `paid` and `funded`, and nowhere else."""
    pays = basis in ("paid", "funded")
    if pays and paid_by is None:
        yield FieldError("/paid_by", "missing", "is needed where support is paid or funded")
    if not pays and paid_by is not None:
        yield FieldError("/paid_by", "not-with-this-basis", "belongs to support that is paid or funded")
    if not pays and pence_per_day is not None:
        yield FieldError("/pence_per_day", "not-with-this-basis", "belongs to support that is paid or funded")


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenTo:
    """Who may take an offer up or meet a request: one organisation, a partnership, a trust, or everybody."""

    to: Audience
    organisation_id: OrganisationId | None = None

    def check(self) -> Iterator[FieldError]:
        if (self.to == "organisation") != (self.organisation_id is not None):
            yield FieldError("/organisation_id", "addressed-to", "goes with `to` organisation, and only with it")


@dataclass(frozen=True, slots=True, kw_only=True)
class ArisingFrom:
    review_id: ReviewId
    finding_id: LocalId


@dataclass(frozen=True, slots=True, kw_only=True)
class Answers:
    """The offer or request that an agreement answers, and the interest it takes up."""

    support_id: SupportId
    interest_id: LocalId | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Offered:
    giver_id: OrganisationId
    partnership_id: PartnershipId | None = None
    category: Category
    summary: Prose
    amount: Amount
    open_to: OpenTo
    available_from: date
    available_until: date | None = None
    basis: Basis | None = None
    paid_by: Line | None = None
    pence_per_day: PencePerDay | None = None
    people: People | None = None

    def check(self) -> Iterator[FieldError]:
        yield from basis_errors(self.basis, self.paid_by, self.pence_per_day)
        if self.available_until is not None and self.available_until < self.available_from:
            yield FieldError("/available_until", "before-its-start", "must not lie before available_from")


@dataclass(frozen=True, slots=True, kw_only=True)
class Requested:
    receiver_id: OrganisationId
    partnership_id: PartnershipId | None = None
    category: Category
    need: Secretive
    amount: Amount
    open_to: OpenTo
    named: bool | None = None
    confidential: bool | None = None
    needed_by: date | None = None
    arising_from: ArisingFrom | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class OfferWithdrawn:
    reason: Secretive


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestWithdrawn:
    reason: Secretive


@dataclass(frozen=True, slots=True, kw_only=True)
class InterestShown:
    interest_id: LocalId
    organisation_id: OrganisationId
    amount: Amount
    basis: Literal["exchange", "gift"] | None = None
    note: Secretive | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreed:
    giver_id: OrganisationId
    receiver_id: OrganisationId
    partnership_id: PartnershipId | None = None
    category: Category
    amount: Amount
    starts_on: date
    ends_on: date
    aim_id: LocalId | None = None
    basis: Basis
    paid_by: Line | None = None
    pence_per_day: PencePerDay | None = None
    answers: Answers | None = None
    confidential: bool | None = None

    def check(self) -> Iterator[FieldError]:
        yield from basis_errors(self.basis, self.paid_by, self.pence_per_day)
        if self.giver_id == self.receiver_id:
            yield FieldError("/receiver_id", "same-organisation", "giver and receiver must differ")
        if self.ends_on < self.starts_on:
            yield FieldError("/ends_on", "before-its-start", "must not lie before starts_on")


@dataclass(frozen=True, slots=True, kw_only=True)
class VariationProposed:
    variation_id: LocalId
    amount: Amount | None = None
    starts_on: date | None = None
    ends_on: date | None = None
    basis: Basis | None = None
    paid_by: Line | None = None
    pence_per_day: PencePerDay | None = None
    confidential: bool | None = None
    reason: Secretive

    def check(self) -> Iterator[FieldError]:
        yield from basis_errors(self.basis, self.paid_by, self.pence_per_day)
        changes = (self.amount, self.starts_on, self.ends_on, self.basis, self.confidential)
        if all(change is None for change in changes):
            yield FieldError("", "nothing-changes", "must change the amount, a day, the basis or the confidence")


@dataclass(frozen=True, slots=True, kw_only=True)
class VariationAgreed:
    variation_id: LocalId


@dataclass(frozen=True, slots=True, kw_only=True)
class VisitMissed:
    on: date
    amount: Amount
    because: MissedBecause


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivered:
    """The giver's word that support was given. The members from `giver_id` on stand in the first fact of a stream."""

    delivery_id: LocalId
    amount: Amount
    delivered_on: date
    delivered_from: date | None = None
    occasion_id: LocalId | None = None
    people: People | None = None
    giver_id: OrganisationId | None = None
    receiver_id: OrganisationId | None = None
    partnership_id: PartnershipId | None = None
    category: Category | None = None
    basis: Literal["exchange", "gift"] | None = None
    imported: bool | None = None

    def check(self) -> Iterator[FieldError]:
        if self.giver_id is not None and self.giver_id == self.receiver_id:
            yield FieldError("/receiver_id", "same-organisation", "giver and receiver must differ")
        if self.delivered_from is not None and self.delivered_from > self.delivered_on:
            yield FieldError("/delivered_from", "after-its-end", "must not lie after delivered_on")


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliveryConfirmed:
    """The receiver's word that it was given. The ledger adds how independent the two sides are."""

    delivery_id: LocalId
    independence: Independence | None = field(default=None, metadata={DERIVED: True})


@dataclass(frozen=True, slots=True, kw_only=True)
class ConfirmationWithdrawn:
    delivery_id: LocalId
    reason: Secretive


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliveryDisputed:
    delivery_id: LocalId
    reason: Secretive
    amount_accepted: Amount | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SettlementProposed:
    settlement_id: LocalId
    delivery_id: LocalId
    amount: Amount
    reason: Secretive


@dataclass(frozen=True, slots=True, kw_only=True)
class DisputeSettled:
    settlement_id: LocalId


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliveryAttested:
    delivery_id: LocalId
    evidence: Secretive


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliveryReversed:
    delivery_id: LocalId
    reason: Secretive
    effective_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class OutcomeRecorded:
    """What came of it: impact -1 set things back, 0 none seen, 1 emerging, 2 evident, 3 embedded."""

    aim_id: LocalId | None = None
    impact: Annotated[int, Range(-1, 3)]
    evidence: Secretive
    measure: Secretive | None = None
    baseline: Secretive | None = None
    result: Secretive | None = None
    saving_pence: Annotated[int, Range(0, MAX_INTEGER)] | None = None
    assessed_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Completed:
    reason: Secretive | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Cancelled:
    reason: Secretive


@dataclass(frozen=True, slots=True, kw_only=True)
class EntryWithdrawn:
    event_id: EventId
    reason: Secretive
