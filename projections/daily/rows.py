"""What the clock keeps: how far it has come, what it noticed, and which partnerships it could not look at."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date, timedelta
from typing import Any, Final, Literal, NamedTuple

import psycopg

from projections.asking import Asking

Connection = psycopg.Connection[Any]
What = Literal["health_band", "point"]

NOTICED: Final = "inbox_noticed"
DONE: Final = "inbox_clock"
MISSED: Final = "inbox_missed"

SCHEMA: Final = f"""
CREATE TABLE IF NOT EXISTS {DONE} (
    one boolean PRIMARY KEY DEFAULT true CHECK (one),
    day date NOT NULL,
    position bigint NOT NULL,
    moved_at timestamptz NOT NULL DEFAULT now()
);
CREATE TABLE IF NOT EXISTS {NOTICED} (
    partnership_id uuid NOT NULL,
    day date NOT NULL,
    part integer NOT NULL,
    known_from bigint NOT NULL,
    kind text NOT NULL,
    organisation_id uuid,
    before text,
    after text,
    point_id text,
    point_kind text,
    says text,
    rule_version text NOT NULL,
    events uuid[] NOT NULL,
    PRIMARY KEY (partnership_id, day, part)
);
CREATE TABLE IF NOT EXISTS {MISSED} (
    partnership_id uuid PRIMARY KEY,
    day date NOT NULL,
    reason text NOT NULL
);
"""


class Noticed(NamedTuple):
    """That something was different on `day` from the day before, by all that was known at the position `known_from`.

    `health_band`: the band of the whole partnership. `point`: the state of a point of `organisation_id`; None stands
    for a point that is not there. `says` is the point's reason, `{{id}}` in it the name of an organisation.
    """

    partnership_id: str
    day: date
    part: int
    known_from: int
    kind: What
    organisation_id: str | None
    before: str | None
    after: str | None
    point_id: str | None
    point_kind: str | None
    says: str | None
    rule_version: str
    events: Sequence[str]


class Done(NamedTuple):
    """Every day up to `day` is done, by what was known at `position`; `idle_seconds` ago the clock came that far."""

    day: date
    position: int
    idle_seconds: float


class Missed(NamedTuple):
    """A partnership that could not be looked at since `day`, on which it still could."""

    partnership_id: str
    day: date
    reason: str


def has_begun(connection: Connection) -> bool:
    """Whether the clock ever ran here."""
    [(table,)] = connection.execute("SELECT to_regclass(%s)", (DONE,)).fetchall()
    return table is not None


def done(connection: Connection) -> Done | None:
    """How far the clock has come; None before it began."""
    row = connection.execute(
        f"SELECT day, position, extract(epoch FROM now() - moved_at)::float8 FROM {DONE}"
    ).fetchone()
    return None if row is None else Done(*row)


def missed(connection: Connection) -> list[Missed]:
    """The partnerships that could not be looked at, by id."""
    rows = connection.execute(f"SELECT partnership_id, day, reason FROM {MISSED} ORDER BY partnership_id")
    return [Missed(*row) for row in rows]


def noticed(asking: Asking, partnership_ids: Collection[str], after: date) -> list[Noticed]:
    """What was noticed of these partnerships from the day following `after` up to the question's, as it was known."""
    if not partnership_ids or not has_begun(asking.connection):
        return []
    rows = asking.connection.execute(
        f"SELECT {', '.join(Noticed._fields)} FROM {NOTICED}"
        " WHERE partnership_id = ANY (%(ids)s::uuid[]) AND day > %(after)s AND day <= %(as_of)s"
        " AND known_from <= %(known_at)s ORDER BY day, partnership_id, part",
        asking.question.parameters | {"ids": sorted(partnership_ids), "after": after},
    )
    return [Noticed(*row) for row in rows]


def begin(connection: Connection, day: date, position: int) -> None:
    """Make the tables where they are missing, with a day as the one that is compared with."""
    with connection.transaction():
        connection.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", (DONE,))
        connection.execute(SCHEMA.encode())
        connection.execute(
            f"INSERT INTO {DONE} (day, position) VALUES (%s, %s) ON CONFLICT DO NOTHING", (day, position)
        )


class ClockMoved(Exception):
    """Another worker did this day: nothing was written."""


def write(
    connection: Connection, before: Done, position: int, rows: Sequence[Noticed], failures: Sequence[Missed]
) -> Done:
    """The day after `before.day` is done: its rows, what could not be looked at, and the day, in one transaction.

    Raises ClockMoved.
    """
    day = before.day + timedelta(days=1)
    with connection.transaction():
        moved = connection.execute(
            f"UPDATE {DONE} SET day = %s, position = %s, moved_at = now() WHERE day = %s", (day, position, before.day)
        )
        if moved.rowcount != 1:
            raise ClockMoved(f"the clock no longer stands at {before.day}")
        with connection.cursor() as cursor:
            cursor.executemany(
                f"INSERT INTO {NOTICED} ({', '.join(Noticed._fields)}) VALUES ({', '.join(['%s'] * 13)})",
                [(*row[:-1], list(row.events)) for row in rows],
            )
            cursor.execute(f"DELETE FROM {MISSED}")
            cursor.executemany(f"INSERT INTO {MISSED} VALUES (%s, %s, %s)", list(failures))
    return Done(day, position, 0.0)
