"""The clock runs once a day, shortly after the day begins in the ledger's zone, and makes up the days it missed.

Any number of workers may run it: one works, the others stand by and take over. A day is written whole, with the day
itself, in one transaction: whoever is killed at it has done nothing, and whoever takes over does it once.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from contextlib import closing
from datetime import date
from threading import Event
from typing import Any, Final
from zoneinfo import ZoneInfo

import psycopg

from ledger.errors import Busy
from ledger.eventstore.standing_by import stand_by, try_lock
from projections.asking import Asking
from projections.daily import rows
from projections.daily.looking import DAY, attempt, eve, partnerships
from projections.daily.rows import ClockMoved, Connection, Done, Missed, Noticed
from projections.places import connect_worker
from projections.question import Question
from projections.reading import position_at
from projections.runner import AnotherWorker
from projections.views import Asked, ReadModels

LOG: Final = logging.getLogger(__name__)
_LOCK: Final = "pledger clock"
REACH: Final = 30 * DAY
"""How far back a clock begins that has no days behind it: nobody is told of older changes."""

TRIES: Final = (0.2, 10.0)
"""Seconds to wait after trouble, at first and at most."""


class Clock:
    """`today` is the day of the ledger's clock. It asks `models`, which it does not close, and writes with `dsn`."""

    def __init__(
        self, dsn: str, zone: ZoneInfo, today: Callable[[], date], models: ReadModels, *, look_seconds: float = 5.0
    ) -> None:
        self._dsn, self._zone, self._today, self._models = dsn, zone, today, models
        self._look_seconds = look_seconds

    def run(self, stop: Event) -> None:
        """Do every day as it comes, until `stop` is set. Trouble with the database is waited out."""
        wait, most = TRIES
        while not stop.is_set():
            try:
                with closing(connect_worker(self._dsn)) as connection:
                    self._begin(connection)
                    if stand_by(connection, _LOCK, stop, self._look_seconds):
                        wait = TRIES[0]
                        self._keep(connection, stop)
            except ClockMoved as moved:
                LOG.info("the clock is looked at anew: %s", moved)
            except (psycopg.Error, Busy) as error:
                LOG.warning("the clock waits %.1f seconds: %s", wait, error)
                stop.wait(wait)
                wait = min(2 * wait, most)
            except Exception:
                LOG.exception("the clock broke off, and begins again in %.1f seconds", most)
                stop.wait(most)

    def run_once(self) -> Done:
        """Do every day up to today and return. Raises AnotherWorker, NotYetVisible and psycopg's errors."""
        with closing(connect_worker(self._dsn)) as connection:
            self._begin(connection)
            if not try_lock(connection, _LOCK):
                raise AnotherWorker
            return self._catch_up(connection, Event())

    def _begin(self, connection: Connection) -> None:
        """Where no day was ever done: begin some days back, or on the day of the first fact."""
        if not rows.has_begun(connection):
            today = self._today()
            first = first_day(connection, self._zone) or today
            day = min(max(first, today - REACH), today)
            rows.begin(connection, day, position_at(connection, eve(day, self._zone)))

    def _keep(self, connection: Connection, stop: Event) -> None:
        while not stop.is_set():
            self._catch_up(connection, stop)
            stop.wait(self._look_seconds)

    def _catch_up(self, connection: Connection, stop: Event) -> Done:
        """One day after the other, up to today. A clock that was set back waits until its day comes again."""
        done = rows.done(connection)
        if done is None:
            raise ClockMoved("the clock has to begin again")
        while done.day < self._today() and not stop.is_set():
            done = self._do(connection, done, stop)
        return done

    def _do(self, connection: Connection, before: Done, stop: Event) -> Done:
        """The day that follows. When it is time to stop in the midst of it, nothing of it is kept."""
        day = before.day + DAY
        known_at = max(before.position, position_at(connection, eve(day, self._zone)))
        since = {one.partnership_id: one.day for one in rows.missed(connection)}
        asked = Asked(as_of=day, known_at=known_at)
        ids = sorted({*self._models.answer(partnerships, asked, before.position), *since})
        found: list[Noticed] = []
        failures: list[Missed] = []
        for one in ids:
            if stop.is_set():
                return before
            compared = self._question(connection, since.get(one, before.day))
            noticed, failure = self._models.answer(attempt, asked, one, compared)
            found += noticed
            failures += [] if failure is None else [failure]
        after = rows.write(connection, before, known_at, found, failures)
        LOG.info("the clock did %s: %d partnerships, %d changes, %d missed", day, len(ids), len(found), len(failures))
        return after

    def _question(self, connection: Connection, day: date) -> Question:
        return Question(as_of=day, known_at=position_at(connection, eve(day, self._zone)))


def state_of(asking: Asking) -> tuple[Done, Sequence[Missed]] | None:
    """How far the clock has come and what it could not look at; None before it began."""
    if not rows.has_begun(asking.connection):
        return None
    done = rows.done(asking.connection)
    return None if done is None else (done, rows.missed(asking.connection))


IDLE_SECONDS: Final = 600.0
"""How long the clock may stand on one day while days are missing."""


def readiness(asking: Asking) -> dict[str, Any]:
    """The check of readiness: fine when the question's day or the one before is done, or while missed days are being
    made up; and before the clock began, where there was no day for it to do. What it missed is told beside.
    """
    today, found = asking.question.as_of, state_of(asking)
    if found is None:
        return {"ok": first_day(asking.connection, asking.zone) in (None, today, today - DAY), "day": None}
    done, missed = found
    told = [{"partnership_id": one.partnership_id, "since": one.day.isoformat()} for one in missed]
    is_fine = done.day >= today - DAY or done.idle_seconds < IDLE_SECONDS
    return {"ok": is_fine, "day": done.day.isoformat(), "position": done.position, "missed": told}


def first_day(connection: Connection, zone: ZoneInfo) -> date | None:
    """The day on which the first fact was recorded."""
    row = connection.execute("SELECT recorded_at FROM pledger.log WHERE position = 1").fetchone()
    return None if row is None else row[0].astimezone(zone).date()
