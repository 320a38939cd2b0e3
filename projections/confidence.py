"""Which support is confidential, as it stands now: but for its sides, everybody is told only that minutes passed."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Any, Final

import psycopg

from ledger.domain.fact import AnyFact
from ledger.domain.support.facts import Agreed, Requested, VariationAgreed, VariationProposed
from ledger.eventstore.codec import decode
from projections.question import Question
from projections.reciprocity.queries import Scope

Connection = psycopg.Connection[Any]

CATEGORY: Final = "other"
"""The category under which it is counted for everybody but its sides."""


def confidential_in(connection: Connection, scope: Scope, question: Question) -> frozenset[str]:
    """The confidential supports that the entries of a scope are about."""
    rows = connection.execute(
        "SELECT DISTINCT e.support_id FROM reciprocity_entry e JOIN board_sides s USING (support_id)"
        f" WHERE s.confidential AND {scope.condition}".encode(),
        question.parameters | {**scope.parameters},
    )
    return _still([row[0] for row in rows], connection)


def confidential_of(connection: Connection, supports: Iterable[str]) -> frozenset[str]:
    """Those of these supports that are confidential."""
    rows = connection.execute(
        "SELECT support_id FROM board_sides WHERE confidential AND support_id = ANY (%s::uuid[])", (sorted(supports),)
    )
    return _still([row[0] for row in rows], connection)


def _still(asked: Collection[str], connection: Connection) -> frozenset[str]:
    """Of those for which confidence was asked at some time, those for which it was agreed and not lifted again."""
    if not asked:
        return frozenset()
    rows = connection.execute(
        "SELECT record, position FROM pledger.log WHERE stream_id = ANY (%s::uuid[]) AND type = ANY (%s)"
        " ORDER BY position",
        (sorted(asked), list(_TYPES)),
        binary=True,
    )
    return _folded(decode(record, position) for record, position in rows)


_TYPES: Final = ("support.requested", "support.agreed", "support.variation_proposed", "support.variation_agreed")


def _folded(facts: Iterable[AnyFact]) -> frozenset[str]:
    found: set[str] = set()
    proposed: dict[tuple[str, str], bool | None] = {}
    for fact in facts:
        support_id = fact.stream.id
        match fact.data:
            case Requested(confidential=True) | Agreed(confidential=True):
                found.add(support_id)
            case VariationProposed(variation_id=variation_id, confidential=confidential):
                proposed[support_id, variation_id] = confidential
            case VariationAgreed(variation_id=variation_id):
                confidential = proposed[support_id, variation_id]
                if confidential is not None:
                    (found.add if confidential else found.discard)(support_id)
    return frozenset(found)
