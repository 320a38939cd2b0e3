"""Organisations that go on from others: every identity that one school has had, with the days between them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any, Literal, NamedTuple

from projections.directory.queries import Connection, aliases
from projections.question import Question

Relation = Literal["predecessor", "successor"]


class Identity(NamedTuple):
    """Another identity of an organisation; `on` is the first day of the one that goes on."""

    organisation_id: str
    name: str
    relation: Relation
    on: date

    def to_json(self) -> dict[str, Any]:
        return self._asdict() | {"on": self.on.isoformat()}


def identities(connection: Connection, organisation_id: str, question: Question) -> tuple[Identity, ...]:
    """Whom an organisation goes on from and who goes on from it, link by link, by day; never the organisation itself.

    Histories are linked, never merged: each identity keeps its own account.
    """
    own = aliases(connection, question).registrations(organisation_id)
    found = [
        *_linked(connection, own, question, "predecessor"),
        *_linked(connection, own, question, "successor"),
    ]
    return tuple(sorted(found, key=lambda one: (one.on, one.organisation_id)))


def _linked(connection: Connection, own: Iterable[str], question: Question, relation: Relation) -> list[Identity]:
    """Link by link from `own` on. Admission allows no circle; UNION would end one all the same."""
    known = "o.known_from <= %(known_at)s AND o.known_until > %(known_at)s"
    step, link = ("o.successor_id = l.id", "o.organisation_id") if relation == "predecessor" else (
        "o.organisation_id = l.id AND o.successor_id IS NOT NULL", "o.successor_id",
    )  # fmt: skip
    rows = connection.execute(
        "WITH RECURSIVE l(id, since) AS (SELECT unnest(%(own)s::uuid[]), NULL::date UNION"
        f" SELECT {link}, o.succeeded_on FROM l JOIN directory_organisation o ON {step}"
        f" WHERE {known} AND o.succeeded_on <= %(as_of)s)"
        " SELECT l.id, o.name, l.since FROM l JOIN directory_organisation o ON o.organisation_id = l.id"
        f" WHERE l.since IS NOT NULL AND {known}".encode(),
        question.parameters | {"own": sorted(own)},
    )
    return [Identity(one, name, relation, since) for one, name, since in rows]
