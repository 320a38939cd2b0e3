"""The unfinished page of the directory's fold."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from zoneinfo import ZoneInfo

from ledger.domain.fact import AnyFact
from ledger.domain.log.facts import PeriodReopened
from projections.directory.rows import (
    DUPLICATES,
    MEMBERSHIPS,
    ORGANISATIONS,
    PARTNERSHIPS,
    PERIODS,
    TERMS,
    TRUST_SPANS,
    Organisation,
    Partnership,
)
from projections.directory.shelf import Shelf
from projections.tables import CannotApply, Changes, Loader, R


class Draft:
    """The rows that the page's facts may end, and the changes so far."""

    def __init__(self, facts: Sequence[AnyFact], loader: Loader, zone: ZoneInfo) -> None:
        self.zone = zone
        self.changes = changes = Changes()
        organisations, partnerships = _ids(facts, "organisation"), _ids(facts, "partnership")
        scopes = {fact.data.scope for fact in facts if isinstance(fact.data, PeriodReopened)}
        self.organisations = Shelf(ORGANISATIONS, "organisation_id", organisations, loader, changes)
        self.trust_spans = Shelf(TRUST_SPANS, "organisation_id", organisations, loader, changes)
        self.partnerships = Shelf(PARTNERSHIPS, "partnership_id", partnerships, loader, changes)
        self.memberships = Shelf(MEMBERSHIPS, "partnership_id", partnerships, loader, changes)
        self.periods = Shelf(PERIODS, "scope", sorted(scopes), loader, changes)
        self.duplicates = changes.sheet(DUPLICATES)
        self.terms = changes.sheet(TERMS)

    def organisation(self, fact: AnyFact) -> Organisation:
        """The organisation of a fact's stream. Raises CannotApply."""
        return _one(self.organisations.live(fact.stream.id), fact)

    def partnership(self, fact: AnyFact) -> Partnership:
        """The partnership of a fact's stream. Raises CannotApply."""
        return _one(self.partnerships.live(fact.stream.id), fact)

    def said_on(self, fact: AnyFact) -> date:
        """The day of the ledger's zone on which it was said."""
        return fact.occurred_at.astimezone(self.zone).date()


def _ids(facts: Iterable[AnyFact], kind: str) -> list[str]:
    return sorted({fact.stream.id for fact in facts if fact.stream.kind == kind})


def _one(rows: Iterable[R], fact: AnyFact) -> R:
    for row in rows:
        return row
    raise CannotApply(f"{fact.type} stands in a {fact.stream.kind} that did not begin: {fact.stream.id}")
