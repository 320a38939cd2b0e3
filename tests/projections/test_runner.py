"""The runner: every page once, on one worker of many, and no fact passed over."""

from __future__ import annotations

import time
from threading import Event, Thread

import psycopg
import pytest

from bench.logged import write_log
from ledger.eventstore.append import Stored
from projections.pace import Pace
from projections.rebuild import request_rebuild
from projections.runner import AnotherWorker, Runner
from projections.views import all_views
from tests.projections.books import LONDON, StoredLog, fold_on, folded, kept, reading, statuses, tables
from tests.projections.counting import COUNTS, counting_view
from tests.projections.giving import Story, village
from tests.projections.workers import running, terminate, until
from tests.scenario import ref

QUIET = Pace(poll_seconds=60.0)
ALL = (*all_views(LONDON), counting_view())


def story_of(deliveries: int) -> Story:
    story = village()
    for number in range(deliveries):
        story.exchanged("northfield", "ashfield", 10 + number, "2026-09-18", f"s{number}", "harbour")
    return story


def test_a_fact_that_cannot_be_applied_stops_its_view_alone(database_url: str) -> None:
    story = story_of(10)
    bad = story.facts[-7]
    views = (counting_view(chokes_on=bad.position), *all_views(LONDON))
    folded(database_url, story.facts, views=views)
    found = statuses(database_url, ALL)
    stopped, whole = found["counting"], found["reciprocity"]
    assert (stopped.state, stopped.position) == ("stopped", bad.position - 1)
    assert stopped.failure is not None
    assert (stopped.failure.position, stopped.failure.event_id, stopped.failure.type) == (
        bad.position,
        bad.event_id,
        bad.type,
    )
    assert stopped.lag == 7
    assert (whole.state, whole.position, whole.lag) == ("working", len(story.facts), 0)


def test_what_stands_before_a_bad_fact_is_applied(database_url: str) -> None:
    story = story_of(10)
    bad = story.facts[-7].position
    folded(database_url, story.facts[:-12], views=[counting_view()])
    folded(database_url, story.facts[-12:], views=[counting_view(chokes_on=bad)])
    rows = tables(database_url, [counting_view()])["counting"]
    good = [fact for fact in story.facts if fact.type in counting_view().types and fact.position < bad]
    assert sum(int(row.strip("()").split(",")[1]) for row in rows) == len(good)


def test_a_stopped_view_goes_on_when_the_program_was_put_right(database_url: str) -> None:
    story = story_of(3)
    folded(database_url, story.facts, views=[counting_view(chokes_on=story.facts[-2].position)])
    fold_on(database_url, views=[counting_view()])
    now = statuses(database_url, ALL)["counting"]
    assert (now.state, now.lag, now.failure) == ("working", 0, None)
    assert len(tables(database_url, [counting_view()])["counting"]) == 3


def test_a_record_that_cannot_be_read_stops_the_views_that_need_it(database_url: str) -> None:
    story = story_of(2)
    write_log(database_url, story.facts)
    last = story.facts[-1]
    with psycopg.connect(database_url) as connection:
        connection.execute("ALTER TABLE pledger.log DISABLE TRIGGER append_only")
        connection.execute("UPDATE pledger.log SET record = 'torn' WHERE position = %s", (last.position,))
    fold_on(database_url)
    found = statuses(database_url)
    directory, reciprocity = found["directory"], found["reciprocity"]
    assert (directory.state, directory.lag) == ("working", 0)
    assert (reciprocity.state, reciprocity.position) == ("stopped", last.position - 1)
    assert reciprocity.failure is not None
    assert (reciprocity.failure.position, reciprocity.failure.type) == (last.position, last.type)


def test_another_version_is_built_from_nothing(database_url: str) -> None:
    story = story_of(2)
    folded(database_url, story.facts, views=[counting_view(1)])
    with psycopg.connect(database_url) as connection:
        connection.execute("UPDATE views.counting SET facts = 99")
    fold_on(database_url, views=[counting_view(1)])
    assert any("99" in row for row in tables(database_url, [counting_view()])[COUNTS.name])
    fold_on(database_url, views=[counting_view(2)])
    assert not any("99" in row for row in tables(database_url, [counting_view()])[COUNTS.name])
    now = statuses(database_url, [counting_view(2)])["counting"]
    assert (now.state, now.version, now.answers, now.rebuild, now.standing) == ("working", 2, True, None, None)


def test_a_view_that_begins_anew_does_not_hold_up_the_others(database_url: str) -> None:
    story = story_of(5)
    folded(database_url, story.facts)
    write_log(database_url, [story.gave("brookside", "ashfield", 5, "2026-09-18", "later")])
    fold_on(database_url, page=2, views=[*all_views(LONDON), counting_view()])
    assert {one.lag for one in statuses(database_url, ALL).values()} == {0}


def test_a_running_worker_rebuilds_what_is_asked_for(database_url: str) -> None:
    story = story_of(2)
    folded(database_url, story.facts)
    right = tables(database_url)
    with psycopg.connect(database_url) as connection:
        connection.execute("UPDATE views.reciprocity_entry SET minutes = 99")
    with running(database_url, all_views(LONDON), QUIET):
        until(lambda: statuses(database_url)["reciprocity"].answers)
        request_rebuild(database_url, ["reciprocity"])
        until(lambda: tables(database_url) == right)


def test_a_notice_wakes_the_worker_at_once(database_url: str) -> None:
    story = story_of(1)
    views = all_views(LONDON)
    with running(database_url, views, QUIET):
        until(lambda: statuses(database_url)["reciprocity"].answers)
        write_log(database_url, story.facts)
        with reading(database_url) as models:
            assert models.wait_for(len(story.facts), 20.0) == len(story.facts)
            assert models.balance(ref("northfield")).balance.net == 10


def test_a_lost_notice_costs_the_poll_alone(database_url: str) -> None:
    story = story_of(1)
    with running(database_url, all_views(LONDON), Pace(poll_seconds=0.2)):
        until(lambda: statuses(database_url)["reciprocity"].answers)
        with psycopg.connect(database_url) as connection:
            connection.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query LIKE 'LISTEN%'")
        write_log(database_url, story.facts)
        until(lambda: kept(database_url) == len(story.facts))


def test_one_works_and_the_other_takes_over(database_url: str) -> None:
    story, views, pace = story_of(4), all_views(LONDON), Pace(poll_seconds=0.1)
    half = len(story.facts) // 2
    with running(database_url, views, pace):
        write_log(database_url, story.facts[:half])
        until(lambda: kept(database_url) == half)
        with pytest.raises(AnotherWorker):
            fold_on(database_url)
        with running(database_url, views, pace):
            terminate(database_url, "pledger_projections")
            write_log(database_url, story.facts[half:])
            until(lambda: kept(database_url) == len(story.facts))
    again = tables(database_url)
    with psycopg.connect(database_url) as connection:
        connection.execute("DROP SCHEMA views CASCADE")
    fold_on(database_url)
    assert tables(database_url) == again


def test_connections_that_are_cut_are_made_again(database_url: str) -> None:
    story = story_of(30)
    with running(database_url, all_views(LONDON), Pace(page_facts=1, poll_seconds=0.1, first_wait_seconds=0.01)):
        write_log(database_url, story.facts)
        for _ in range(5):
            time.sleep(0.05)
            terminate(database_url, "pledger_projections")
        until(lambda: kept(database_url) == len(story.facts))
    cut = tables(database_url)
    with psycopg.connect(database_url) as connection:
        connection.execute("DROP SCHEMA views CASCADE")
    fold_on(database_url)
    assert tables(database_url) == cut


class BreakingLog(StoredLog):
    """A log that breaks at the first `times` pages asked for, in a way nobody thought of."""

    def __init__(self, dsn: str, times: int) -> None:
        super().__init__(dsn)
        self.left = times

    def read_positions(self, after: int, limit: int) -> list[Stored]:
        self.left -= 1
        if self.left >= 0:
            raise RuntimeError("nobody thought of this")
        return super().read_positions(after, limit)


def test_what_nobody_expected_is_told_and_gone_on_from(database_url: str, caplog: pytest.LogCaptureFixture) -> None:
    story = story_of(3)
    write_log(database_url, story.facts)
    pace, stop = Pace(poll_seconds=0.05, first_wait_seconds=0.2), Event()
    runner = Runner(BreakingLog(database_url, 3), database_url, all_views(LONDON), pace)
    thread = Thread(target=runner.run, args=(stop,))
    thread.start()
    try:
        until(lambda: runner.trouble == "RuntimeError: nobody thought of this")
        until(lambda: kept(database_url) == len(story.facts) and runner.trouble is None)
    finally:
        stop.set()
        thread.join(10)
    assert runner.interruptions == 3
    assert sum(record.exc_info is not None for record in caplog.records) == 3
