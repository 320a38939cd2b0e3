"""Who reads one partnership: the figures are everybody's who may look into it, what partners say is not."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Self

from ledger.domain.fact import Speaker
from ledger.service import Ledger


@dataclass(frozen=True, slots=True, kw_only=True)
class PartnershipReader:
    """`organisations` are those it speaks for. An organisation that is only invited is neither of the rest."""

    organisations: frozenset[str]
    is_partner: bool = False
    is_coordinator: bool = False
    is_auditor: bool = False

    @classmethod
    def of(cls, ledger: Ledger, speaker: Speaker, partnership_id: str) -> Self:
        """Raises RoleForbidden for an admin, who reads no facts."""
        sight, key = ledger.sight(speaker), f"partnership:{partnership_id}"
        coordinates, audits = key in sight.text_keys, speaker.role == "auditor"
        inside = sight.sees(frozenset({key})) and not audits
        return cls(
            organisations=speaker.organisations,
            is_partner=inside and not coordinates,
            is_coordinator=coordinates,
            is_auditor=audits,
        )

    def read_as(self, canonical: Callable[[str], str]) -> Self:
        """The same reader, whose organisations stand under the ids they are read as."""
        return replace(self, organisations=frozenset(map(canonical, self.organisations)))

    @property
    def is_inside(self) -> bool:
        """A partner or the coordinator: what is meant for their eyes alone."""
        return self.is_partner or self.is_coordinator

    @property
    def sees_all(self) -> bool:
        """The coordinator, and an auditor in whose scope the partnership is: what each partner says or does."""
        return self.is_coordinator or self.is_auditor

    def is_itself(self, organisation_id: str) -> bool:
        """Whether it speaks for an organisation: then it reads what is meant for that one's eyes alone."""
        return organisation_id in self.organisations

    def reads_of(self, organisation_id: str) -> bool:
        """Whether it reads what one partner says, and what concerns its leaving."""
        return self.sees_all or self.is_itself(organisation_id)
