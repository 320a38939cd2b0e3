"""Readers who never stop asking, while views are swapped under them: no error, no mixture, no way back."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import partial
from threading import Event

import psycopg
import pytest

from bench.giving import facts
from bench.logged import write_log
from ledger.domain.fact import AnyFact
from projections.asking import Asking
from projections.pace import Pace
from projections.rebuild import request_rebuild
from projections.views import EVERYTHING, ReadModels, all_views
from tests.projections.books import LONDON, fold_on, folded, kept, reading, tables
from tests.projections.workers import running, until

FACTS, BEFORE = 3_000, 1_500
READERS = 3
EACH_MINUTES = 120


class Truth:
    """What is right at each position: how many organisations there are, and how many minutes were said to be given."""

    def __init__(self, story: list[AnyFact]) -> None:
        self.organisations, self.minutes = [0], [0]
        for fact in story:
            self.organisations.append(self.organisations[-1] + (fact.type == "organisation.registered"))
            self.minutes.append(self.minutes[-1] + EACH_MINUTES * (fact.type == "support.delivered"))


def counted(asking: Asking, pause_seconds: float) -> tuple[int, int, int]:
    """The position, and both sums, with a pause between the two in which anything may happen."""
    parameters = asking.question.parameters
    live = "known_from <= %(known_at)s AND known_until > %(known_at)s"
    [(organisations,)] = asking.connection.execute(
        f"SELECT count(*) FROM directory_organisation WHERE {live}", parameters
    ).fetchall()
    time.sleep(pause_seconds)
    [(minutes,)] = asking.connection.execute(
        f"SELECT coalesce(sum(minutes), 0)::bigint FROM reciprocity_entry WHERE {live}", parameters
    ).fetchall()
    return asking.position, organisations, minutes


def read(models: ReadModels, stop: Event, pause_seconds: float) -> list[tuple[int, int, int]]:
    found = []
    while not stop.is_set():
        found.append(models.answer(counted, EVERYTHING, pause_seconds))
    return found


@contextmanager
def readers(dsn: str, truth: Truth) -> Iterator[None]:
    """They read until the block ends; then all they read must be true, and in order."""
    stop = Event()
    with reading(dsn) as models, ThreadPoolExecutor(READERS) as pool:
        reads = [pool.submit(read, models, stop, pause / 500) for pause in range(READERS)]
        try:
            yield
        finally:
            stop.set()
        for one in reads:
            found = one.result()
            assert len(found) > 20
            assert [row[0] for row in found] == sorted(row[0] for row in found)
            for position, organisations, minutes in found:
                assert (organisations, minutes) == (truth.organisations[position], truth.minutes[position])


def ids_of_tables(dsn: str) -> set[int]:
    """Of the views' tables that are read, as the server numbers them."""
    with psycopg.connect(dsn) as connection:
        found = connection.execute(
            "SELECT oid::bigint FROM pg_class WHERE relnamespace = to_regnamespace('views') AND relkind = 'r'"
            " AND relname NOT IN ('bookmark', 'evidence_segment')"
        )
        return {row[0] for row in found}


def others(dsn: str, before: set[int]) -> bool:
    """Whether every table was put in the place of another."""
    return ids_of_tables(dsn).isdisjoint(before)


@pytest.mark.slow
def test_readers_notice_nothing(database_url: str, times: Callable[[int, int], int]) -> None:
    story = list(facts(FACTS, 50))
    truth, names = Truth(story), [view.name for view in all_views(LONDON)]
    write_log(database_url, story[:BEFORE])
    fold_on(database_url)
    swaps = times(12, 4)
    step = (FACTS - BEFORE) // swaps
    with running(database_url, all_views(LONDON), Pace(rebuild_facts=200)), readers(database_url, truth):
        for number in range(swaps):
            before = ids_of_tables(database_url)
            request_rebuild(database_url, names)
            start = BEFORE + number * step
            for more in range(start, start + step, 20):
                write_log(database_url, story[more : min(more + 20, start + step)])
            until(partial(others, database_url, before))
        until(lambda: kept(database_url) == BEFORE + swaps * step)
    swapped = tables(database_url)
    with psycopg.connect(database_url) as connection:
        connection.execute("DROP SCHEMA views CASCADE")
    fold_on(database_url)
    assert tables(database_url) == swapped


def test_who_waited_for_a_swap_sees_what_it_left(database_url: str) -> None:
    folded(database_url, list(facts(100, 20)))
    waiting = "SELECT count(*) > 0 FROM pg_locks WHERE NOT granted AND relation = 'views.bookmark'::regclass"
    with reading(database_url) as models, ThreadPoolExecutor(1) as pool, psycopg.connect(database_url) as swap:
        swap.execute("LOCK TABLE views.bookmark IN ACCESS EXCLUSIVE MODE")
        answer = pool.submit(models.answer, counted, EVERYTHING, 0)
        until(lambda: swap.execute(waiting).fetchone() == (True,))
        swap.execute("UPDATE views.bookmark SET position = 90")
        swap.commit()
        assert answer.result()[0] == 90


def test_a_long_question_puts_the_swap_off_and_holds_up_no_other(database_url: str) -> None:
    folded(database_url, list(facts(100, 20)))
    before = ids_of_tables(database_url)
    with reading(database_url) as models, ThreadPoolExecutor(1) as pool:
        with running(database_url, all_views(LONDON), Pace(poll_seconds=0.05)):
            long = pool.submit(models.answer, counted, EVERYTHING, 3.0)
            until(long.running)
            request_rebuild(database_url, [view.name for view in all_views(LONDON)])
            while not long.done():
                began = time.monotonic()
                models.answer(counted, EVERYTHING, 0.0)
                assert time.monotonic() - began < 2.0
                assert ids_of_tables(database_url) == before or long.done()
            until(partial(others, database_url, before))
        assert long.result() == models.answer(counted, EVERYTHING, 0.0)
