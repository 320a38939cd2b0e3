"""The log's schema: numbered SQL files, each applied once, in order, in a transaction of its own, and never changed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import sha256
from importlib.resources import files
from typing import Any, ClassVar

import psycopg

from ledger.errors import Kind, Refusal

_LOCK = 0x706C6564676572  # "pledger"
_APPLIED = """
CREATE SCHEMA IF NOT EXISTS pledger;
CREATE TABLE IF NOT EXISTS pledger.migration (
    number int PRIMARY KEY,
    name text NOT NULL UNIQUE,
    checksum bytea NOT NULL,
    applied_at timestamptz NOT NULL DEFAULT now()
);
"""


class MigrationChanged(Refusal):
    """A file differs from what was applied under its number. Fields: `names`, the files."""

    code: ClassVar[str] = "migration-changed"
    kind: ClassVar[Kind] = "precondition"
    title: ClassVar[str] = "A migration was changed after it had been applied"


class SchemaNotCurrent(Refusal):
    """The database lacks migrations this program needs. Fields: `names`, the files that are missing."""

    code: ClassVar[str] = "schema-not-current"
    kind: ClassVar[Kind] = "precondition"
    title: ClassVar[str] = "The database must be migrated first"


@dataclass(frozen=True, slots=True)
class Migration:
    """One SQL file: `name` is `NNNN_what.sql`, `number` its NNNN."""

    number: int
    name: str
    sql: str

    @property
    def checksum(self) -> bytes:
        """SHA-256 of the file's text in UTF-8."""
        return sha256(self.sql.encode()).digest()


def available() -> list[Migration]:
    """The migrations this program ships, in order. Raises ValueError when two bear the same number."""
    found = [
        Migration(int(file.name[:4]), file.name, file.read_text("utf-8"))
        for file in files(__package__).joinpath("sql").iterdir()
        if file.name.endswith(".sql")
    ]
    numbers = {migration.number for migration in found}
    if len(numbers) != len(found):
        raise ValueError("two migrations bear the same number")
    return sorted(found, key=lambda migration: migration.number)


def migrate(dsn: str) -> list[str]:
    """Bring the database up to date as its owner; gives the names of what was applied now.

    Safe to run from several processes at once. Raises MigrationChanged before it applies anything.
    """
    with psycopg.connect(dsn, autocommit=True) as connection, _alone(connection):
        connection.execute(_APPLIED)
        missing = _missing(connection)
        for migration in missing:
            _apply(connection, migration)
        return [migration.name for migration in missing]


def pending(dsn: str) -> list[str]:
    """The names of the migrations not applied yet. Raises MigrationChanged."""
    with psycopg.connect(dsn, autocommit=True) as connection:
        return [migration.name for migration in _missing(connection)]


def require_current(connection: psycopg.Connection[Any]) -> None:
    """Return where every migration is applied as this program knows it; later ones of a newer program are additive.

    Raises SchemaNotCurrent and MigrationChanged.
    """
    missing = _missing(connection)
    if missing:
        names = [migration.name for migration in missing]
        raise SchemaNotCurrent(f"run the migrations first: {', '.join(names)}", names=names)


def _missing(connection: psycopg.Connection[Any]) -> list[Migration]:
    applied = _applied(connection)
    shipped = available()
    changed = [m.name for m in shipped if m.number in applied and applied[m.number] != (m.name, m.checksum)]
    if changed:
        raise MigrationChanged(f"changed since they were applied: {', '.join(changed)}", names=changed)
    return [migration for migration in shipped if migration.number not in applied]


def _applied(connection: psycopg.Connection[Any]) -> Mapping[int, tuple[str, bytes]]:
    with connection.cursor(row_factory=psycopg.rows.tuple_row) as cursor:
        known = cursor.execute("SELECT to_regclass('pledger.migration')").fetchone()
        if known is None or known[0] is None:
            return {}
        rows = cursor.execute("SELECT number, name, checksum FROM pledger.migration").fetchall()
    return {number: (name, bytes(checksum)) for number, name, checksum in rows}


def _apply(connection: psycopg.Connection[Any], migration: Migration) -> None:
    with connection.transaction():
        connection.execute(migration.sql.encode())
        connection.execute(
            "INSERT INTO pledger.migration (number, name, checksum) VALUES (%s, %s, %s)",
            (migration.number, migration.name, migration.checksum),
        )


@contextmanager
def _alone(connection: psycopg.Connection[Any]) -> Iterator[None]:
    connection.execute("SELECT pg_advisory_lock(%s)", (_LOCK,))
    try:
        yield
    finally:
        connection.execute("SELECT pg_advisory_unlock(%s)", (_LOCK,))
