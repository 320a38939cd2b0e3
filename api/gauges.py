"""What is found out when the metrics are asked for: the views, the clock, the webhooks, and what waits in queues."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Final

from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from api.webhooks.numbers import webhook_numbers
from ledger.errors import Refusal
from projections.daily.clock import readiness as readiness_of_clock
from projections.views import EVERYTHING

if TYPE_CHECKING:
    from api.streams import Streams
    from ledger.service import Ledger
    from projections.runner import Runner
    from projections.status import ViewStatus
    from projections.views import ReadModels

GAUGES: Final = {
    "position": "The last position a view has applied.",
    "lag_facts": "Facts in the log that a view has not looked at yet.",
    "lag_seconds": "For how long the first fact that a view lacks has been recorded.",
    "answers": "1 while questions to the view are answered as far as all views have come.",
    "failed": "1 while a view, or its rebuild, stands before a fact that it cannot apply.",
    "rebuilding": "1 while a view is being built.",
    "rebuild_position": "The last position a rebuild has applied.",
}


class Asked(Collector):
    """Asks at each scrape; registering it asks nothing."""

    def describe(self) -> Iterator[Metric]:
        return iter(())


class Queues(Asked):
    """What waits in this process; it asks no database."""

    def __init__(self, ledger: Ledger, streams: Streams | None) -> None:
        self._ledger, self._streams = ledger, streams

    def collect(self) -> Iterator[Metric]:
        """See `prometheus_client.registry.Collector`."""
        store, settings = self._ledger.store, self._ledger.settings
        yield gauge("pledger_queue_events", "Events that wait to be written.", store.waiting)
        yield gauge("pledger_queue_limit_events", "Beyond so many events posts are refused.", settings.queue_events)
        yield counter("pledger_commit_conflicts", "Requests that met another's change.", store.stats.conflicts)
        yield gauge(
            "pledger_access_log_queue_entries", "Readings that wait to be noted.", self._ledger.access_log.waiting
        )
        yield gauge("pledger_access_log_queue_limit_entries", "Beyond so many answers wait.", settings.access_queue)
        if self._streams is not None:
            yield gauge("pledger_live_streams", "Event streams that are open.", self._streams.open)
            yield gauge("pledger_live_streams_limit", "How many may be open.", self._streams.most)


class Views(Asked):
    """Asks for the state of the views; where the database does not answer, it says only that."""

    def __init__(self, read_models: ReadModels, runner: Runner | None) -> None:
        self._read_models, self._runner = read_models, runner

    def collect(self) -> Iterator[Metric]:
        """See `prometheus_client.registry.Collector`."""
        if self._runner is not None:
            about = "How often the projections broke off and began again."
            yield counter("pledger_projections_interruptions", about, self._runner.interruptions)
        began = time.perf_counter()
        try:
            views = self._read_models.status()
        except Refusal:
            yield gauge("pledger_database_up", "1 while the database answers.", 0)
            return
        yield gauge("pledger_database_up", "1 while the database answers.", 1)
        yield gauge("pledger_status_seconds", "How long these questions took.", time.perf_counter() - began)
        yield gauge("pledger_head_position", "The last position of the log.", views[0].head)
        yield from gauges(views)
        yield from self._clock()

    def _clock(self) -> Iterator[Metric]:
        """How far the daily clock is; nothing before it began."""
        try:
            found = self._read_models.answer(readiness_of_clock, EVERYTHING)
        except Refusal:
            return
        if found["day"] is not None:
            day = datetime.combine(date.fromisoformat(found["day"]), datetime.min.time(), UTC)
            yield gauge("pledger_clock_day_timestamp_seconds", "The last day done, as midnight UTC.", day.timestamp())
            yield gauge("pledger_clock_missed_partnerships", "Those it could not look at.", len(found["missed"]))


class Webhooks(Asked):
    """Asks how the webhooks are doing."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger

    def collect(self) -> Iterator[Metric]:
        """See `prometheus_client.registry.Collector`."""
        try:
            found = webhook_numbers(self._ledger.dsn)
        except Refusal:
            return
        states = GaugeMetricFamily("pledger_webhooks", "Webhooks, by state.", labels=["state"])
        for state, count in found.by_state.items():
            states.add_metric([state], count)
        yield states
        yield gauge("pledger_webhooks_failing", "Live ones whose last sending failed.", found.failing)
        yield gauge("pledger_webhooks_failing_seconds", "How long the worst has failed.", found.failing_seconds)
        yield gauge("pledger_webhooks_lag_facts", "Positions the one furthest behind lacks.", found.lag_facts)


def gauge(name: str, about: str, value: float) -> Metric:
    return GaugeMetricFamily(name, about, value=value)


def counter(name: str, about: str, value: float) -> Metric:
    return CounterMetricFamily(name, about, value=value)


def gauges(views: list[ViewStatus]) -> Iterator[Metric]:
    for name, about in GAUGES.items():
        family = GaugeMetricFamily(f"pledger_view_{name}", about, labels=["view"])
        for view in views:
            family.add_metric([view.view], measured(view)[name])
        yield family


def measured(view: ViewStatus) -> dict[str, float]:
    """The gauges of a view by their names."""
    rebuild = view.rebuild
    return {
        "position": view.position,
        "lag_facts": view.lag,
        "lag_seconds": view.lag_seconds,
        "answers": view.answers,
        "failed": view.failure is not None or (rebuild is not None and rebuild.failure is not None),
        "rebuilding": view.state == "rebuilding",
        "rebuild_position": 0 if rebuild is None else rebuild.position,
    }
