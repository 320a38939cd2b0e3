"""Who belongs to a partnership and since when: invitations and dated spans."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date

from ledger.domain.partnership.facts import PartnerRole


@dataclass(frozen=True, slots=True, kw_only=True)
class Invitation:
    """Waits for the organisation's own yes or no."""

    role: PartnerRole
    on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """A partner from the day `since` up to the day before `until`; None while no leaving is recorded."""

    role: PartnerRole
    since: date
    until: date | None = None
    removed: bool = False

    def covers(self, day: date) -> bool:
        return self.since <= day and (self.until is None or day < self.until)


@dataclass(frozen=True, slots=True)
class Members:
    """`spans` of one organisation stand in the order of recording; only the last may be without an end."""

    invitations: Mapping[str, Invitation] = field(default_factory=dict)
    spans: Mapping[str, tuple[Span, ...]] = field(default_factory=dict)

    def names(self, organisation_id: str) -> bool:
        """Whether it is invited, or is or was a partner."""
        return organisation_id in self.invitations or organisation_id in self.spans

    def everybody(self) -> frozenset[str]:
        """All that are invited, or are or were partners."""
        return frozenset({*self.invitations, *self.spans})

    def active_on(self, organisation_id: str, day: date) -> bool:
        return any(span.covers(day) for span in self.spans.get(organisation_id, ()))

    def active(self, day: date, role: PartnerRole | None = None) -> frozenset[str]:
        """The partners of a day, those of one role if one is named."""
        return frozenset(
            organisation_id
            for organisation_id, spans in self.spans.items()
            if any(span.covers(day) and role in (None, span.role) for span in spans)
        )

    def unended(self, organisation_id: str) -> Span | None:
        """The membership that nobody has ended yet; it may begin on a later day."""
        spans = self.spans.get(organisation_id, ())
        return spans[-1] if spans and spans[-1].until is None else None

    def staying(self) -> frozenset[str]:
        """All whose membership nobody has ended yet."""
        return frozenset(one for one in self.spans if self.unended(one) is not None)

    def last_until(self, organisation_id: str) -> date | None:
        """The day on which its latest membership ended."""
        spans = self.spans.get(organisation_id, ())
        return spans[-1].until if spans else None

    def invite(self, organisation_id: str, role: PartnerRole, on: date) -> Members:
        return replace(self, invitations={**self.invitations, organisation_id: Invitation(role=role, on=on)})

    def without_invitation(self, organisation_id: str) -> Members:
        kept = {one: invitation for one, invitation in self.invitations.items() if one != organisation_id}
        return replace(self, invitations=kept)

    def join(self, organisation_id: str, role: PartnerRole, since: date) -> Members:
        spans = (*self.spans.get(organisation_id, ()), Span(role=role, since=since))
        return Members(self.without_invitation(organisation_id).invitations, {**self.spans, organisation_id: spans})

    def leave(self, organisation_id: str, on: date, *, removed: bool) -> Members:
        """Ends its membership and takes back an invitation that still waits."""
        kept = self.without_invitation(organisation_id)
        last = self.unended(organisation_id)
        if last is None:
            return kept
        ended = (*self.spans[organisation_id][:-1], replace(last, until=on, removed=removed))
        return replace(kept, spans={**self.spans, organisation_id: ended})

    def end_all(self, on: date) -> Members:
        """Every membership ends on a day, and nobody is invited any longer."""
        members = replace(self, invitations={})
        for organisation_id in self.staying():
            members = members.leave(organisation_id, on, removed=False)
        return members
