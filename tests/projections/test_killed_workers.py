"""Workers killed at any moment: another one takes over, and every fact has been applied exactly once."""

from __future__ import annotations

import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable

import psycopg
import pytest

from bench.giving import facts
from bench.logged import write_log
from projections.bookmarks import status
from tests.architecture.sources import ROOT
from tests.projections.books import fold_on, tables

FACTS = 3_000


def worker(dsn: str) -> subprocess.Popen[bytes]:
    return subprocess.Popen([sys.executable, "-m", "tests.projections.worker", dsn, "20"], cwd=ROOT)


def position(dsn: str) -> int:
    with psycopg.connect(dsn) as connection:
        return min(one.position for one in status(connection, ["directory", "reciprocity"]))


@pytest.mark.slow
def test_nothing_is_lost_or_applied_twice(database_url: str, times: Callable[[int, int], int]) -> None:
    write_log(database_url, facts(FACTS, 50))
    chance = random.Random(7)
    workers = [worker(database_url), worker(database_url)]
    try:
        for _ in range(times(8, 3)):
            before = position(database_url)
            end = time.monotonic() + 30
            while position(database_url) in {before, 0} and before < FACTS and time.monotonic() < end:
                time.sleep(0.02)
            time.sleep(chance.random() / 10)
            victim = workers.pop(chance.randrange(2))
            victim.send_signal(signal.SIGKILL)
            victim.wait()
            workers.append(worker(database_url))
        end = time.monotonic() + 60
        while position(database_url) < FACTS:
            assert time.monotonic() < end
            time.sleep(0.05)
    finally:
        for one in workers:
            one.kill()
            one.wait()
    killed = tables(database_url)
    with psycopg.connect(database_url) as connection:
        connection.execute("DROP SCHEMA views CASCADE")
    fold_on(database_url)
    assert tables(database_url) == killed
