"""Questions to the entries: sums over a scope, as of a day, as known at a position."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final, LiteralString, NamedTuple

import psycopg

from projections.question import Question
from projections.reciprocity.measures import Sum

Connection = psycopg.Connection[Any]

_HOLDS: Final = """
    e.known_from <= %(known_at)s AND e.known_until > %(known_at)s
    AND e.effective_from <= %(as_of)s AND e.effective_until > %(as_of)s
    AND e.status <> 'reversed'
    AND (%(from)s::date IS NULL OR e.business_on >= %(from)s)
    AND (%(to)s::date IS NULL OR e.business_on <= %(to)s)
"""

# A settlement does not say how independent the two sides are: it is seen from their trusts on the day, as known.
_INDEPENDENCE: Final = """
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

_SUMS: Final = f"""
    SELECT giver_id, receiver_id, kind, basis, status, independence, sum(minutes)::bigint
    FROM (SELECT e.*, {_INDEPENDENCE} AS told FROM reciprocity_entry e WHERE {_HOLDS} AND {{scope}}) e
    GROUP BY giver_id, receiver_id, kind, basis, status, independence
"""


@dataclass(frozen=True, slots=True)
class Scope:
    """A set of entries: a condition on `e`, and its parameters."""

    condition: LiteralString
    parameters: Mapping[str, Any]
