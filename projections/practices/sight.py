"""Who sees a practice: everybody once it is assured; before that its author's side and those who took part."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

from ledger.domain.fact import AnyFact, Speaker
from ledger.service import Ledger
from projections.asking import Asking
from projections.directory.queries import Aliases, partners
from projections.practices.measures import Lineage


@dataclass(frozen=True, slots=True)
class PracticesReader:
    """A reader's reach today: organisations (None: everybody's), and the partnerships that it coordinates."""

    ledger: Ledger
    speaker: Speaker
    organisations: frozenset[str] | None
    run: frozenset[str]

    @classmethod
    def of(cls, ledger: Ledger, speaker: Speaker) -> Self:
        """Raises RoleForbidden for an admin, who reads no facts."""
        sight = ledger.sight(speaker)
        run = frozenset(key.partition(":")[2] for key in sight.text_keys if key.startswith("partnership:"))
        keys = sight.keys
        own = (
            None
            if keys is None
            else frozenset(key.partition(":")[2] for key in keys if key.startswith("organisation:"))
        )
        return cls(ledger, speaker, own, run)

    def authors(self, asking: Asking, read_as: Aliases) -> frozenset[str] | None:
        """The organisations whose practices the reader sees whatever became of them: its own, its trust's or scope's,
        and the partners of what it coordinates; None for everybody's."""
        if self.organisations is None:
            return None
        partnered = {one for each in self.run for one in partners(asking.connection, each, asking.question)}
        return frozenset(map(read_as.canonical, self.organisations | partnered))

    def sees(self, lineage: Lineage, authors: frozenset[str] | None, read_as: Aliases) -> bool:
        """Whether a practice is within sight; its steps are all that is known today."""
        if authors is None or lineage.state == "assured" or lineage.practice.author_id in authors:
            return True
        own = {read_as.canonical(one) for one in self.organisations or ()}
        return not own.isdisjoint(lineage.parties)

    def opened(self, facts: Sequence[AnyFact]) -> list[AnyFact]:
        """The facts with the texts that the reader may read in clear."""
        return self.ledger.opened(facts, self.speaker)
