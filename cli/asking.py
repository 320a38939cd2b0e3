"""The three parts of a question at the terminal: as of which day, as known when, over which window."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import date, datetime
from functools import wraps
from typing import Any, Final, TypeVar

import click

from cli.opening import Said, ledger_here
from ledger.domain.reading import read_instant
from ledger.domain.values import CATEGORIES, read_day
from ledger.errors import FieldError
from ledger.service import Ledger
from ledger.settings import load
from projections.question import DAYS_ASKED, is_asked_about
from projections.reader import Reader
from projections.runner import AnotherWorker, Runner
from projections.views import ReadModels, all_views, open_read_models

F = TypeVar("F", bound=Callable[..., Any])
Question = Mapping[str, Any]
POSITION: Final = re.compile(r"position:([0-9]{1,15})")


class Day(click.ParamType[date]):
    """A day, `YYYY-MM-DD`."""

    name = "day"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> date:
        try:
            day = read_day(value)
        except ValueError:
            self.fail(f"{value!r} is no day of the form 2026-09-01", param, ctx)
        if not is_asked_about(day):
            self.fail(f"{value!r} must be a day {DAYS_ASKED}", param, ctx)
        return day


class Category(click.ParamType[str]):
    """A category of support: one of the ledger's own, or one that its settings add."""

    name = "category"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        settings = load(os.environ)
        if settings.url is not None:
            return str(value)  # what that ledger adds, it knows itself
        return click.Choice(sorted(CATEGORIES | set(settings.categories))).convert(value, param, ctx)


class KnownAt(click.ParamType[int | datetime]):
    """`position:N`, or a moment with its offset."""

    name = "known"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> int | datetime:
        position = POSITION.fullmatch(value)
        if position is not None:
            return int(position[1])
        errors: list[FieldError] = []
        at = read_instant(value, "", errors)
        if errors:
            self.fail(f"{value!r} is neither position:N nor a moment such as 2026-09-01T12:00:00Z", param, ctx)
        if not is_asked_about(at.date()):
            self.fail(f"{value!r} must be a moment {DAYS_ASKED}", param, ctx)
        return at  # type: ignore[no-any-return]  # read_instant answers a datetime, or tells what is wrong


def question_options(command: F) -> F:
    """Adds `--as-of`, `--known-at`, `--from` and `--to`; the command gets `question`, the parameters
    of a route by name."""

    @click.option("--as-of", type=Day(), help="Only what had happened by this day (today).")
    @click.option("--known-at", type=KnownAt(), help="Only what was recorded by then: position:N, or a moment.")
    @click.option("--from", "from_", type=Day(), help="Only from this day on.")
    @click.option("--to", type=Day(), help="Only up to this day.")
    @wraps(command)
    def with_question(
        *args: Any,
        as_of: date | None,
        known_at: int | datetime | None,
        from_: date | None,
        to: date | None,
        **kwargs: Any,
    ) -> Any:
        if from_ is not None and to is not None and from_ > to:
            raise click.BadParameter("lies before --from", param_hint="--to")

        return command(*args, question=asked(as_of, known_at) | {"from_": from_, "to": to}, **kwargs)

    return with_question  # type: ignore[return-value]  # click wraps any callable


def asked(as_of: date | None, known_at: int | datetime | None) -> dict[str, Any]:
    """As of which day, and as known when, as parameters of a route."""
    return {"as_of": as_of, "known_at": f"position:{known_at}" if isinstance(known_at, int) else known_at}


def refuse_window(question: Question, why: str) -> None:
    """Passes where no stretch of days was asked for. Raises UsageError."""
    if question["from_"] is not None or question["to"] is not None:
        raise click.UsageError(why)


def page_asked(after: str, limit: int) -> dict[str, Any]:
    """Which page of a list, as parameters of its route; `after` is the `next` of the page before, or nothing."""
    return {"cursor": after or None, "limit": limit}


@contextmanager
def views_here(said: Said) -> Iterator[tuple[Ledger, ReadModels]]:
    """The ledger and its views, which know all of it: where no worker keeps them, this command brings them up to date.
    They answer whoever asks.

    Raises NotYetVisible when a worker does, and does not get there in time.
    """
    with ledger_here() as ledger, open_read_models(ledger.dsn, ledger.zone, ledger.today) as models:
        reader, head = Reader(ledger, said.anybody(ledger)), ledger.head()
        try:
            Runner(ledger.store, ledger.dsn, all_views(ledger.zone)).run_once()
        except AnotherWorker:
            models.wait_for(head, ledger.settings.min_position_wait_seconds)
        yield ledger, models.read_by(reader)
