"""What a principal has to come in with: keys and accounts together, as one person is one principal with all of them."""

from __future__ import annotations

import uuid
from contextlib import suppress
from typing import Final

from ledger.domain.fact import Speaker
from ledger.domain.refusals import AlreadySaid
from ledger.eventstore.pool import RolePool
from ledger.posted import Posted, Receipt
from ledger.posting import Posting

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


def tell_if_gone(pool: RolePool, posting: Posting, by: Speaker, principal: str) -> Receipt | None:
    """Records that a principal has nothing left to come in with, where that is so and was not said; else None.

    Asked after a key or an account was ended: nobody speaks meanwhile, and who was stopped in between asks again.
    """
    with pool.connection() as connection:
        row = connection.execute(_IN_FORCE, {"principal": principal}).fetchone()
    if row is None or row[0]:
        return None
    with suppress(AlreadySaid):
        return posting.post(by, Posted(type="credential.revoked", data={"principal": principal}, id=str(uuid.uuid4())))
    return None
