"""The rows of the access log: what is written of a reading request, and how it is found again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Final, NamedTuple

import orjson
import psycopg

from ledger.domain.values import moment
from ledger.eventstore.reading import LogReader

MOST_ABOUT: Final = 1_000
_LOCK: Final = 0x616363657373  # "access"


@dataclass(frozen=True, slots=True, kw_only=True)
class Read:
    """One reading request. `thing` is the id in its path, `about` the fact keys of what it named (`organisation:<id>`,
    `partnership:<id>`), `asked` its query without free text, `lines` how many things the answer listed, where it was a
    list. `opened` are the streams whose texts or confidence its `reason` opened.
    """

    at: datetime
    principal: str
    role: str
    route: str
    status: int
    thing: str | None = None
    about: frozenset[str] = frozenset()
    asked: Mapping[str, str] = field(default_factory=dict)
    lines: int | None = None
    reason: str | None = None
    opened: tuple[str, ...] = ()


class Entry(NamedTuple):
    """A row of the access log; `entry` counts upwards in the order of writing."""

    entry: int
    at: datetime
    principal: str
    role: str
    route: str
    thing: str | None
    about: list[str]
    asked: dict[str, str]
    status: int
    lines: int | None
    reason: str | None
    opened: list[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class AccessQuery:
    """Entries after an entry (`newest`: before it, the last first), at most `limit`; every filter that is given must
    hold. `from_` and `to` are moments, the second exclusive."""

    after: int = 0
    limit: int = 100
    newest: bool = False
    principal: str | None = None
    organisation: str | None = None
    partnership: str | None = None
    route: str | None = None
    from_: datetime | None = None
    to: datetime | None = None


_COLUMNS: Final = (
    "entry, at, principal::text, role, route, thing::text, about, asked, status, lines, reason, opened::text[]"
)
_INSERT: Final = """
INSERT INTO pledger.access_log (at, principal, role, route, thing, about, asked, status, lines, reason, opened)
SELECT at, principal, role, route, thing, about, asked, status, lines, reason, opened
FROM jsonb_to_recordset(%s::jsonb) AS r (at timestamptz, principal uuid, role text, route text, thing uuid,
    about text[], asked jsonb, status smallint, lines int, reason text, opened uuid[])
"""


def write(connection: psycopg.Connection[Any], reads: Sequence[tuple[Read, frozenset[str]]]) -> None:
    """Writes requests, each with all the keys that it is about. Processes write one after the other, so that who
    follows the entries in order misses none."""
    rows = [_row(read, about) for read, about in reads]
    connection.execute("SELECT pg_advisory_xact_lock(%s)", (_LOCK,))
    connection.execute(_INSERT, (orjson.dumps(rows).decode(),))


def _row(read: Read, about: frozenset[str]) -> dict[str, Any]:
    return {
        "at": moment(read.at),
        "principal": read.principal,
        "role": read.role,
        "route": read.route,
        "thing": read.thing,
        "about": sorted(about)[:MOST_ABOUT],
        "asked": dict(read.asked),
        "status": read.status,
        "lines": read.lines,
        "reason": read.reason,
        "opened": read.opened[:MOST_ABOUT],
    }


def prune(connection: psycopg.Connection[Any], before: datetime, most: int) -> int:
    """Removes the oldest entries, from before a moment; answers how many went."""
    row = connection.execute("SELECT pledger.prune_access_log(%s, %s)", (before, most)).fetchone()
    return 0 if row is None else int(row[0])


def find(log: LogReader, query: AccessQuery) -> tuple[list[Entry], bool]:
    """A page of the entries about what `log` may see, and whether there are more."""
    named = (("organisation", query.organisation), ("partnership", query.partnership))
    touching = [f"{kind}:{one}" for kind, one in named if one is not None]
    rows = log.rows(
        f"SELECT {_COLUMNS} FROM pledger.accesses(%b, %b, %b, %b::uuid, %b::text[], %b, %b, %b)",
        query.after,
        query.limit + 1,
        query.newest,
        query.principal,
        touching or None,
        query.route,
        query.from_,
        query.to,
    )
    return [_entry(row) for row in rows[: query.limit]], len(rows) > query.limit


def _entry(row: tuple[Any, ...]) -> Entry:
    entry, at, *rest = row
    return Entry(entry, at.astimezone(UTC), *rest)


def openings(log: LogReader, stream_id: str) -> list[tuple[datetime, str]]:
    """When and why a stream's texts or confidence were opened by a reason, oldest first."""
    rows = log.rows("SELECT opened_at, why FROM pledger.openings(%b::uuid)", stream_id)
    return [(at.astimezone(UTC), reason) for at, reason in rows]
