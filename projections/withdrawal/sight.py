"""Who reads which points: those of all partners are for everybody who may look into the partnership, but for a few."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

from ledger.domain.fact import Speaker
from ledger.service import Ledger
from projections.withdrawal.points import Point


@dataclass(frozen=True, slots=True, kw_only=True)
class Reader:
    """A reader of one partnership. `organisations` are those it speaks for; an invited one is neither of the rest."""

    organisations: frozenset[str]
    is_partner: bool
    is_coordinator: bool
    is_auditor: bool

    @classmethod
    def of(cls, ledger: Ledger, reader: Speaker, partnership_id: str) -> Self:
        """Raises RoleForbidden for an admin, who reads no facts."""
        sight, key = ledger.sight(reader), f"partnership:{partnership_id}"
        coordinates, audits = key in sight.text_keys, reader.role == "auditor"
        inside = sight.sees(frozenset({key})) and not audits
        return cls(
            organisations=reader.organisations, is_partner=inside and not coordinates, is_coordinator=coordinates,
            is_auditor=audits,
        )  # fmt: skip

    def reads(self, point: Point) -> bool:
        """`cosy` is for the partners and their coordinator, a dispute for its two parties and those who look on."""
        match point.kind:
            case "cosy":
                return self.is_partner or self.is_coordinator
            case "disputes_open":
                return self.is_itself(point.organisation_id) or self.is_coordinator or self.is_auditor
        return True

    def is_itself(self, organisation_id: str) -> bool:
        """Whether it speaks for an organisation: then it reads what is meant for that one's eyes alone."""
        return organisation_id in self.organisations

    def reads_of(self, organisation_id: str) -> bool:
        """Whether it reads all that concerns a partner's leaving, what it does outside the partnership included."""
        return self.is_itself(organisation_id) or self.is_coordinator or self.is_auditor
