"""What is asked of the practices: those that fit a search, with all that was done with them."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any, Final

import psycopg

from projections.directory.listing import LITERAL
from projections.directory.queries import Aliases
from projections.practices.measures import Lineage
from projections.practices.rows import Practice, Step

Connection = psycopg.Connection[Any]


def lineages(
    connection: Connection,
    known_at: int,
    read_as: Aliases,
    *,
    words: Sequence[str] = (),
    category: str | None = None,
    authors: Collection[str] | None = None,
    practice_id: str | None = None,
) -> list[Lineage]:
    """The practices shared by a position whose title or summary holds every word, by id, with every step known today.

    The steps go on past the position: who may see a practice is worked out from what is known today.
    """
    sought = {
        "known_at": known_at,
        "patterns": [f"%{word.translate(LITERAL)}%" for word in words],
        "category": category,
        "authors": None if authors is None else sorted(authors),
        "practice_id": practice_id,
    }
    practices = [Practice(*row) for row in connection.execute(_SOUGHT, sought)]
    steps: dict[str, list[Step]] = {one.practice_id: [] for one in practices}
    for step in (Step(*row) for row in connection.execute(_STEPS, (list(steps),))):
        steps[step.practice_id].append(step._replace(organisation_id=read_as.canonical(step.organisation_id)))
    return [
        Lineage(one._replace(author_id=read_as.canonical(one.author_id)), steps[one.practice_id]) for one in practices
    ]


_SOUGHT: Final = (
    "SELECT practice_id, known_from, author_id, category, title, summary, link, shared_on, event_id"
    " FROM practices_practice WHERE known_from <= %(known_at)s"
    " AND (title || ' ' || summary) ILIKE ALL (%(patterns)s)"
    " AND (%(category)s::text IS NULL OR category = %(category)s)"
    " AND (%(authors)s::uuid[] IS NULL OR author_id = ANY (%(authors)s::uuid[]))"
    " AND (%(practice_id)s::uuid IS NULL OR practice_id = %(practice_id)s::uuid) ORDER BY practice_id"
)
_STEPS: Final = (
    "SELECT practice_id, known_from, kind, organisation_id, step_on, event_id FROM practices_step"
    " WHERE practice_id = ANY (%s::uuid[]) ORDER BY known_from"
)
