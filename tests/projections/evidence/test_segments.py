"""A segment says what the log says but for texts; the worker cuts them as facts come, and makes them anew."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from dataclasses import fields
from datetime import date
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given

from bench.clusters import PER_CLUSTER, written
from bench.keyed import write_keyed_log
from ledger.domain.fact import AnyFact
from ledger.domain.marks import marked
from ledger.domain.support.facts import Agreed, Delivered
from ledger.domain.values import Secret
from projections.evidence import segments
from projections.evidence.cutting import MOVED, Cutter
from projections.evidence.noted import Noted
from projections.evidence.reading import facts_of_partnership
from projections.evidence.segments import FORM, Kept, form_of
from projections.places import Connection, connect_worker
from projections.views import Asked
from tests.projections.books import fold_on, reading
from tests.samples import facts

DAY = date(2026, 9, 14)
FACTS = 2 * PER_CLUSTER


@given(facts())
def test_every_kind_of_fact_reads_as_it_was_but_for_texts(fact: AnyFact) -> None:
    [read] = segments.read(segments.written([Noted(7, DAY, fact)]))
    assert (read.position, read.on) == (7, DAY)
    said = read.fact
    assert (said.type, said.stream, said.event_id) == (fact.type, fact.stream, fact.event_id)
    assert (said.actor, said.voice, said.occurred_at, said.recorded_at) == (
        fact.actor, fact.voice, fact.occurred_at, fact.recorded_at
    )  # fmt: skip
    assert type(said.data) is type(fact.data)
    texts = {pointer.split("/")[2] for pointer, mark, _ in marked(fact.data) if isinstance(mark, Secret)}
    for member in fields(fact.data):
        if member.name.rstrip("_") not in texts:
            assert getattr(said.data, member.name) == getattr(fact.data, member.name)
    assert all(value == "" for _, mark, value in marked(said.data) if isinstance(mark, Secret))


def test_another_member_of_any_fact_makes_another_form() -> None:
    assert form_of([("support.agreed", Agreed)]) != form_of([("support.agreed", Delivered)])
    assert form_of([("support.agreed", Agreed)]) == form_of([("support.agreed", Agreed)])


@pytest.fixture(scope="module")
def log() -> list[AnyFact]:
    return [one.fact for one in written(FACTS)]


@pytest.fixture
def connection(database_url: str) -> Iterator[Connection]:
    """A worker's connection to a ledger of two partnerships at work, read by the views without a segment."""
    write_keyed_log(database_url, written(FACTS))
    fold_on(database_url)
    with closing(connect_worker(database_url)) as connection:
        connection.execute("DELETE FROM evidence_segment")
        yield connection


def told(dsn: str, partnership_id: str, known_at: int) -> list[Any]:
    with reading(dsn) as models:
        notes = models.answer(facts_of_partnership, Asked(known_at=known_at), partnership_id)
    return [(one.position, one.on, one.fact.type, one.fact.stream, one.fact.event_id) for one in notes]


def test_segments_and_the_log_tell_the_same_known_at_any_position(
    database_url: str, connection: Connection, log: list[AnyFact]
) -> None:
    ids = [fact.stream.id for fact in log if fact.type == "partnership.formed"]
    asked = [(one, known_at) for one in ids for known_at in (50, 1_000, 2_345, FACTS)]
    before = [told(database_url, *one) for one in asked]
    while Cutter(connection, least_facts=300).cut():
        pass
    spans = {one: spans_of(connection, one) for one in ids}
    assert [len(each) for each in spans.values()] == [2, 2]
    assert all(one[1] < after[0] for each in spans.values() for one, after in pairwise(each))
    assert [told(database_url, *one) for one in asked] == before


def test_a_cutter_goes_on_where_it_stopped_and_leaves_a_few_facts_to_the_log(connection: Connection) -> None:
    cutter = Cutter(connection, least_facts=300)
    assert not cutter.cut()
    first = cut(connection)
    assert not cutter.cut()
    assert cut(connection) == first
    connection.execute("DELETE FROM evidence_segment WHERE first > 1000")
    assert not cutter.cut(), "the log has not moved"
    cutter._looked_at = -MOVED
    assert not cutter.cut()
    assert cut(connection) == first


def test_segments_of_another_form_are_made_anew(connection: Connection) -> None:
    Cutter(connection, least_facts=300).cut()
    first = cut(connection)
    connection.execute("UPDATE evidence_segment SET form = 'before', facts = 'what nobody reads'")
    Cutter(connection, least_facts=300).cut()
    assert cut(connection) == first
    assert connection.execute("SELECT DISTINCT form FROM evidence_segment").fetchall() == [(FORM,)]


def test_what_views_do_not_look_at_is_not_there() -> None:
    assert {"source", "client_event_id", "version"}.isdisjoint(Kept.__struct_fields__)


def spans_of(connection: Connection, partnership_id: str) -> list[Any]:
    return connection.execute(
        "SELECT first, last FROM evidence_segment WHERE partnership_id = %s ORDER BY first", (partnership_id,)
    ).fetchall()


def cut(connection: Connection) -> list[Any]:
    return connection.execute(
        "SELECT partnership_id, first, last, facts FROM evidence_segment ORDER BY 1, 2"
    ).fetchall()
