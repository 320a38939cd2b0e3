"""Who reads: what one reader may be told of at all, and, in one partnership, what is meant for whom."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Self

from ledger.domain.fact import Speaker
from ledger.domain.refusals import RoleForbidden
from ledger.service import Ledger
from ledger.visibility import Sight, reach_of
from ledger.voice import ORGANISATIONS


class Reader:
    """Who asks, worked out once and only where an answer depends on it. Nobody (`speaker` None) and an admin look into
    no partnership."""

    def __init__(self, ledger: Ledger, speaker: Speaker | None) -> None:
        self._ledger, self._speaker = ledger, speaker

    def opens(self, partnerships: Collection[str]) -> frozenset[str]:
        """Those of these partnerships that it may look into: of no other it learns the name."""
        seen = self._sight.partnerships
        return frozenset(partnerships) if seen is None else seen.intersection(partnerships)

    @cached_property
    def sides(self) -> frozenset[str]:
        """The organisations it speaks or records for: what is confidential between two it reads as one of them."""
        if self._speaker is None or self._speaker.role not in ORGANISATIONS:
            return frozenset()
        return reach_of(self._speaker, self._ledger)

    @cached_property
    def _sight(self) -> Sight:
        if self._speaker is None:
            return Sight(frozenset(), frozenset())
        try:
            return self._ledger.sight(self._speaker)
        except RoleForbidden:
            return Sight(frozenset(), frozenset())


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
        if speaker.role == "coordinator" and not coordinates:  # a trust looks into what its schools are in: it is none
            sight = ledger.sight(replace(speaker, role="member"))
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
