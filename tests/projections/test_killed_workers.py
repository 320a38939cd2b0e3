"""Workers killed at any moment: another one takes over, and every fact has been applied exactly once."""

from __future__ import annotations

import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator

import psycopg
import pytest

from bench.giving import facts
from bench.logged import write_log
from projections.rebuild import request_rebuild
from projections.views import all_views
from tests.architecture.sources import ROOT
from tests.projections.books import LONDON, fold_on, kept, statuses, tables
from tests.projections.workers import until

FACTS = 3_000


def worker(dsn: str) -> subprocess.Popen[bytes]:
    return subprocess.Popen([sys.executable, "-m", "tests.projections.worker", dsn, "20"], cwd=ROOT)


def positions(dsn: str) -> int:
    """How far the view furthest behind has come, read or being built."""
    return min(one.position for one in statuses(dsn).values())


@pytest.fixture
def workers(database_url: str) -> Iterator[list[subprocess.Popen[bytes]]]:
    """Two, of whom one works."""
    started = [worker(database_url), worker(database_url)]
    try:
        yield started
    finally:
        for one in started:
            one.kill()
            one.wait()


def one_dies(dsn: str, workers: list[subprocess.Popen[bytes]], chance: random.Random) -> None:
    """Either of them, and another one is started."""
    victim = workers.pop(chance.randrange(2))
    victim.send_signal(signal.SIGKILL)
    victim.wait()
    workers.append(worker(dsn))


def built_again(dsn: str) -> dict[str, list[str]]:
    """What the log gives when nobody is killed."""
    with psycopg.connect(dsn) as connection:
        connection.execute("DROP SCHEMA views CASCADE")
    fold_on(dsn)
    return tables(dsn)


@pytest.mark.slow
def test_nothing_is_lost_or_applied_twice(
    database_url: str, times: Callable[[int, int], int], workers: list[subprocess.Popen[bytes]]
) -> None:
    write_log(database_url, facts(FACTS, 50))
    chance = random.Random(7)
    for _ in range(times(8, 3)):
        before = positions(database_url)
        end = time.monotonic() + 30
        while positions(database_url) in {before, 0} and before < FACTS and time.monotonic() < end:
            time.sleep(0.02)
        time.sleep(chance.random() / 10)
        one_dies(database_url, workers, chance)
    until(lambda: kept(database_url) == FACTS, 60)
    killed = tables(database_url)
    for one in workers:
        one.kill()
        one.wait()
    assert built_again(database_url) == killed


@pytest.mark.slow
def test_a_rebuild_goes_on_whenever_its_worker_dies(
    database_url: str, times: Callable[[int, int], int], workers: list[subprocess.Popen[bytes]]
) -> None:
    story, names = list(facts(FACTS, 50)), [view.name for view in all_views(LONDON)]
    write_log(database_url, story[:1_000])
    until(lambda: kept(database_url) == 1_000, 60)
    chance, kills = random.Random(8), times(10, 4)
    step = (FACTS - 1_000) // kills
    for start in range(1_000, 1_000 + kills * step, step):
        request_rebuild(database_url, names)
        write_log(database_url, story[start : start + step])
        time.sleep(chance.random())
        assert kept(database_url) >= 1_000
        one_dies(database_url, workers, chance)
    end = 1_000 + kills * step
    until(lambda: kept(database_url) == end and all(one.state == "working" for one in statuses(database_url).values()))
    killed = tables(database_url)
    for one in workers:
        one.kill()
        one.wait()
    assert built_again(database_url) == killed
