"""What a principal has to come in with: keys and accounts together, as one person is one principal with all of them."""

from __future__ import annotations

from typing import Final

from ledger.eventstore.pool import RolePool

_OF_PERSON: Final = """
SELECT principal::text FROM (
    SELECT principal, made_at FROM pledger.api_key WHERE person_id::text = %(person)s
    UNION ALL
    SELECT principal, made_at FROM pledger.account WHERE person_id::text = %(person)s
) AS known ORDER BY made_at LIMIT 1
"""
_IN_FORCE: Final = """
SELECT (SELECT count(*) FROM pledger.api_key WHERE principal::text = %(principal)s AND revoked_at IS NULL)
     + (SELECT count(*) FROM pledger.account WHERE principal::text = %(principal)s AND ended_at IS NULL)
"""


def principal_of(pool: RolePool, person_id: str) -> str | None:
    """The principal that a person is already, by whichever key or account came first."""
    with pool.connection() as connection:
        row = connection.execute(_OF_PERSON, {"person": person_id}).fetchone()
    return None if row is None else str(row[0])


def ways_in(pool: RolePool, principal: str) -> int:
    """How many keys and accounts of a principal were not ended."""
    with pool.connection() as connection:
        row = connection.execute(_IN_FORCE, {"principal": principal}).fetchone()
    return 0 if row is None else int(row[0])
