"""Who sees what, worked out when reading: the fact keys within a speaker's reach, and whose texts it may read."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import Final, Protocol

from ledger.domain.fact import AnyFact, Speaker
from ledger.domain.marks import each_secret
from ledger.domain.organisation.state import OrganisationState
from ledger.domain.partnership.facts import Reviewed
from ledger.domain.partnership.state import PartnershipState
from ledger.domain.refusals import RoleForbidden

WITHHELD = "[withheld]"


class Directory(Protocol):
    """The states that visibility is worked out from, as they are now."""

    def organisation(self, organisation_id: str) -> OrganisationState | None: ...

    def partnerships_of(self, organisation_id: str) -> dict[str, PartnershipState]: ...

    def schools_of(self, trust_id: str) -> frozenset[str]: ...


@dataclass(frozen=True, slots=True)
class Sight:
    """What a speaker sees: the facts that touch one of `keys` (None: all), and texts of what touches `text_keys`."""

    keys: frozenset[str] | None
    text_keys: frozenset[str]

    def sees(self, touched: frozenset[str]) -> bool:
        return self.keys is None or not self.keys.isdisjoint(touched)


def sight_of(speaker: Speaker, directory: Directory, today: date) -> Sight:
    """What a speaker sees today. Raises RoleForbidden for an admin, who reads no facts."""
    match speaker.role:
        case "admin":
            raise RoleForbidden("an admin reads no facts", role="admin", type="")
        case "ledger":
            return Sight(None, frozenset())
        case "auditor" if speaker.whole_ledger or speaker.trust is None:
            return Sight(None if speaker.whole_ledger else frozenset(), frozenset())
        case "auditor":
            return Sight(keys_for(trust_reach(speaker.trust or "", directory)), frozenset())
    own, partnerships = set(speaker.organisations), set[str]()
    for organisation_id in speaker.organisations:
        for partnership_id, state in directory.partnerships_of(organisation_id).items():
            coordinates = speaker.role == "coordinator" and state.coordinator_id == organisation_id
            if coordinates or state.active_on(organisation_id, today):
                partnerships.add(f"partnership:{partnership_id}")
        if speaker.role == "coordinator":
            own |= directory.schools_of(organisation_id)
    keys = keys_for(frozenset(own))
    run = frozenset(
        f"partnership:{partnership_id}"
        for organisation_id in speaker.organisations
        if speaker.role == "coordinator"
        for partnership_id, state in directory.partnerships_of(organisation_id).items()
        if state.coordinator_id == organisation_id
    )
    return Sight(keys | partnerships, keys | run)


def trust_reach(trust_id: str, directory: Directory) -> frozenset[str]:
    return directory.schools_of(trust_id) | {trust_id}


def keys_for(organisations: frozenset[str]) -> frozenset[str]:
    return frozenset(f"organisation:{one}" for one in organisations)


PUBLIC_KINDS: Final = frozenset({"organisation", "framework", "calendar"})
OWN_TYPES: Final = frozenset({"organisation.assessed", "organisation.departed"})


def is_public(fact: AnyFact) -> bool:
    """What everybody signed in may see: the directory, frameworks, calendars; not how far a school has come."""
    return fact.stream.kind in PUBLIC_KINDS and fact.type not in OWN_TYPES


def withheld(fact: AnyFact, role: str) -> AnyFact:
    """A fact without its free text; without a partner's ratings as well, unless an auditor reads it."""
    data = each_secret(fact.data, lambda *_: WITHHELD)
    if isinstance(data, Reviewed) and role != "auditor":
        data = replace(data, ratings=None, instrument=None, items=None)
    return replace(fact, data=data)
