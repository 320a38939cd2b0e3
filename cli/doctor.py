"""`pledger doctor`: looks at everything a ledger needs and says what to do about what is wrong."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Iterator
from typing import Any, Final

import click
import psycopg

from api.webhooks.numbers import webhook_numbers
from cli.findings import RUN_INIT, Finding, are_in_order, tell
from cli.looking import foundations, is_made, reached, settings_in
from cli.served import Served, served
from ledger.errors import Refusal
from ledger.settings import Settings
from ledger.whereabouts import identity_of
from projections.status import ViewStatus, status
from projections.views import all_views

LEAST_FREE: Final = 2 * 2**30
MOST_LAG_SECONDS: Final = 60.0
EXPIRING_DAYS: Final = 14
FULL: Final = 0.5
DURABLE: Final = ("fsync", "synchronous_commit", "full_page_writes")


@click.command(short_help="Look at everything and say what to do.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def doctor(as_json: bool) -> None:
    """Look at settings, folders, keys, database and what runs, and say what to do. Exit code 4 when something is wrong;
    with advice alone it is 0.

    \b
    Examples:  pledger doctor
               pledger doctor --json
    """
    findings = list(look())
    tell(findings, as_json=as_json)
    if not are_in_order(findings):
        sys.exit(4)


def look() -> Iterator[Finding]:
    """The findings in order; it ends at the first without which the rest cannot be looked at."""
    settings = settings_in(os.environ)
    if isinstance(settings, list):
        yield from settings
        return
    yield Finding("settings", "read, and safe")
    yield space(settings)
    if not is_made(settings):
        yield Finding("database", "not set up", RUN_INIT)
        return
    try:
        with reached(settings) as dsn:
            found = list(foundations(settings, dsn))
            yield from found
            if are_in_order(found):
                yield from running(settings, dsn)
    except Refusal as refusal:
        yield Finding("database", refusal.code, refusal.detail)
    except psycopg.Error as error:
        yield Finding("database", type(error).__name__, "see that it goes on running, then look again")


def space(settings: Settings) -> Finding:
    """Of the embedded database too; a database of yours has its own disk."""
    folder = next(one for one in (settings.home, *settings.home.parents) if one.exists())
    free = shutil.disk_usage(folder).free
    todo = "" if free > LEAST_FREE else "make room: a full disk stops the ledger"
    return Finding("disk", f"{free / 2**30:.1f} GiB free at {folder}", todo)


def running(settings: Settings, dsn: str) -> Iterator[Finding]:
    """How the ledger is doing, whether it is served at this moment or not."""
    with psycopg.connect(dsn, autocommit=True) as connection:
        yield from durable(connection)
        served_here = served(settings.operator_address)
        yield service(settings, served_here)
        yield views(status(connection, all_views(identity_of(dsn).zone)), served_here is not None)
        yield expiring(connection)
    yield webhooks(dsn)
    if served_here is not None:
        yield access_log(settings, served_here)


def durable(connection: psycopg.Connection[Any]) -> Iterator[Finding]:
    """Whether what is acknowledged survives a crash, and whether a damaged page would be noticed."""
    said = {name: value_of(connection, name) for name in (*DURABLE, "data_checksums")}
    off = [name for name in DURABLE if said[name] == "off"]
    todo = f"set {' and '.join(off)} to on: a crash would lose facts with a receipt" if off else ""
    yield Finding("durability", ", ".join(f"{name} {said[name]}" for name in DURABLE), todo)
    sums = "" if said["data_checksums"] == "on" else "stop the server and run pg_checksums --enable"
    yield Finding("data checksums", said["data_checksums"], sums, advice=True)


def value_of(connection: psycopg.Connection[Any], name: str) -> str:
    row = connection.execute("SELECT current_setting(%s)", (name,)).fetchone()
    return "" if row is None else str(row[0])


def service(settings: Settings, found: Served | None) -> Finding:
    """What answers at the operator's address."""
    if settings.operator_address is None:
        return Finding("service", "not asked: PLEDGER_OPERATOR_ADDRESS is off")
    if found is None:
        todo = "if it should be served, start it: pledger serve"
        return Finding("service", f"nobody answers at {settings.operator_address}", todo, advice=True)
    if found.troubles:
        return Finding("service", "; ".join(found.troubles), "see the log, and docs/operating.md on what it says")
    return Finding("service", f"ready, at {settings.operator_address}")


def views(found: list[ViewStatus], is_served: bool) -> Finding:
    """How far the views are. While nothing is served, nobody keeps them, and that is as it should be."""
    stopped = [one.view for one in found if one.failure is not None or one.state == "stopped"]
    if stopped:
        todo = "pledger projections status names the fact; install a program that is put right, or rebuild the view"
        return Finding("views", f"stopped: {', '.join(stopped)}", todo)
    lag, seconds = max(one.lag for one in found), max(one.lag_seconds for one in found)
    told = f"{len(found)}, at most {lag} facts behind"
    if seconds <= MOST_LAG_SECONDS:
        return Finding("views", told)
    todo = "see that pledger serve or pledger worker runs for this ledger, and look at its log"
    return Finding("views", f"{told}, for {seconds:.0f} s", todo, advice=not is_served)


def expiring(connection: psycopg.Connection[Any]) -> Finding:
    """Keys that end soon."""
    rows = connection.execute(
        "SELECT id::text, expires_at FROM pledger.api_key WHERE revoked_at IS NULL AND expires_at > now()"
        " AND expires_at < now() + make_interval(days => %s) ORDER BY expires_at LIMIT 100",
        (EXPIRING_DAYS,),
    ).fetchall()
    if not rows:
        return Finding("expiring keys", f"none within {EXPIRING_DAYS} days")
    told = ", ".join(f"{one} on {ends:%Y-%m-%d}" for one, ends in rows[:5])
    more = f" and {len(rows) - 5} more" if len(rows) > 5 else ""
    return Finding("expiring keys", told + more, "issue others, or ask their holders: pledger keys list", advice=True)


def webhooks(dsn: str) -> Finding:
    found = webhook_numbers(dsn)
    told = ", ".join(f"{count} {state}" for state, count in found.by_state.items() if count) or "none"
    if found.by_state["paused"]:
        todo = "its owner sees why at GET /v1/webhooks, and has it go on"
        return Finding("webhooks", told, todo, advice=True)
    if found.failing:
        todo = "it is tried again until it is paused; its owner sees what it answered"
        return Finding("webhooks", f"{told}; {found.failing} failing", todo, advice=True)
    return Finding("webhooks", told)


def access_log(settings: Settings, found: Served) -> Finding:
    """Whether readings are noted as fast as they come."""
    waiting = int(found.measured.get("pledger_access_log_queue_entries", 0))
    told = f"{waiting} of {settings.access_queue} places taken"
    todo = "answers wait for it when it is full: look at the database's load and its log"
    return Finding("access-log queue", told, todo if waiting > FULL * settings.access_queue else "")
