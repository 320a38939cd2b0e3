"""Rebuilding beside the tables that are read: nobody notices, whatever happens meanwhile."""

from __future__ import annotations

import contextlib
from collections.abc import Sequence
from dataclasses import replace

import psycopg
import pytest

from bench.logged import write_log
from projections.asking import Asking
from projections.pace import Pace
from projections.places import NEXT
from projections.rebuild import request_rebuild
from projections.runner import Runner
from projections.view import View
from projections.views import EVERYTHING, Asked, all_views
from projections.waiting import NotYetVisible
from tests.projections.books import LONDON, StoredLog, fold_on, folded, kept, reading, statuses, tables
from tests.projections.counting import Choked, counting_view
from tests.projections.cutting import Cut, CutLog
from tests.projections.giving import Story, village
from tests.scenario import ref

NORTHFIELD = ref("northfield")


def story_of(deliveries: int) -> Story:
    story = village()
    for number in range(deliveries):
        story.exchanged("northfield", "ashfield", 10, "2026-09-18", f"s{number}", "harbour")
    return story


def cut_after(dsn: str, pages: int, views: Sequence[View] | None = None) -> None:
    """A worker that reads so many pages of two facts and dies."""
    pace = Pace(page_facts=2, rebuild_facts=2)
    with contextlib.suppress(Cut):
        Runner(CutLog(StoredLog(dsn), pages), dsn, views or all_views(LONDON), pace).run_once()


def spoil(dsn: str) -> None:
    """Makes what is read wrong, so that a rebuild shows."""
    with psycopg.connect(dsn) as connection:
        connection.execute("UPDATE views.reciprocity_entry SET minutes = 99, said_minutes = 99")


def made_by_another_version(dsn: str, view: str) -> None:
    """Makes the tables that are read those of an earlier version of the view."""
    with psycopg.connect(dsn) as connection:
        connection.execute("UPDATE views.bookmark SET stamp = '0-earlier' WHERE view = %s", (view,))


def test_while_it_is_rebuilt_the_old_tables_are_read_and_follow_the_log(database_url: str) -> None:
    story = story_of(10)
    folded(database_url, story.facts)
    spoil(database_url)
    request_rebuild(database_url, ["reciprocity"])
    write_log(database_url, [story.gave("brookside", "ashfield", 5, "2026-09-18", "later")])
    head = len(story.facts)
    cut_after(database_url, 6)
    meanwhile = statuses(database_url)["reciprocity"]
    assert (meanwhile.state, meanwhile.answers, meanwhile.position, meanwhile.lag) == ("rebuilding", True, head, 0)
    assert meanwhile.rebuild is not None
    assert 0 < meanwhile.rebuild.position < head
    with reading(database_url) as models:
        assert models.balance(NORTHFIELD).balance.net == 990
        fold_on(database_url)
        assert models.balance(NORTHFIELD).balance.net == 100
    after = statuses(database_url)["reciprocity"]
    assert (after.state, after.position, after.rebuild) == ("working", head, None)


@pytest.mark.parametrize("pages", range(1, 30, 4))
def test_a_rebuild_that_was_cut_anywhere_goes_on_and_gives_the_same_tables(database_url: str, pages: int) -> None:
    story = story_of(8)
    folded(database_url, story.facts)
    right = tables(database_url)
    spoil(database_url)
    request_rebuild(database_url, [view.name for view in all_views(LONDON)])
    cut_after(database_url, pages)
    cut_after(database_url, pages)
    fold_on(database_url, page=3)
    assert tables(database_url) == right
    assert rows(database_url, f"SELECT count(*) FROM pg_tables WHERE schemaname = '{NEXT}'") == [(2,)]


def rows(dsn: str, statement: str) -> list[tuple[object, ...]]:
    with psycopg.connect(dsn) as connection:
        return connection.execute(statement.encode()).fetchall()


def test_tables_of_another_version_are_kept_but_not_read_until_the_new_ones_are_there(database_url: str) -> None:
    story = story_of(6)
    folded(database_url, story.facts)
    spoil(database_url)
    made_by_another_version(database_url, "reciprocity")
    head = len(story.facts)
    with reading(database_url) as models:
        for _ in range(2):
            with pytest.raises(NotYetVisible) as caught:
                models.balance(NORTHFIELD)
            assert (caught.value.view, caught.value.wanted) == ("reciprocity", head)
            assert models.names({NORTHFIELD}) == {NORTHFIELD: "Northfield"}
            assert models.position() == head
            cut_after(database_url, 3)
        meanwhile = statuses(database_url)["reciprocity"]
        assert (meanwhile.state, meanwhile.answers) == ("rebuilding", False)
        assert meanwhile.standing is not None
        assert (meanwhile.standing.version, meanwhile.standing.position) == (0, head)
        assert rows(database_url, "SELECT count(*) > 0 FROM views.reciprocity_entry") == [(True,)]
        fold_on(database_url)
        assert models.balance(NORTHFIELD).balance.net == 60


def test_before_a_worker_came_nothing_is_read_of_another_version(database_url: str) -> None:
    folded(database_url, story_of(1).facts)
    for view in all_views(LONDON):
        made_by_another_version(database_url, view.name)
    assert {one.state for one in statuses(database_url).values()} == {"waiting"}
    with reading(database_url) as models:
        assert models.position() == 0
        with pytest.raises(NotYetVisible):
            models.balance(NORTHFIELD)


def test_a_rebuild_that_cannot_apply_a_fact_leaves_what_is_read(database_url: str) -> None:
    story = story_of(4)
    folded(database_url, story.facts, views=[counting_view()])
    request_rebuild(database_url, ["counting"])
    bad = story.facts[-3]
    fold_on(database_url, page=2, views=[counting_view(chokes_on=bad.position)])
    found = statuses(database_url, [counting_view()])["counting"]
    assert (found.state, found.answers, found.failure, found.lag) == ("working", True, None, 0)
    assert found.rebuild is not None
    assert found.rebuild.failure is not None
    assert (found.rebuild.position, found.rebuild.failure.event_id) == (bad.position - 1, bad.event_id)
    fold_on(database_url, views=[counting_view()])
    assert statuses(database_url, [counting_view()])["counting"].rebuild is None


def test_a_new_version_that_stops_goes_on_with_the_next_one(database_url: str) -> None:
    story = story_of(4)
    folded(database_url, story.facts, views=[counting_view(1)])
    fold_on(database_url, views=[counting_view(2, chokes_on=story.facts[-2].position)])
    found = statuses(database_url, [counting_view(2)])["counting"]
    assert (found.state, found.answers, found.lag) == ("stopped", False, 2)
    assert statuses(database_url, [counting_view(1)])["counting"].answers
    fold_on(database_url, views=[counting_view(3)])
    found = statuses(database_url, [counting_view(3)])["counting"]
    assert (found.state, found.answers, found.lag, found.standing) == ("working", True, 0, None)


def test_what_is_being_rebuilt_is_not_begun_again_and_what_has_stopped_is(database_url: str) -> None:
    story = story_of(6)
    folded(database_url, story.facts, views=[counting_view()])
    request_rebuild(database_url, ["counting"])
    cut_after(database_url, 4, [counting_view()])
    before = building(database_url)
    request_rebuild(database_url, ["counting"])
    cut_after(database_url, 1, [counting_view()])
    assert building(database_url) >= before > 0
    fold_on(database_url, views=[counting_view(chokes_on=len(story.facts))])
    assert building(database_url) == len(story.facts) - 1
    request_rebuild(database_url, ["counting"])
    cut_after(database_url, 1, [counting_view(chokes_on=len(story.facts))])
    assert building(database_url) < len(story.facts) - 1


def building(dsn: str) -> int:
    found = statuses(dsn, [counting_view()])["counting"].rebuild
    return -1 if found is None else found.position


def test_a_stopped_view_holds_up_nobody_and_answers_what_it_knows(database_url: str) -> None:
    story = story_of(5)
    folded(database_url, story.facts)
    before = len(story.facts)
    write_log(database_url, [story.gave("brookside", "ashfield", 5, "2026-09-18", "later")])
    chokes = [choking(view) if view.name == "reciprocity" else view for view in all_views(LONDON)]
    fold_on(database_url, views=chokes)
    head = len(story.facts)
    with reading(database_url) as models:
        assert models.wait_for(head, 0.0) == head
        assert models.answer(known_at, EVERYTHING) == head
        with pytest.raises(NotYetVisible) as caught:
            models.balance(NORTHFIELD)
        assert (caught.value.view, caught.value.wanted, caught.value.position) == ("reciprocity", head, before)
        assert models.balance(NORTHFIELD, Asked(known_at=before)).balance.net == 50
        assert statuses(database_url)["reciprocity"].state == "stopped"
        fold_on(database_url)
        assert models.balance(NORTHFIELD).to_json()["position"] == head
    after = statuses(database_url)["reciprocity"]
    assert (after.state, after.failure) == ("working", None)


def known_at(asking: Asking) -> int:
    return asking.question.known_at


def choking(view: View) -> View:
    """The same view, whose fold was broken by whoever deployed it."""

    def fold(*_: object) -> object:
        raise Choked

    return replace(view, fold=fold)  # type: ignore[arg-type]  # it never answers


def test_a_view_that_is_tried_again_moves_nobody_back(database_url: str) -> None:
    story = story_of(8)
    folded(database_url, story.facts[:9])
    fold_on(database_url)
    write_log(database_url, story.facts[9:])
    fold_on(database_url, views=[choking(view) if view.name == "reciprocity" else view for view in all_views(LONDON)])
    head = len(story.facts)
    cut_after(database_url, 2)
    again = statuses(database_url)["reciprocity"]
    assert (again.state, again.answers) == ("waiting", False)
    assert again.failure is not None
    with reading(database_url) as models:
        assert models.position() == head
    fold_on(database_url)
    assert kept(database_url) == head


def test_what_a_view_no_longer_keeps_goes_with_its_old_version(database_url: str) -> None:
    folded(database_url, story_of(2).facts, views=[counting_view()])
    made_by_another_version(database_url, "counting")
    with psycopg.connect(database_url) as connection:
        connection.execute("CREATE TABLE views.given_up (n int); ALTER TABLE views.given_up OWNER TO pledger_worker")
        connection.execute("UPDATE views.bookmark SET tables = '{counting,given_up}'")
    fold_on(database_url, views=[counting_view()])
    assert rows(database_url, "SELECT to_regclass('views.given_up') IS NULL") == [(True,)]


INDEXES = "CREATE INDEX counting_facts ON counting (facts)"


@pytest.mark.parametrize("many", [1, 1_000_000])
def test_indexes_are_there_before_a_view_is_read(database_url: str, many: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Made beside the work where there are many facts, and at once where there are few."""
    monkeypatch.setattr("projections.shift.MANY", many)
    story = story_of(4)
    view = replace(counting_view(), indexes=INDEXES)
    folded(database_url, story.facts, views=[view])
    assert kept(database_url, [view]) == len(story.facts)
    assert rows(database_url, "SELECT to_regclass('views.counting_facts') IS NULL") == [(False,)]


def test_indexes_that_cannot_be_made_leave_what_is_read(database_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("projections.shift.MANY", 1)
    story = story_of(4)
    folded(database_url, story.facts, views=[counting_view()])
    broken = replace(counting_view(2), indexes="CREATE INDEX counting_facts ON counting (nothing)")
    with pytest.raises(psycopg.errors.UndefinedColumn):
        fold_on(database_url, views=[broken])
    found = statuses(database_url, [broken])["counting"]
    assert (found.state, found.answers, found.lag) == ("rebuilding", False, 0)
    assert kept(database_url, [counting_view()]) == len(story.facts)
    fold_on(database_url, views=[replace(counting_view(2), indexes=INDEXES)])
    assert kept(database_url, [replace(counting_view(2), indexes=INDEXES)]) == len(story.facts)


def test_bookmarks_of_another_layout_are_made_again_with_all_views(database_url: str) -> None:
    story = story_of(2)
    folded(database_url, story.facts)
    right = tables(database_url)
    with psycopg.connect(database_url) as connection:
        connection.execute("COMMENT ON TABLE views.bookmark IS 'earlier'")
    fold_on(database_url)
    assert (kept(database_url), tables(database_url)) == (len(story.facts), right)
