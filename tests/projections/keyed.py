"""A story's facts in a real log with their keys and business dates, and every view brought up to them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from bench.clusters import Written
from bench.keyed import write_keyed_log
from ledger.admission import keys_of
from ledger.domain.dates import business_date
from ledger.domain.streams import STREAMS
from projections.views import ReadModels
from tests.projections.books import LONDON, TODAY, fold_on, reading
from tests.scenario import Scenario


def known(database_url: str, story: Scenario, after: int = 0) -> ReadModels:
    """The read models of a ledger that knows this story, on the day that the other stories are read.

    `after` is the position up to which the ledger knows it already.
    """
    write_keyed_log(database_url, (one for one in written(story) if one.fact.position > after))
    fold_on(database_url)
    return reading(database_url, TODAY)


def written(story: Scenario) -> Iterator[Written]:
    """The facts as the recorder writes them."""
    states: dict[tuple[str, str], Any] = {}
    for fact in story.facts:
        key = (fact.stream.kind, fact.stream.id)
        state = states[key] = STREAMS[fact.stream.kind].evolve(states.get(key), fact)
        yield Written(fact, business_date(state, fact, LONDON), keys_of(state, fact))
