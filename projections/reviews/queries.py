"""What is asked of the index of reviews: which ones concern whom, as known at a position."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

import psycopg

Connection = psycopg.Connection[Any]


def reviews_of(connection: Connection, organisation_ids: Collection[str], known_at: int) -> list[str]:
    """The ids of the reviews in which one of these organisations takes part, in order."""
    return _ids(
        connection,
        "SELECT DISTINCT review_id FROM reviews_party"
        " WHERE organisation_id = ANY (%s::uuid[]) AND known_from <= %s ORDER BY review_id",
        (sorted(organisation_ids), known_at),
    )


def reviews_opened_to(connection: Connection, organisation_ids: Collection[str], known_at: int) -> list[str]:
    """The ids of the reviews whose report was opened to one of these organisations, in order."""
    return _ids(
        connection,
        "SELECT DISTINCT review_id FROM reviews_opened"
        " WHERE organisation_id = ANY (%s::uuid[]) AND known_from <= %s ORDER BY review_id",
        (sorted(organisation_ids), known_at),
    )


def reviews_in(connection: Connection, partnership_ids: Collection[str], known_at: int) -> list[str]:
    """The ids of the reviews that name one of these partnerships, in order."""
    return _ids(
        connection,
        "SELECT review_id FROM reviews_review"
        " WHERE partnership_id = ANY (%s::uuid[]) AND known_from <= %s ORDER BY review_id",
        (sorted(partnership_ids), known_at),
    )


def every_review(connection: Connection, known_at: int) -> list[str]:
    """The ids of all reviews, in order."""
    return _ids(
        connection, "SELECT review_id FROM reviews_review WHERE known_from <= %s ORDER BY review_id", (known_at,)
    )


def arising_from(connection: Connection, review_id: str, known_at: int) -> dict[str, list[str]]:
    """The requests for support that arose from a review's findings: by finding, in the order they were made."""
    rows = connection.execute(
        "SELECT finding_id, support_id FROM reviews_arising"
        " WHERE review_id = %s::uuid AND known_from <= %s ORDER BY known_from",
        (review_id, known_at),
    )
    found: dict[str, list[str]] = {}
    for finding_id, support_id in rows:
        found.setdefault(finding_id, []).append(support_id)
    return found


def _ids(connection: Connection, statement: Any, parameters: tuple[Any, ...]) -> list[str]:
    return [row[0] for row in connection.execute(statement, parameters)]
