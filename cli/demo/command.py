"""`pledger demo`: a ledger with a seeded programme of schools, on this machine only."""

from __future__ import annotations

import json
import os
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from datetime import UTC, date, datetime
from functools import partial
from pathlib import Path
from typing import Final

import click

from api import server
from cli.demo import history
from cli.demo.access import access, keep
from cli.demo.banner import banner
from cli.demo.history import History
from cli.demo.home import ACCESS_FILE, make_private, served_alone
from cli.demo.run import Programme
from cli.opening import KEY_VARIABLE
from cli.progress import progress
from ledger.clock import SetClock
from ledger.eventstore import embedded
from ledger.guard import guard
from ledger.service import Ledger, open_ledger
from ledger.settings import Settings, load

SEED: Final = 1
NOT_FOR_DEMOS: Final = (KEY_VARIABLE, "PLEDGER_DATABASE_URL", "PLEDGER_DATABASE_URL_FILE", "PLEDGER_KEYS_DIR")


@click.command(short_help="Serve a seeded programme of schools, on loopback.")
@click.option(
    "--port", type=click.IntRange(0, 65_535), help="The port on loopback, 0 for a free one (8080, or a free one)."
)
@click.option("--home", type=click.Path(path_type=Path), help="The folder of the demonstration.")
@click.option("--today", type=click.DateTime(["%Y-%m-%d"]), help="The day on which the history ends; not a later one.")
@click.option("--seed", type=int, help="Another seed makes another programme.")
@click.option("--json", "as_json", is_flag=True, help="Print one line of JSON when ready, instead of a banner.")
def demo(port: int | None, home: Path | None, today: datetime | None, seed: int | None, as_json: bool) -> None:
    """Serve a seeded programme: 67 invented schools in 13 clusters, eighteen months of support between them.

    The history is made at the first start, and found again later. It listens on loopback only.

    \b
    Examples:  pledger demo
               pledger demo --home demo-june --today 2026-06-30 --json
    """
    settings = settings_of(home, port)
    wanted = history_of(settings, None if today is None else today.date(), seed)
    with served_alone(settings.home), embedded.start(settings.home / "database"):
        with terminable():
            at = prepare(settings, wanted)
        server.serve(settings, at=at, announce=partial(announce, settings.home / ACCESS_FILE, as_json))


def settings_of(home: Path | None, port: int | None) -> Settings:
    """The demonstration's settings: a home and database of its own, whatever the environment says of others."""
    environ = {name: value for name, value in os.environ.items() if name not in NOT_FOR_DEMOS}
    environ.setdefault("PLEDGER_LOG_LEVEL", "warning")  # the banner is not to scroll away behind every request
    if home is not None:
        environ["PLEDGER_HOME"] = str(home.expanduser().absolute())
    elif "PLEDGER_HOME" not in environ:
        environ["PLEDGER_HOME"] = str(load(environ).home / "demo")
    settings = load(environ)
    make_private(settings.home)
    guard(settings, environ, demo=True)
    return replace(settings, port=port_of(settings) if port is None else port)


def port_of(settings: Settings) -> int:
    """The usual port, or any that is free while something else listens there."""
    try:
        return server.free_port(settings.host, settings.port)
    except server.PortTaken:
        return 0


def history_of(settings: Settings, today: date | None, seed: int | None) -> History:
    """The history that this home holds or is to get. Raises UsageError where it cannot be the one asked for."""
    now = datetime.now(settings.zone).date()
    if today is not None and today > now:
        raise click.UsageError(f"--today {today} has not come yet; today is {now}")
    found = history.read(settings.home)
    if found is None:
        chosen = today is not None and today != now
        return History(seed=SEED if seed is None else seed, today=today or now, day_chosen=chosen)
    if today not in (None, found.today) or seed not in (None, found.seed):
        held = f"the history in {settings.home} ends on {found.today} and has seed {found.seed}"
        raise click.UsageError(f"{held}; choose another --home for another one")
    return found


def prepare(settings: Settings, wanted: History) -> datetime | None:
    """Makes the history and the keys unless they are there, brings the views up; answers where the clock starts."""
    programme = programme_of(settings, wanted)
    at = wanted.clock_at(datetime.now(UTC))
    with open_ledger(settings, clock=None if at is None else SetClock(at, running=True)) as ledger:
        access(ledger, programme)
        catch_up(ledger)
    return at


def programme_of(settings: Settings, wanted: History) -> Programme:
    """The programme of the home: found at once, or made, with a bar (one line where there is no terminal)."""
    if wanted.made:
        return history.make(settings, wanted, None)
    if not sys.stderr.isatty():
        click.echo("Making eighteen months of support (about 20 seconds) …", err=True)
    with progress("Making eighteen months of support between 67 schools") as tell:
        return history.make(settings, wanted, tell)


def catch_up(ledger: Ledger) -> None:
    """Every view to the end of the log, unless another process that serves this home does so."""
    from projections.runner import AnotherWorker, Runner
    from projections.views import all_views

    with suppress(AnotherWorker):
        Runner(ledger.store, ledger.dsn, all_views(ledger.zone)).run_once()


@contextmanager
def terminable() -> Iterator[None]:
    """Being told to end is like Ctrl-C: what is open is closed, and the next start goes on from there."""

    def end(*_: object) -> None:
        raise click.Abort

    before = signal.signal(signal.SIGTERM, end)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def announce(file: Path, as_json: bool, url: str, origin: str) -> None:
    """Says where the demonstration is and what opens it: one line of JSON, or a banner."""
    made = json.loads(file.read_text("utf-8")) | {"url": url, "origin": origin}
    keep(file, made)
    print(json.dumps(made) if as_json else banner(made, file), flush=True)
