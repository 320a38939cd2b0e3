"""The directory as a list: organisations by name, page by page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import psycopg
from psycopg.rows import class_row

from projections.directory.queries import KNOWN


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """An organisation as the directory shows it."""

    id: str
    name: str
    kind: str
    phase: str | None
    region: str | None
    local_authority: str | None
    pupils: int | None
    closed_on: date | None
    successor_id: str | None

    def to_json(self) -> dict[str, Any]:
        """Every member that has a value."""
        members = {name: getattr(self, name) for name in self.__slots__}
        closed_on = None if self.closed_on is None else self.closed_on.isoformat()
        return {name: value for name, value in (members | {"closed_on": closed_on}).items() if value is not None}


def organisations(
    connection: psycopg.Connection[Any], words: Sequence[str], after: tuple[str, str] | None, limit: int, known_at: int
) -> list[Listed]:
    """At most `limit` organisations whose names hold every word, in order of name and id, following (name, id)."""
    patterns = [f"%{word.translate(LITERAL)}%" for word in words]
    after_name, after_id = after or ("", None)
    with connection.cursor(row_factory=class_row(Listed)) as cursor:
        return cursor.execute(
            "SELECT organisation_id AS id, name, kind, phase, region, local_authority, pupils, closed_on, successor_id"
            f" FROM directory_organisation WHERE {KNOWN} AND name ILIKE ALL (%(patterns)s)"
            " AND (%(id)s::uuid IS NULL OR (name, organisation_id) > (%(name)s, %(id)s::uuid))"
            " ORDER BY name, organisation_id LIMIT %(limit)s",
            {"known_at": known_at, "patterns": patterns, "name": after_name, "id": after_id, "limit": limit},
        ).fetchall()


LITERAL = str.maketrans({"%": r"\%", "_": r"\_", "\\": r"\\"})
