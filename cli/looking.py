"""Looks at what a ledger rests on: settings, folders, keys, database. Looking makes and changes nothing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import ClassVar, Final

import psycopg

from cli.findings import RUN_INIT, Finding, asked
from ledger.access.token_keys import files_in, read
from ledger.errors import Refusal
from ledger.eventstore import embedded, migrations
from ledger.guard import guard
from ledger.integrity.vault import open_vault
from ledger.settings import Settings, load
from ledger.whereabouts import DATABASE, NotSetUp, identity_of

LEAST_VERSION: Final = 15
MOST_DRIFT_SECONDS: Final = 2.0
ROLES: Final = (
    "pledger_writer", "pledger_reader", "pledger_worker", "pledger_vault", "pledger_access", "pledger_courier",
)  # fmt: skip
NO_DATABASE: Final = "see that it runs, and that PLEDGER_DATABASE_URL names it"


class LooksWrong(Refusal):
    """Something is not as it must be; the detail says what."""

    code: ClassVar[str] = "not-as-needed"


class ClocksApart(Refusal):
    """This machine and the database tell different times. Fields: `seconds`."""

    code: ClassVar[str] = "clocks-apart"


def settings_in(environ: Mapping[str, str]) -> Settings | list[Finding]:
    """The settings of an environment; what is wrong with them, where the ledger would not start with them."""
    try:
        settings = load(environ)
        guard(settings, environ)
    except Refusal as refusal:
        told = [Finding(one.pointer, one.code, one.detail) for one in refusal.errors]
        return told or [Finding("settings", refusal.code, refusal.detail)]
    return settings


def is_made(settings: Settings) -> bool:
    """Whether there is a database to look into: looking must not make one."""
    return not settings.embedded or (settings.home / "database" / "postgres").exists()


@contextmanager
def reached(settings: Settings) -> Iterator[str]:
    """Where to connect; the embedded database is started for as long as the block lasts."""
    if settings.database_url is not None:
        yield settings.database_url
        return
    with embedded.start(settings.home / "database") as running:
        yield running.dsn(DATABASE)


def foundations(settings: Settings, dsn: str) -> Iterator[Finding]:
    """What a ledger stands on in its database; nothing further where nobody can connect to it."""
    database = asked("database", lambda: connected(dsn), NO_DATABASE)
    yield database
    if database.todo:
        return
    yield asked("schema", lambda: schema(dsn), "run pledger migrate")
    yield asked("roles", lambda: roles(dsn), "run pledger migrate, as the database's owner with CREATEROLE")
    yield asked("ledger", lambda: named(dsn), RUN_INIT)
    yield asked("keys", lambda: keys(settings, dsn), "restore the key folder from its backup")
    yield asked("token keys", lambda: token_keys(settings), "chmod 600 the file, or remove it: another key is made")
    yield asked("clock", lambda: clock(dsn), "set both clocks by the same time source")


def connected(dsn: str) -> str:
    """Raises LooksWrong for a version that is too old, NotSetUp."""
    try:
        with psycopg.connect(dsn, autocommit=True, connect_timeout=5) as connection:
            version = connection.info.server_version // 10_000
    except psycopg.OperationalError as error:
        if f'database "{DATABASE}" does not exist' in str(error):
            raise NotSetUp from None
        raise
    if version < LEAST_VERSION:
        raise LooksWrong(f"PostgreSQL {version}; {LEAST_VERSION} or later is needed")
    return f"answers, PostgreSQL {version}"


def schema(dsn: str) -> str:
    with psycopg.connect(dsn, autocommit=True) as connection:
        migrations.require_current(connection)
    return "up to date"


def roles(dsn: str) -> str:
    """Raises LooksWrong where a role is not there, or may not be stepped down to."""
    with psycopg.connect(dsn, autocommit=True) as connection:
        rows = connection.execute(
            "SELECT rolname FROM pg_roles WHERE rolname = ANY(%s) AND pg_has_role(current_user, oid, 'MEMBER')",
            (list(ROLES),),
        ).fetchall()
    missing = sorted(set(ROLES) - {str(row[0]) for row in rows})
    if missing:
        raise LooksWrong(f"this role may not act as {', '.join(missing)}")
    return f"may act as all {len(ROLES)}"


def named(dsn: str) -> str:
    identity = identity_of(dsn)
    return f"{identity.origin} ({identity.kind}), days in {identity.zone.key}"


def keys(settings: Settings, dsn: str) -> str:
    open_vault(dsn, settings.keys_dir, connections=1).close()
    return f"readable in {settings.keys_dir}, by nobody else"


def token_keys(settings: Settings) -> str:
    """Raises KeysUnreadable."""
    files = files_in(settings.keys_dir)
    if not files:
        return "none yet; the first is made when somebody asks for a token"
    read(files)
    return f"{files[-1].path.name} signs"


def clock(dsn: str) -> str:
    """Raises ClocksApart."""
    with psycopg.connect(dsn, autocommit=True) as connection:
        row = connection.execute("SELECT clock_timestamp()").fetchone()
    drift = 0.0 if row is None else abs((row[0] - datetime.now(UTC)).total_seconds())
    if drift >= MOST_DRIFT_SECONDS:
        raise ClocksApart(f"{drift:.1f} s between this machine and the database", seconds=drift)
    return f"{drift:.1f} s between this machine and the database"
