"""`pledger doctor`: looks at everything a ledger needs and says what to do about what is wrong."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import ClassVar, Final

import click
import psycopg

from ledger.errors import Refusal
from ledger.eventstore import embedded, migrations
from ledger.guard import guard
from ledger.integrity.vault import open_vault
from ledger.settings import Settings, load
from ledger.whereabouts import DATABASE, NotSetUp, identity_of

LEAST_FREE: Final = 2 * 2**30
MOST_DRIFT_SECONDS: Final = 2.0
RUN_INIT: Final = "run pledger init"


class ClocksApart(Refusal):
    """This machine and the database tell different times. Fields: `seconds`."""

    code: ClassVar[str] = "clocks-apart"


@dataclass(frozen=True, slots=True)
class Finding:
    """What one look found; `todo` is empty when it is in order."""

    what: str
    found: str
    todo: str = ""


@click.command(short_help="Look at everything and say what to do.")
def doctor() -> None:
    """Look at settings, folders, keys and database, and say what to do. Exit code 4 when something is wrong.

    \b
    Example:  pledger doctor
    """
    findings = list(look())
    for one in findings:
        mark = click.style("in order", fg="green") if not one.todo else click.style("look here", bold=True)
        click.echo(f"{mark:10}  {one.what}: {one.found}")
        if one.todo:
            click.echo(f"            {one.todo}")
    if any(one.todo for one in findings):
        sys.exit(4)


def look() -> Iterator[Finding]:
    """The findings in order; it ends at the first without which the rest cannot be looked at."""
    try:
        settings = load(os.environ)
        guard(settings, os.environ)
    except Refusal as refusal:
        yield Finding("settings", refusal.code, refusal.detail)
        return
    yield Finding("settings", "read, and safe")
    yield space(settings)
    if settings.embedded and not (settings.home / "database" / "postgres").exists():
        yield Finding("database", "not set up", RUN_INIT)  # looking must not make one
        return
    try:
        with reached(settings) as dsn:
            yield from inside(settings, dsn)
    except Refusal as refusal:
        yield Finding("database", refusal.code, refusal.detail)


@contextmanager
def reached(settings: Settings) -> Iterator[str]:
    """Where to connect; the embedded database is started for as long as the block lasts."""
    if settings.database_url is not None:
        yield settings.database_url
        return
    with embedded.start(settings.home / "database") as running:
        yield running.dsn(DATABASE)


def space(settings: Settings) -> Finding:
    folder = next(one for one in (settings.home, *settings.home.parents) if one.exists())
    free = shutil.disk_usage(folder).free
    todo = "" if free > LEAST_FREE else "make room: a full disk stops the ledger"
    return Finding("disk", f"{free / 2**30:.1f} GiB free at {folder}", todo)


def inside(settings: Settings, dsn: str) -> Iterator[Finding]:
    """What can be seen in the database; nothing further where nobody can connect to it."""
    database = asked("database", lambda: connected(dsn), "see that it runs, and that PLEDGER_DATABASE_URL names it")
    yield database
    if database.todo:
        return
    yield asked("schema", lambda: schema(dsn), "run pledger migrate")
    yield asked("ledger", lambda: named(dsn), RUN_INIT)
    yield asked("keys", lambda: keys(settings, dsn), "restore the key folder from its backup")
    yield asked("clock", lambda: clock(dsn), "set both clocks by the same time source")


def asked(what: str, look: Callable[[], str], todo: str) -> Finding:
    """What the look answers; `todo` where it is refused, by the ledger or by the database."""
    try:
        return Finding(what, look())
    except NotSetUp as refusal:
        return Finding(what, refusal.code, RUN_INIT)
    except Refusal as refusal:
        return Finding(what, f"{refusal.code}: {refusal.detail}", todo)
    except psycopg.Error as error:
        return Finding(what, str(error).strip().partition("\n")[0] or type(error).__name__, todo)


def connected(dsn: str) -> str:
    try:
        with psycopg.connect(dsn, autocommit=True, connect_timeout=5) as connection:
            return f"answers, PostgreSQL {connection.info.server_version // 10_000}"
    except psycopg.OperationalError as error:
        if f'database "{DATABASE}" does not exist' in str(error):
            raise NotSetUp from None
        raise


def schema(dsn: str) -> str:
    with psycopg.connect(dsn, autocommit=True) as connection:
        migrations.require_current(connection)
    return "up to date"


def named(dsn: str) -> str:
    identity = identity_of(dsn)
    return f"{identity.origin} ({identity.kind}), days in {identity.zone.key}"


def keys(settings: Settings, dsn: str) -> str:
    open_vault(dsn, settings.keys_dir, connections=1).close()
    return f"readable in {settings.keys_dir}"


def clock(dsn: str) -> str:
    with psycopg.connect(dsn, autocommit=True) as connection:
        row = connection.execute("SELECT clock_timestamp()").fetchone()
    drift = 0.0 if row is None else abs((row[0] - datetime.now(UTC)).total_seconds())
    if drift >= MOST_DRIFT_SECONDS:
        raise ClocksApart(f"{drift:.1f} s between this machine and the database", seconds=drift)
    return f"{drift:.1f} s between this machine and the database"
