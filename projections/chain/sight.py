"""Who reads a chain, and how much of it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Self

from ledger.domain.fact import Speaker
from ledger.service import Ledger
from projections.board.reach import reach_of
from projections.evidence.noted import Noted


@dataclass(frozen=True, slots=True)
class SupportReader:
    """A reader with the ledger that says what it may see; `sides` are the organisations it speaks or records for."""

    ledger: Ledger
    speaker: Speaker
    sides: frozenset[str]

    @classmethod
    def of(cls, ledger: Ledger, speaker: Speaker) -> Self:
        """Raises RoleForbidden for an admin, who reads no facts."""
        ledger.sight(speaker)
        return cls(ledger, speaker, reach_of(speaker, ledger).sides)

    def seen(self, notes: Iterable[Noted]) -> list[Noted]:
        """Those within the reader's sight, each as it may be told."""
        several = list(notes)
        told = {one.fact.position: one.fact for one in self.ledger.told([one.fact for one in several], self.speaker)}
        return [one._replace(fact=told[one.position]) for one in several if one.position in told]

    def is_withheld(self, support_id: str) -> bool:
        """Whether a support is confidential, as it stands now, and the reader speaks for neither side; an auditor's
        reason opens it."""
        state = self.ledger.state("support", support_id)
        apart = bool(getattr(state, "confidential", False)) and self.sides.isdisjoint(state.concerned)
        if not apart or self.speaker.reason is None:
            return apart
        self.speaker.reason.opened.add(support_id)
        return False
