"""The unfinished page of the reciprocity fold: rows looked up before it, and what it does to them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from zoneinfo import ZoneInfo

from ledger.domain.fact import AnyFact
from projections.reciprocity.rows import (
    AGREEMENTS,
    ENTRIES,
    PROPOSALS,
    Agreement,
    Entry,
    Proposal,
    ProposalKind,
)
from projections.tables import CannotApply, Changes, Loader


class Draft:
    """Rows by what names them in a fact: a delivery by its support and its id, a proposal by its stream and its id."""

    def __init__(self, facts: Sequence[AnyFact], loader: Loader, zone: ZoneInfo) -> None:
        self.zone = zone
        self.changes = Changes()
        self._entries = self.changes.sheet(ENTRIES)
        self._agreements = self.changes.sheet(AGREEMENTS)
        self._proposals = self.changes.sheet(PROPOSALS)
        supports = _streams(facts, _NEEDS_AGREEMENT)
        self._agreed = {row.support_id: row for row in loader.rows(AGREEMENTS, "support_id", supports)}
        deliveries = loader.rows(ENTRIES, "support_id", _streams(facts, _NEEDS_ENTRY))
        self._live = {(row.support_id, row.delivery_id): row for row in deliveries}
        proposals = loader.rows(PROPOSALS, "stream_id", _streams(facts, _NEEDS_PROPOSAL))
        self._proposed = {row[:3]: row for row in proposals}

    def delivery(self, support_id: str, delivery_id: str) -> Entry:
        """The live entry of a delivery. Raises CannotApply."""
        found = self._live.get((support_id, delivery_id))
        if found is None or found.status == "reversed":
            raise CannotApply(f"support {support_id} has no delivery {delivery_id} that could change")
        return found

    def open(self, entry: Entry) -> None:
        """A new entry; as the last one of its delivery it is the live one."""
        self._entries.add(entry)
        if entry.delivery_id is not None:
            self._live[entry.support_id, entry.delivery_id] = entry

    def end(self, entry: Entry, position: int) -> None:
        """From this position on, another entry stands for this one."""
        self._entries.change(entry._replace(known_until=position))

    def agreement(self, support_id: str) -> Agreement:
        """What was agreed in a support's stream. Raises CannotApply."""
        found = self._agreed.get(support_id)
        if found is None:
            raise CannotApply(f"nothing was agreed in support {support_id}")
        return found

    def is_agreed(self, support_id: str) -> bool:
        return support_id in self._agreed

    def agree(self, row: Agreement) -> None:
        """What is agreed for the first time."""
        self._agreed[row.support_id] = row
        self._agreements.add(row)

    def vary(self, row: Agreement) -> None:
        """What is agreed from now on."""
        self._agreed[row.support_id] = row
        self._agreements.change(row)

    def propose(self, row: Proposal) -> None:
        self._proposed[row[:3]] = row
        self._proposals.add(row)

    def proposal(self, stream_id: str, kind: ProposalKind, proposal_id: str) -> Proposal | None:
        return self._proposed.get((stream_id, kind, proposal_id))

    def accept(self, row: Proposal) -> None:
        """One yes less is missing."""
        if row.awaits < 0:
            raise CannotApply(f"nobody's yes to {row.proposal_id} in {row.stream_id} was missing")
        self._proposed[row[:3]] = row
        self._proposals.change(row)


_NEEDS_AGREEMENT = frozenset({"support.delivered", "support.variation_agreed"})
_NEEDS_ENTRY = frozenset(
    {
        "support.delivery_confirmed",
        "support.confirmation_withdrawn",
        "support.delivery_disputed",
        "support.dispute_settled",
        "support.delivery_attested",
        "support.delivery_reversed",
    }
)
_NEEDS_PROPOSAL = frozenset(
    {
        "support.variation_agreed",
        "support.dispute_settled",
        "partnership.opening_position_agreed",
        "partnership.residual_agreed",
    }
)


def _streams(facts: Iterable[AnyFact], types: Collection[str]) -> list[str]:
    return sorted({fact.stream.id for fact in facts if fact.type in types})
