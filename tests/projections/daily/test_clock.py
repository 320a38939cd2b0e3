"""The clock: every day once, in order, whenever it is done; what it finds depends on the log and the day alone."""

from __future__ import annotations

import random
import signal
import subprocess
import sys
import threading
import time
from datetime import UTC, date, datetime, timedelta

import psycopg
import pytest

from ledger.service import Ledger
from projections.daily.clock import readiness
from projections.daily.looking import eve
from projections.places import SCHEMA
from projections.runner import AnotherWorker
from projections.views import EVERYTHING, open_read_models
from tests.architecture.sources import ROOT
from tests.projections.books import LONDON
from tests.projections.daily.days import busy_days, clock_of, follow, noticed, stands, tick, torn, written
from tests.projections.inbox.desks import Desks
from tests.story import said


def test_a_day_begins_at_midnight_in_the_ledgers_zone() -> None:
    assert eve(date(2026, 7, 1), LONDON) == datetime(2026, 6, 30, 22, 59, 59, 999999, tzinfo=UTC)
    assert eve(date(2026, 12, 1), LONDON) == datetime(2026, 11, 30, 23, 59, 59, 999999, tzinfo=UTC)


def test_a_change_of_band_is_noticed_on_the_day_after(desks: Desks) -> None:
    ledger = desks.village.ledger
    tick(ledger)
    busy_days(desks)
    tick(ledger)
    assert noticed(ledger, "health_band") == []
    desks.pass_days(1)
    assert tick(ledger).day == ledger.today()
    [(day, before, after)] = noticed(ledger, "health_band")
    assert (day, before) == (ledger.today(), "unknown")
    assert after in {"from_50", "from_92"}


def test_missed_days_are_made_up_one_by_one(desks: Desks) -> None:
    ledger = desks.village.ledger
    begun = tick(ledger).day
    busy_days(desks)
    desks.pass_days(140)
    tick(ledger)
    quiet = noticed(ledger, "quiet")
    assert [(before, after) for _, before, after in quiet] == [(None, "open")]
    assert noticed(ledger, "health_band")[0][0] == begun + timedelta(days=1)
    due = noticed(ledger, "review_due")
    assert [(day - begun, before, after) for day, before, after in due] == [
        (timedelta(days=1), None, "upcoming"), (timedelta(days=30), "upcoming", "open"),
        (timedelta(days=105), "open", "passed"),
    ]  # fmt: skip


def test_days_done_late_and_in_time_find_the_same(desks: Desks) -> None:
    ledger = desks.village.ledger
    tick(ledger)
    busy_days(desks)
    for _ in range(12):
        desks.pass_days(1)
        tick(ledger)
    in_time, stood = written(ledger), stands(ledger)
    with psycopg.connect(ledger.dsn) as connection:
        connection.execute(f"DROP SCHEMA {SCHEMA} CASCADE")
    late = tick(ledger)
    assert (written(ledger), late.day, late.position) == (in_time, *(stood or late)[:2])
    assert in_time != []


def test_a_fact_recorded_late_about_the_past_is_noticed(desks: Desks) -> None:
    village, ledger = desks.village, desks.village.ledger
    desks.pass_days(140)
    tick(ledger)
    [opened] = noticed(ledger, "quiet")
    assert opened[1:] == (None, "open")
    village.confirmed("Northfield", "Ashfield", partnership_id=desks.partnership_id, delivered_on=desks.day(-20))
    desks.pass_days(1)
    tick(ledger)
    assert noticed(ledger, "quiet") == [opened, (ledger.today(), "open", None)]


def test_notice_and_a_closing_are_noticed(desks: Desks) -> None:
    village, ledger = desks.village, desks.village.ledger
    desks.pass_days(30)
    tick(ledger)
    [item] = [one for one in desks.of("Northfield", "withdrawal_point") if one["point_kind"] == "review_due"]
    desks.act("Northfield", item, reason="A good moment")
    desks.pass_days(1)
    tick(ledger)
    assert (ledger.today(), "open", "taken") in noticed(ledger, "review_due")
    village.ledger.post(
        village.coordinator("Hub"),
        said("partnership.closed", desks.partnership_id, reason="by_agreement", on=desks.day(), lessons="Meet more"),
    )
    desks.pass_days(1)
    tick(ledger)
    assert (ledger.today(), "open", "passed") in noticed(ledger, "review_due")
    rows = len(written(ledger))
    desks.pass_days(5)
    tick(ledger)
    assert len(written(ledger)) == rows


def test_one_partnership_that_cannot_be_looked_at_stops_no_other_and_loses_nothing(desks: Desks) -> None:
    ledger = desks.village.ledger
    tick(ledger)
    other = desks.village.ledger.post(
        desks.village.coordinator("Hub"),
        said(
            "partnership.formed", name="Second", purpose="To share", starts_on=desks.day(),
            aims=[{"aim_id": "a1", "statement": "Share", "due_on": "2027-07-01"}],
            partners=[{"organisation_id": desks.village.ids[one], "role": "lead"} for one in ("Ashfield", "Oakwood")],
            coordinator_id=desks.village.ids["Hub"], terms={},
        ),
    )  # fmt: skip
    for name in ("Ashfield", "Oakwood"):
        desks.village.post(
            name, "partnership.partner_accepted", other.stream_id,
            organisation_id=desks.village.ids[name], on=desks.day(),
        )  # fmt: skip
    busy_days(desks)
    follow(ledger)
    desks.pass_days(2)
    with torn(ledger, "support.completed"):
        tick(ledger)
    assert {row.split(",")[0] for row in written(ledger)} == {f"({other.stream_id}"}
    with open_read_models(ledger.dsn, ledger.zone, ledger.today) as models:
        check = models.answer(readiness, EVERYTHING)
    assert (check["ok"], check["day"]) == (True, desks.day())
    assert [one["partnership_id"] for one in check["missed"]] == [desks.partnership_id]
    desks.pass_days(1)
    tick(ledger)
    assert [day for day, _, _ in noticed(ledger, "health_band")] == [ledger.today()]
    with open_read_models(ledger.dsn, ledger.zone, ledger.today) as models:
        assert models.answer(readiness, EVERYTHING)["missed"] == []


def test_readiness_follows_the_clock(desks: Desks) -> None:
    ledger = desks.village.ledger
    follow(ledger)
    with open_read_models(ledger.dsn, ledger.zone, ledger.today) as models:
        assert models.answer(readiness, EVERYTHING) == {"ok": True, "day": None}
        desks.pass_days(2)
        assert models.answer(readiness, EVERYTHING)["ok"] is False
        tick(ledger)
        done = models.answer(readiness, EVERYTHING)
        assert (done["ok"], done["day"], done["missed"]) == (True, desks.day(), [])
        desks.pass_days(2)
        assert models.answer(readiness, EVERYTHING)["ok"] is True
        with psycopg.connect(ledger.dsn) as connection:
            connection.execute(f"UPDATE {SCHEMA}.inbox_clock SET moved_at = now() - interval '1 hour'")
        assert models.answer(readiness, EVERYTHING)["ok"] is False


def test_a_clock_that_was_set_back_waits_for_its_day(desks: Desks) -> None:
    ledger = desks.village.ledger
    desks.pass_days(5)
    done = tick(ledger)
    rows = written(ledger)
    desks.pass_days(-3)
    assert (tick(ledger)[:2], written(ledger)) == (done[:2], rows)


def test_one_of_two_clocks_works_and_the_other_takes_over(desks: Desks) -> None:
    ledger = desks.village.ledger
    tick(ledger)
    with clock_of(ledger) as one, clock_of(ledger) as two:
        first, second = threading.Event(), threading.Event()
        threads = [threading.Thread(target=clock.run, args=(stop,)) for clock, stop in ((one, first), (two, second))]
        threads[0].start()
        wait_for_lock(ledger)
        threads[1].start()
        with pytest.raises(AnotherWorker):
            one.run_once()
        first.set()
        threads[0].join()
        desks.pass_days(1)
        wait_for_day(ledger, ledger.today())
        second.set()
        threads[1].join()


def wait_for_lock(ledger: Ledger) -> None:
    end = time.monotonic() + 20
    with psycopg.connect(ledger.dsn, autocommit=True) as connection:
        while connection.execute("SELECT pg_try_advisory_lock(hashtextextended('pledger clock', 0))").fetchone() == (
            True,
        ):
            connection.execute("SELECT pg_advisory_unlock_all()")
            assert time.monotonic() < end
            time.sleep(0.02)


def wait_for_day(ledger: Ledger, day: date) -> None:
    end = time.monotonic() + 60
    while (done := stands(ledger)) is None or done.day < day:
        assert time.monotonic() < end
        time.sleep(0.02)


@pytest.mark.slow
def test_killed_at_any_moment_it_does_every_day_once(desks: Desks) -> None:
    ledger, chance = desks.village.ledger, random.Random(7)
    tick(ledger)
    busy_days(desks)
    desks.pass_days(29)
    follow(ledger)

    def worker() -> subprocess.Popen[bytes]:
        words = [sys.executable, "-m", "tests.projections.daily.worker", ledger.dsn, ledger.today().isoformat()]
        return subprocess.Popen(words, cwd=ROOT)

    workers = [worker(), worker()]
    try:
        for _ in range(4):
            before = stands(ledger)
            end = time.monotonic() + 30
            while stands(ledger) == before and time.monotonic() < end:
                time.sleep(0.005)
            time.sleep(chance.random() / 20)
            victim = workers.pop(chance.randrange(2))
            victim.send_signal(signal.SIGKILL)
            victim.wait()
            workers.append(worker())
        wait_for_day(ledger, ledger.today())
    finally:
        for one in workers:
            one.kill()
            one.wait()
    killed = written(ledger)
    with psycopg.connect(ledger.dsn) as connection:
        connection.execute(f"DROP SCHEMA {SCHEMA} CASCADE")
    tick(ledger)
    assert written(ledger) == killed
