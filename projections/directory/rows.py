"""The rows of the directory. Each is known from the position `known_from` up to the one before `known_until`."""

from __future__ import annotations

from datetime import date
from typing import Final, Literal, NamedTuple

from ledger.domain.organisation.facts import OrganisationKind
from ledger.domain.partnership.facts import PartnerRole
from projections.tables import Table

MembershipState = Literal["invited", "partner"]


class Organisation(NamedTuple):
    """What the register says. It closed on `closed_on`, or `successor_id` goes on from it since `succeeded_on`."""

    organisation_id: str
    known_from: int
    known_until: int
    name: str
    kind: OrganisationKind
    phase: str | None
    region: str | None
    local_authority: str | None
    pupils: int | None
    closed_on: date | None
    successor_id: str | None
    succeeded_on: date | None


class TrustSpan(NamedTuple):
    """Part of a trust from `since` up to the day before `until`. A trust is part of itself, always."""

    organisation_id: str
    known_from: int
    known_until: int
    trust_id: str
    since: date
    until: date


class Duplicate(NamedTuple):
    """Registered twice: for business dates from `effective_from` on it is read as `duplicate_of`."""

    organisation_id: str
    known_from: int
    duplicate_of: str
    effective_from: date


class Partnership(NamedTuple):
    """What it is called and when it runs; `closed_on` is the first day without it."""

    partnership_id: str
    known_from: int
    known_until: int
    name: str
    coordinator_id: str
    starts_on: date
    ends_on: date | None
    closed_on: date | None


class PartnershipTerms(NamedTuple):
    """Terms as the fact holds them (JSON, complete), in force from `effective_on` until others are."""

    partnership_id: str
    known_from: int
    effective_on: date
    terms: str


class Membership(NamedTuple):
    """A partner from `since` up to the day before `until`; while it is only invited, `since` is the day of that."""

    partnership_id: str
    organisation_id: str
    known_from: int
    known_until: int
    state: MembershipState
    role: PartnerRole
    since: date
    until: date


class Period(NamedTuple):
    """A closed period: what is dated up to `until` and recorded while it is closed is marked *after closing*."""

    scope: str
    known_from: int
    known_until: int
    until: date
    figures_position: int


_LIVE: Final = "known_until"

ORGANISATIONS: Final = Table(
    "directory_organisation", Organisation, key=("organisation_id", "known_from"), changing=(_LIVE,), live=_LIVE
)
TRUST_SPANS: Final = Table(
    "directory_trust_span", TrustSpan, key=("organisation_id", "known_from"), changing=(_LIVE,), live=_LIVE
)
DUPLICATES: Final = Table("directory_duplicate", Duplicate, key=("organisation_id", "known_from"))
PARTNERSHIPS: Final = Table(
    "directory_partnership", Partnership, key=("partnership_id", "known_from"), changing=(_LIVE,), live=_LIVE
)
TERMS: Final = Table("directory_terms", PartnershipTerms, key=("partnership_id", "known_from"))
MEMBERSHIPS: Final = Table(
    "directory_membership",
    Membership,
    key=("partnership_id", "organisation_id", "known_from"),
    changing=(_LIVE,),
    live=_LIVE,
)
PERIODS: Final = Table("directory_period", Period, key=("scope", "known_from"), changing=(_LIVE,), live=_LIVE)

ALL: Final = (ORGANISATIONS, TRUST_SPANS, DUPLICATES, PARTNERSHIPS, TERMS, MEMBERSHIPS, PERIODS)
