"""Questions to the entries: sums over a scope, as of a day, as known at a position."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final, NamedTuple

import psycopg

from ledger.domain.support.deliveries import DeliveryStatus
from ledger.domain.support.facts import Basis
from projections.question import Question
from projections.reciprocity.measures import Sum
from projections.reciprocity.rows import EntryKind

Connection = psycopg.Connection[Any]

# Nearly every row was known by then: `+ 0` keeps the planner from reading an index of all of them to learn it.
HOLDS: Final = """
    e.known_from + 0 <= %(known_at)s AND e.known_until > %(known_at)s
    AND e.effective_from <= %(as_of)s AND e.effective_until > %(as_of)s
    AND e.status <> 'reversed'
    AND (%(from)s::date IS NULL OR e.business_on >= %(from)s)
    AND (%(to)s::date IS NULL OR e.business_on <= %(to)s)
"""

# A settlement does not say how independent the two sides are: it is seen from their trusts on the day, as known.
INDEPENDENCE: Final = """
    CASE
        WHEN e.status <> 'settled' THEN e.independence
        WHEN e.imported THEN 'imported'
        WHEN EXISTS (
            SELECT FROM directory_trust_span g JOIN directory_trust_span r USING (trust_id)
            WHERE g.organisation_id = e.giver_id AND r.organisation_id = e.receiver_id
            AND g.since <= e.business_on AND g.until > e.business_on
            AND r.since <= e.business_on AND r.until > e.business_on
            AND g.known_from <= %(known_at)s AND g.known_until > %(known_at)s
            AND r.known_from <= %(known_at)s AND r.known_until > %(known_at)s
        ) THEN 'same_trust'
        ELSE 'independent'
    END
"""

_SUM: Final = f"""
    SELECT e.giver_id, e.receiver_id, e.kind, e.basis, e.status, {INDEPENDENCE}, sum(e.minutes)::bigint
    FROM reciprocity_entry e
    WHERE {HOLDS}
"""
_GROUPED: Final = " GROUP BY 1, 2, 3, 4, 5, 6 ORDER BY 1, 2, 3, 4, 5, 6"

_INSIDE: Final = """EXISTS (
    SELECT FROM directory_trust_span s
    WHERE s.trust_id = %(trust)s AND s.organisation_id = e.{side}
    AND s.since <= e.business_on AND s.until > e.business_on
    AND s.known_from <= %(known_at)s AND s.known_until > %(known_at)s
)"""

_OF: Final = "(e.giver_id = ANY (%(ids)s::uuid[]) OR e.receiver_id = ANY (%(ids)s::uuid[]))"


COUNTED: Final = "('confirmed', 'settled')"
"""The statuses whose minutes both sides have said yes to."""


@dataclass(frozen=True, slots=True)
class Scope:
    """A set of entries: a condition on `e`, and its parameters."""

    condition: str
    parameters: Mapping[str, Any]


def of_organisation(ids: Collection[str]) -> Scope:
    """All that these registrations of one organisation gave or got."""
    return Scope(_OF, {"ids": sorted(ids)})


def of_pair(ids: Collection[str], others: Collection[str]) -> Scope:
    """All that passed between two organisations."""
    between = (
        "((e.giver_id = ANY (%(ids)s::uuid[]) AND e.receiver_id = ANY (%(others)s::uuid[]))"
        " OR (e.giver_id = ANY (%(others)s::uuid[]) AND e.receiver_id = ANY (%(ids)s::uuid[])))"
    )
    return Scope(between, {"ids": sorted(ids), "others": sorted(others)})


def of_partnership(partnership_id: str) -> Scope:
    """All support that names a partnership, and what its partners agreed about the past."""
    return Scope("e.partnership_id = %(partnership)s", {"partnership": partnership_id})


def of_trust(trust_id: str, ids: Collection[str]) -> Scope:
    """What passed where both sides belonged to a trust on the day; `ids` are all that ever belonged to it."""
    both = f"{_OF} AND {_INSIDE.format(side='giver_id')} AND {_INSIDE.format(side='receiver_id')}"
    return Scope(both, {"trust": trust_id, "ids": sorted(ids)})


def of_sight(organisations: Collection[str], partnerships: Collection[str]) -> Scope:
    """What one of these organisations gave or got, and all support that names one of these partnerships."""
    seen = f"({_OF} OR e.partnership_id = ANY (%(partnerships)s::uuid[]))"
    return Scope(seen, {"ids": sorted(organisations), "partnerships": sorted(partnerships)})


def of_network() -> Scope:
    """Every entry of the ledger."""
    return Scope("true", {})


def sums(connection: Connection, scope: Scope, question: Question) -> list[Sum]:
    """The minutes of a scope, summed by sides, kind, basis, status and independence. What was reversed is left out."""
    rows = connection.execute(
        f"{_SUM} AND {scope.condition} {_GROUPED}".encode(), {**question.parameters, **scope.parameters}
    )
    return [Sum(*row) for row in rows]


def out_of_trust(trust_id: str, ids: Collection[str]) -> Scope:
    """What somebody who belonged to a trust on the day gave to somebody who did not."""
    out = f"{_OF} AND {_INSIDE.format(side='giver_id')} AND NOT {_INSIDE.format(side='receiver_id')}"
    return Scope(out, {"trust": trust_id, "ids": sorted(ids)})


def into_trust(trust_id: str, ids: Collection[str]) -> Scope:
    """What somebody who belonged to a trust on the day got from somebody who did not."""
    into = f"{_OF} AND {_INSIDE.format(side='receiver_id')} AND NOT {_INSIDE.format(side='giver_id')}"
    return Scope(into, {"trust": trust_id, "ids": sorted(ids)})


def ever_in(connection: Connection, trust_id: str, known_at: int) -> list[str]:
    """The trust and all that belonged to it at some time, as known."""
    rows = connection.execute(
        "SELECT DISTINCT organisation_id FROM directory_trust_span WHERE trust_id = %(trust)s"
        " AND known_from <= %(known_at)s AND known_until > %(known_at)s ORDER BY organisation_id",
        {"trust": trust_id, "known_at": known_at},
    )
    return [row[0] for row in rows]


class Evidence(NamedTuple):
    """One entry behind a figure: who, how much, in which state, and the ids of its facts in order."""

    giver_id: str
    receiver_id: str
    partnership_id: str | None
    kind: EntryKind
    basis: Basis
    status: DeliveryStatus
    minutes: int
    business_on: date
    support_id: str | None
    delivery_id: str | None
    position: int
    part: int
    events: list[str]


def evidence(
    connection: Connection, scope: Scope, question: Question, *, after: tuple[int, int] = (0, 0), limit: int = 1_000
) -> list[Evidence]:
    """At most `limit` entries behind a scope's figures, in order of (position, part), following `after`."""
    rows = connection.execute(
        f"SELECT {', '.join(f'e.{name}' for name in Evidence._fields)} FROM reciprocity_entry e"
        f" WHERE {HOLDS} AND {scope.condition} AND (e.position, e.part) > (%(position)s, %(part)s)"
        " ORDER BY e.position, e.part LIMIT %(limit)s".encode(),
        {**question.parameters, **scope.parameters, "position": after[0], "part": after[1], "limit": limit},
    )
    return [Evidence(*row) for row in rows]
