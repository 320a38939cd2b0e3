"""Whether what a reader may see of the past has changed: then who follows the log has to read it afresh."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, fields
from datetime import date
from typing import Any, Final

from ledger.domain.credential.facts import Issued
from ledger.domain.fact import AnyFact, Speaker
from ledger.domain.organisation.facts import Closed as OrganisationClosed
from ledger.domain.organisation.facts import JoinedTrust, LeftTrust, Succeeded
from ledger.domain.partnership.facts import Closed, CoordinatorChanged, PartnerAccepted, PartnerLeft
from ledger.domain.review.facts import EntryWithdrawn, Shared
from ledger.eventstore.searching import FactQuery
from ledger.service import Ledger
from ledger.visibility import Sight, keys_for, reach_of, sight_of

TYPES: Final = (
    "credential.issued", "organisation.closed", "organisation.joined_trust", "organisation.left_trust",
    "organisation.succeeded", "partnership.closed", "partnership.coordinator_changed", "partnership.partner_accepted",
    "partnership.partner_left", "review.entry_withdrawn", "review.shared",
)  # fmt: skip
"""The facts by which somebody comes to see more, or less, of what was recorded before."""

LOOKED_AT: Final = 1_000
"""So many of them are looked at, one by one; where there are more, one of them will have mattered."""


@dataclass(frozen=True, slots=True)
class Scope:
    """Who reads and what it sees, at one moment."""

    speaker: Speaker
    sight: Sight

    @classmethod
    def of(cls, ledger: Ledger, speaker: Speaker) -> Scope:
        """The scope now. Raises RoleForbidden for an admin."""
        return cls(speaker, ledger.sight(speaker))

    def is_concerned(self, ledger: Ledger, after: int, until: int) -> bool:
        """Whether anything recorded after one position and up to another may be seen, or change what is seen: all that
        changes a sight names an organisation of its reach or a partnership in it."""
        keys = self.sight.touching
        return keys is None or is_touched(ledger, keys, after, until)

    def differs(self, before: Scope, ledger: Ledger, position: int) -> bool:
        """Whether facts up to a position, or their texts, are seen now that were not before, or the other way round.

        A partnership formed just now opens nothing that was recorded earlier.
        """
        if self == before:
            return False
        gained = None if self.speaker != before.speaker else gains(before.sight, self.sight)
        return gained is None or is_touched(ledger, gained, 0, position)


def gains(before: Sight, now: Sight) -> frozenset[str] | None:
    """The fact keys that a sight has besides those it had; None where it lost something, or is of another kind."""
    gained: set[str] = set()
    for part in fields(Sight):
        had, has = getattr(before, part.name), getattr(now, part.name)
        if had == has or part.name == "invited":  # an invitation opens no fact
            continue
        if not isinstance(had, frozenset) or not isinstance(has, frozenset) or not had <= has:
            return None
        gained |= has - had
    return frozenset(gained)


def is_touched(ledger: Ledger, keys: Iterable[str], after: int, until: int) -> bool:
    """Whether a fact after one position and up to another touches one of the keys, whoever may see it."""
    found = ledger.store.rows(
        "SELECT 1 FROM unnest(%b::text[]) AS n (key) WHERE EXISTS (SELECT FROM pledger.fact_key k WHERE k.key = n.key"
        " AND k.position > %b AND k.position <= %b) LIMIT 1",
        sorted(keys),
        after,
        until,
    )
    return bool(found)


def changed_since(ledger: Ledger, speaker: Speaker, position: int) -> bool:
    """Whether a reader who knows the ledger up to a position may see it otherwise today: by what was recorded since, or
    because days have come on which memberships begin or end. It may say yes too often, never no."""
    seen_then = day_of(ledger, position)
    if seen_then is None:
        return False
    if sight_of(speaker, ledger, seen_then) != sight_of(speaker, ledger, ledger.today()):
        return True
    own = own_organisations(ledger, speaker)
    keys = (*sorted(keys_for("organisation:", own)), f"stream:{speaker.principal}")
    page = ledger.facts(FactQuery(after=position, types=TYPES, visible=keys, limit=LOOKED_AT))
    return page.has_more or any(concerns(fact, speaker, own) for fact in page.facts)


def day_of(ledger: Ledger, position: int) -> date | None:
    """The day on which a fact was recorded, in the ledger's zone; None where there is none at the position."""
    found = ledger.store.read_position(position)
    return None if found is None else found.recorded_at.astimezone(ledger.zone).date()


def own_organisations(ledger: Ledger, speaker: Speaker) -> frozenset[str]:
    """The organisations on which it depends what a reader sees."""
    trust = frozenset() if speaker.trust is None else frozenset({speaker.trust})
    return speaker.organisations | reach_of(speaker, ledger) | trust


def concerns(fact: AnyFact, speaker: Speaker, own: frozenset[str]) -> bool:
    """Whether a fact of one of `TYPES` changes what a reader sees."""
    data: Any = fact.data
    match data:
        case PartnerAccepted() | PartnerLeft():
            return data.organisation_id in own
        case CoordinatorChanged():
            return data.coordinator_id in own or fact.voice in own
        case JoinedTrust() | LeftTrust():
            return data.trust_id in own
        case OrganisationClosed() | Succeeded():
            return fact.stream.id in own
        case Shared():
            return not own.isdisjoint(data.with_)
        case Issued():
            return fact.stream.id == speaker.principal
    return isinstance(data, Closed | EntryWithdrawn)
