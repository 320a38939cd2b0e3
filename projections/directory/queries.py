"""What the other views ask the directory: names, who is registered twice, members, terms in force."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

import psycopg

from ledger.domain import shape
from ledger.domain.terms import DEFAULTS, Terms, TermsGiven, terms_of
from projections.question import Question

Connection = psycopg.Connection[Any]

KNOWN: Final = "known_from <= %(known_at)s AND known_until > %(known_at)s"


@dataclass(frozen=True, slots=True)
class Aliases:
    """Organisations that were registered twice, each with the one it is read as."""

    read_as: Mapping[str, str]

    def canonical(self, organisation_id: str) -> str:
        """The organisation an id is read as: itself, nearly always."""
        while organisation_id in self.read_as:
            organisation_id = self.read_as[organisation_id]
        return organisation_id

    def registrations(self, organisation_id: str) -> frozenset[str]:
        """Every id that is read as the same organisation."""
        one = self.canonical(organisation_id)
        return frozenset({one, *(other for other in self.read_as if self.canonical(other) == one)})


def aliases(connection: Connection, question: Question) -> Aliases:
    """Who is read as whom."""
    rows = connection.execute(
        "SELECT organisation_id, duplicate_of FROM directory_duplicate"
        " WHERE known_from <= %(known_at)s AND effective_from <= %(as_of)s",
        question.parameters,
    )
    return Aliases(dict(rows.fetchall()))


def names(connection: Connection, ids: Iterable[str], question: Question) -> dict[str, str]:
    """The names of organisations, and of the partnerships that the question's reader may look into, as then known.

    Whatever is asked about may be handed over: the directory of organisations is everybody's, and a partnership that is
    not the reader's stays without a name.
    """
    parameters = {"ids": sorted(ids), "known_at": question.known_at}
    rows = connection.execute(
        "SELECT true, organisation_id, name FROM directory_organisation"
        f" WHERE organisation_id = ANY (%(ids)s::uuid[]) AND {KNOWN}"
        " UNION ALL SELECT false, partnership_id, name FROM directory_partnership"
        f" WHERE partnership_id = ANY (%(ids)s::uuid[]) AND {KNOWN}",
        parameters,
    ).fetchall()
    partnerships = [one for is_organisation, one, _ in rows if not is_organisation]
    told = frozenset(partnerships)
    if partnerships and question.reader is not None:
        told = question.reader.opens(partnerships)
    return {one: name for is_organisation, one, name in rows if is_organisation or one in told}


def partners(connection: Connection, partnership_id: str, question: Question) -> list[str]:
    """The ids of the partners of a day."""
    rows = connection.execute(
        "SELECT DISTINCT organisation_id FROM directory_membership WHERE partnership_id = %(id)s AND state = 'partner'"
        f" AND since <= %(as_of)s AND until > %(as_of)s AND {KNOWN} ORDER BY organisation_id",
        question.parameters | {"id": partnership_id},
    )
    return [row[0] for row in rows]


def schools_of(connection: Connection, trust_id: str, question: Question) -> list[str]:
    """The ids of a trust and of all that are part of it on a day."""
    rows = connection.execute(
        "SELECT DISTINCT organisation_id FROM directory_trust_span WHERE trust_id = %(id)s"
        f" AND since <= %(as_of)s AND until > %(as_of)s AND {KNOWN} ORDER BY organisation_id",
        question.parameters | {"id": trust_id},
    )
    return [row[0] for row in rows]


def terms(connection: Connection, partnership_id: str, question: Question) -> Terms:
    """The terms in force on a day: of all that have taken effect, those recorded last; before, the first."""
    row = connection.execute(
        "SELECT terms FROM directory_terms WHERE partnership_id = %(id)s AND known_from <= %(known_at)s"
        " ORDER BY (effective_on <= %(as_of)s) DESC,"
        " CASE WHEN effective_on <= %(as_of)s THEN -known_from ELSE known_from END LIMIT 1",
        question.parameters | {"id": partnership_id},
    ).fetchone()
    return DEFAULTS if row is None else terms_of(shape.restore(TermsGiven, row[0]))


@dataclass(frozen=True, slots=True)
class Closing:
    """A closed period of a scope: what is dated up to `until` and recorded between the two positions came after it."""

    since: int
    before: int
    until: date
    trust_since: date
    trust_until: date

    def covers(self, day: date, position: int) -> bool:
        """Whether something of this day was recorded while the period was closed."""
        inside = self.trust_since <= day < self.trust_until
        return inside and day <= self.until and self.since < position < self.before


def closings(connection: Connection, organisations: Collection[str], known_at: int) -> list[Closing]:
    """The closed periods of the whole ledger, and of the trusts these organisations belong to, as long as they do."""
    rows = connection.execute(
        "SELECT p.known_from, p.known_until, p.until, coalesce(s.since, '0001-01-01'), coalesce(s.until, '9999-12-31')"
        " FROM directory_period p LEFT JOIN directory_trust_span s"
        " ON p.scope = 'trust:' || s.trust_id AND s.organisation_id = ANY (%(ids)s::uuid[])"
        " AND s.known_from <= %(known_at)s AND s.known_until > %(known_at)s"
        " WHERE p.known_from <= %(known_at)s AND (p.scope = 'ledger' OR s.trust_id IS NOT NULL)"
        " ORDER BY p.known_from, s.since",
        {"ids": sorted(organisations), "known_at": known_at},
    )
    return [Closing(*row) for row in rows]
