"""The shapes of a partnership: running, or ended. Members, aims, reviews and proposals have modules of their own."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from zoneinfo import ZoneInfo

from ledger.domain.partnership.aims import AimState
from ledger.domain.partnership.facts import ClosingReason
from ledger.domain.partnership.members import Members
from ledger.domain.partnership.proposals import Opening, Residual
from ledger.domain.partnership.reviews import Review
from ledger.domain.terms import Terms, TermsGiven


@dataclass(frozen=True, slots=True, kw_only=True)
class DatedTerms:
    """Terms from a day on: as the fact holds them, and ready to reckon with."""

    effective_on: date
    given: TermsGiven
    terms: Terms


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """A partner's word that it leaves on `leaves_on`, said by the fact `event_id`."""

    event_id: str
    leaves_on: date
    point_id: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A fact that its voice may withdraw. `on` is the day it names itself, None where it names none."""

    voice: str | None
    said_at: datetime
    on: date | None = None
    withdrawn: bool = False

    def business_date(self, zone: ZoneInfo) -> date:
        """The day on which it counts, and on which its withdrawal does."""
        return self.said_at.astimezone(zone).date() if self.on is None else self.on


@dataclass(frozen=True, slots=True, kw_only=True)
class Partnership:
    """What a partnership is, running or ended. Mappings keep the order of recording.

    `terms` stand in the order of recording; `notices` by the voice that gave them, which is the partner's or, where
    the partner has closed, its successor's; `entries` by the fact that may be withdrawn.
    """

    id: str
    name: str
    purpose: str
    coordinator_id: str
    starts_on: date
    ends_on: date | None
    terms: tuple[DatedTerms, ...]
    members: Members
    aims: Mapping[str, AimState]
    reviews: Mapping[str, Review] = field(default_factory=dict)
    notices: Mapping[str, Notice] = field(default_factory=dict)
    openings: Mapping[str, Opening] = field(default_factory=dict)
    residuals: Mapping[str, Residual] = field(default_factory=dict)
    entries: Mapping[str, Entry] = field(default_factory=dict)

    def names(self, organisation_id: str) -> bool:
        """Whether the organisation is invited, or is or was a partner."""
        return self.members.names(organisation_id)

    def active_on(self, organisation_id: str, day: date) -> bool:
        """Whether the organisation is a partner on a day; the day of leaving is the first on which it is none."""
        return self.members.active_on(organisation_id, day)

    def active_partners(self, day: date) -> frozenset[str]:
        return self.members.active(day)

    def has_been_in(self, organisation_id: str) -> bool:
        """Whether the organisation is or was a partner."""
        return organisation_id in self.members.spans

    def has_left(self, organisation_id: str) -> bool:
        """Whether the organisation was a partner and is none any more, whatever the day."""
        return self.has_been_in(organisation_id) and self.members.unended(organisation_id) is None

    def terms_on(self, day: date) -> Terms:
        """The terms in force on a day; before the first day those agreed at the beginning."""
        return self.dated_terms_on(day).terms

    def dated_terms_on(self, day: date) -> DatedTerms:
        """Of all terms that have taken effect by a day, those recorded last."""
        return next((one for one in reversed(self.terms) if one.effective_on <= day), self.terms[0])


@dataclass(frozen=True, slots=True, kw_only=True)
class Running(Partnership):
    """Partners come and go, give and receive."""

    @property
    def closed_on(self) -> None:
        return None


@dataclass(frozen=True, slots=True, kw_only=True)
class Ended(Partnership):
    """Closed: what is left can be agreed, nothing begins any more. `closed_on` is the first day without it."""

    closed_on: date
    closed_for: ClosingReason


PartnershipState = Running | Ended
