"""Who sees what, worked out when reading: the fact keys within a speaker's reach, and whose texts it may read."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import date
from typing import Final, Protocol

from ledger.domain.fact import AnyFact, Speaker
from ledger.domain.marks import each_secret
from ledger.domain.partnership.facts import Reviewed
from ledger.domain.partnership.state import PartnershipState
from ledger.domain.refusals import RoleForbidden

WITHHELD = "[withheld]"


PARTNERSHIP: Final = "partnership:"


class Directory(Protocol):
    """The states that visibility is worked out from, as they are now."""

    def partnerships_of(self, *organisations: str) -> dict[str, PartnershipState]: ...

    def schools_of(self, trust_id: str) -> frozenset[str]: ...


@dataclass(frozen=True, slots=True)
class Sight:
    """What a speaker sees: the facts that touch one of `keys` (None: all), and texts of what touches `text_keys`.

    `invited` are the partnerships to which somebody of its reach is invited: it may look into them as well, though it
    sees only those of their facts that name it.
    """

    keys: frozenset[str] | None
    text_keys: frozenset[str]
    invited: frozenset[str] = frozenset()

    def sees(self, touched: frozenset[str]) -> bool:
        return self.keys is None or not self.keys.isdisjoint(touched)

    @property
    def partnerships(self) -> frozenset[str] | None:
        """The ids of the partnerships that a speaker may look into; None for every one."""
        if self.keys is None:
            return None
        own = (key.removeprefix(PARTNERSHIP) for key in self.keys if key.startswith(PARTNERSHIP))
        return self.invited.union(own)

    def opens(self, partnership_id: str) -> bool:
        """Whether a speaker may look into a partnership."""
        return self.sees(frozenset({f"{PARTNERSHIP}{partnership_id}"})) or partnership_id in self.invited


def sight_of(speaker: Speaker, directory: Directory, today: date) -> Sight:
    """What a speaker sees today. Raises RoleForbidden for an admin, who reads no facts.

    A trust's auditor and coordinator see what the memberships of its present members cover.
    """
    if speaker.role == "admin":
        raise RoleForbidden("an admin reads no facts", role="admin", type="")
    if speaker.role == "ledger" or (speaker.role == "auditor" and speaker.whole_ledger):
        return Sight(None, frozenset())
    own, found = reach_of(speaker, directory), dict[str, PartnershipState]()
    if own:
        found = directory.partnerships_of(*own)
    run = {one for one, state in found.items() if is_run_by(speaker, state)}
    partner = {one for one, state in found.items() if any(state.active_on(each, today) for each in own)}
    invited = (one for one, state in found.items() if not own.isdisjoint(state.members.invitations))
    keys = keys_for("organisation:", own)
    texts = frozenset() if speaker.role == "auditor" else keys | keys_for(PARTNERSHIP, run)
    return Sight(keys | keys_for(PARTNERSHIP, run | partner), texts, frozenset(invited))


def reach_of(speaker: Speaker, directory: Directory) -> frozenset[str]:
    """The organisations whose facts a speaker sees: those it speaks for, and the present members of its trust."""
    if speaker.role == "auditor":
        return frozenset() if speaker.trust is None else directory.schools_of(speaker.trust) | {speaker.trust}
    if speaker.role != "coordinator":
        return speaker.organisations
    return speaker.organisations.union(*(directory.schools_of(one) for one in speaker.organisations))


def is_run_by(speaker: Speaker, state: PartnershipState) -> bool:
    return speaker.role == "coordinator" and state.coordinator_id in speaker.organisations


def keys_for(kind: str, ids: Collection[str]) -> frozenset[str]:
    return frozenset(f"{kind}{one}" for one in ids)


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
