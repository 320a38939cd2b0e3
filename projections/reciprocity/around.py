"""What stands around the entries of a scope: its members, their pupils, whose calendar counts, which partnerships."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Any, Final

import psycopg

from projections.directory.queries import Aliases
from projections.question import Question

Connection = psycopg.Connection[Any]
PARTNER: Final = """
    m.state = 'partner' AND m.since <= %(as_of)s AND m.until > %(as_of)s
    AND m.known_from <= %(known_at)s AND m.known_until > %(known_at)s
"""
KNOWN: Final = "known_from <= %(known_at)s AND known_until > %(known_at)s"


def read_as(organisations: Iterable[str], aliases: Aliases) -> set[str]:
    """Organisations under the ids they are read as."""
    return {aliases.canonical(one) for one in organisations}


def partners_of_all(connection: Connection, partnerships: Collection[str] | None, question: Question) -> list[str]:
    """The partners of the day of these partnerships; None is every partnership."""
    rows = connection.execute(
        f"SELECT DISTINCT m.organisation_id FROM directory_membership m WHERE {PARTNER}"
        " AND (%(ids)s::uuid[] IS NULL OR m.partnership_id = ANY (%(ids)s::uuid[])) ORDER BY 1".encode(),
        question.parameters | {"ids": None if partnerships is None else sorted(partnerships)},
    )
    return [row[0] for row in rows]


def partnerships_of_all(connection: Connection, organisations: Collection[str], question: Question) -> list[str]:
    """The partnerships that have one of these organisations as a partner of the day."""
    rows = connection.execute(
        f"SELECT DISTINCT m.partnership_id FROM directory_membership m WHERE {PARTNER}"
        " AND m.organisation_id = ANY (%(ids)s::uuid[]) ORDER BY 1".encode(),
        question.parameters | {"ids": sorted(organisations)},
    )
    return [row[0] for row in rows]


def coordinator(connection: Connection, partnership_id: str, question: Question) -> list[str]:
    """The coordinator of a partnership; empty where no partnership is known."""
    rows = connection.execute(
        f"SELECT coordinator_id FROM directory_partnership WHERE partnership_id = %(id)s AND {KNOWN}",
        question.parameters | {"id": partnership_id},
    )
    return [row[0] for row in rows]


def calendars(connection: Connection, organisations: Collection[str], question: Question) -> list[str]:
    """Whose calendar counts for these organisations, the nearest first: their own, then their local authorities'."""
    rows = connection.execute(
        "SELECT DISTINCT local_authority FROM directory_organisation WHERE organisation_id = ANY (%(ids)s::uuid[])"
        f" AND local_authority IS NOT NULL AND {KNOWN} ORDER BY 1",
        question.parameters | {"ids": sorted(organisations)},
    )
    return [*sorted(organisations), *(row[0] for row in rows)]


def pupils(connection: Connection, organisations: Collection[str], question: Question) -> dict[str, int]:
    """How many pupils each has, where that is known and there are any."""
    rows = connection.execute(
        "SELECT organisation_id, pupils FROM directory_organisation WHERE organisation_id = ANY (%(ids)s::uuid[])"
        f" AND pupils > 0 AND {KNOWN}",
        question.parameters | {"ids": sorted(organisations)},
    )
    return dict(rows.fetchall())
