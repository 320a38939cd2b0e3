"""`pledger projections`: how the views are doing, and building them anew."""

from __future__ import annotations

import threading
import time
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, ClassVar, Final

import click

from cli.opening import ledger_here
from cli.output import Form, form_options, print_csv, print_json, print_table
from cli.progress import progress
from ledger.errors import Busy
from ledger.service import Ledger
from projections.pace import Pace
from projections.rebuild import named, request_rebuild
from projections.runner import Runner
from projections.status import ViewStatus
from projections.views import ReadModels, all_views, open_read_models

HEADER: Final = ("view", "version", "state", "position", "lag", "seconds", "rebuild", "stopped before")
LOOK_SECONDS: Final = 0.1


class RebuildStopped(Busy):
    """A fact cannot be applied, so that the rebuild did not come to its end; what was read before still is.
    Fields: `view`, `position`, `event_id`, `type`."""

    code: ClassVar[str] = "rebuild-stopped"
    title = "The rebuild stopped"
    retryable: ClassVar[bool] = False


@click.group(short_help="See how the views are doing; rebuild them.")
def projections() -> None:
    """See how far the views have come, and have them built anew from the facts."""


@projections.command("status", short_help="Show how far each view has come.")
@form_options
def status(form: Form) -> None:
    """Show how far each view has come, and what keeps one from going on.

    \b
    Example:  pledger projections status
    """
    with ledger_here() as ledger, models_of(ledger) as models:
        found = models.status()
    tell(found, form)


@projections.command("rebuild", short_help="Build views anew beside those that are read.")
@click.argument("names", nargs=-1)
@click.option("--all", "every", is_flag=True, help="Every view.")
@click.option(
    "--wait/--no-wait", default=True, help="Wait until the new tables are read (default), or only ask for it."
)
@form_options
def rebuild(form: Form, names: Sequence[str], every: bool, wait: bool) -> None:
    """Build views anew, beside the tables that are read. A running service does it; where none runs, this command does.

    \b
    Example:  pledger projections rebuild reciprocity
              pledger projections rebuild --all --no-wait
    """
    if every == bool(names):
        raise click.UsageError("name the views to rebuild, or give --all")
    with ledger_here() as ledger, models_of(ledger) as models:
        views = all_views(ledger.zone)
        wanted = [view.name for view in (views if every else [named(name, views) for name in names])]
        request_rebuild(ledger.dsn, wanted)
        if wait:
            with standing_by(ledger):
                wait_for(models, wanted)
        tell([one for one in models.status() if one.view in wanted], form)


def models_of(ledger: Ledger) -> ReadModels:
    return open_read_models(ledger.dsn, ledger.zone, ledger.today, connections=1)


@contextmanager
def standing_by(ledger: Ledger) -> Iterator[None]:
    """Does the work as soon as, and as long as, no other worker does."""
    stop = threading.Event()
    runner = Runner(ledger.store, ledger.dsn, all_views(ledger.zone), Pace(poll_seconds=LOOK_SECONDS))
    thread = threading.Thread(target=runner.run, args=(stop,), name="projections")
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join()


def wait_for(models: ReadModels, names: Collection[str]) -> None:
    """Returns when none of these views is to be rebuilt any longer. Raises RebuildStopped."""
    with progress(f"Rebuilding {', '.join(names)}") as show:
        while True:
            views = [one for one in models.status() if one.view in names]
            under_way = [one for one in views if one.asked or one.rebuild is not None]
            if not under_way:
                return
            for one in under_way:
                require_going_on(one)
            show(sum(done(one) for one in views), sum(one.head for one in views))
            time.sleep(LOOK_SECONDS)


def done(view: ViewStatus) -> int:
    """How many facts the rebuild has looked at."""
    if view.asked:
        return 0
    return view.head if view.rebuild is None else view.rebuild.position


def require_going_on(view: ViewStatus) -> None:
    rebuild = view.rebuild
    if view.asked or rebuild is None or rebuild.failure is None or view.state == "rebuilding":
        return
    failed = rebuild.failure
    raise RebuildStopped(
        f"the view {view.view} cannot apply the fact at position {failed.position} ({failed.type}): {failed.reason}",
        view=view.view, position=failed.position, event_id=failed.event_id, type=failed.type,
    )  # fmt: skip


def tell(found: Sequence[ViewStatus], form: Form) -> None:
    if form == "json":
        print_json({"items": [one.to_json() for one in found], "position": found[0].head})
    elif form == "csv":
        print_csv(HEADER, [row_of(one) for one in found])
    else:
        print_table("", HEADER, [row_of(one) for one in found], frozenset({1, 3, 4, 5}))
        for one in found:
            if one.failure is not None:
                click.echo(f"{one.view} cannot apply event {one.failure.event_id}: {one.failure.reason}")


def row_of(one: ViewStatus) -> list[Any]:
    failure = one.failure or (None if one.rebuild is None else one.rebuild.failure)
    return [
        one.view,
        one.version,
        one.state,
        one.position,
        one.lag,
        f"{one.lag_seconds:.1f}",
        rebuilding(one),
        "" if failure is None else f"{failure.type} at {failure.position}",
    ]


def rebuilding(one: ViewStatus) -> str:
    """How far a rebuild is."""
    if one.asked:
        return "asked for"
    if one.rebuild is None:
        return ""
    return f"{100 * one.rebuild.to_json()['progress']:.0f} % ({one.rebuild.position} of {one.head})"
