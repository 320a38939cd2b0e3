"""What an operator's monitoring asks for, in Prometheus' text format."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from flask import request
from prometheus_client import CollectorRegistry, Counter, Histogram, ProcessCollector, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from ledger.errors import Refusal

if TYPE_CHECKING:
    from flask import Flask, Response

    from projections.runner import Runner
    from projections.status import ViewStatus
    from projections.views import ReadModels

POSTS: Final = "/v1/events"
SECONDS: Final = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
GAUGES: Final = {
    "position": "The last position a view has applied.",
    "lag_facts": "Facts in the log that a view has not looked at yet.",
    "lag_seconds": "For how long the first fact that a view lacks has been recorded.",
    "answers": "1 while questions to the view are answered as far as all views have come.",
    "failed": "1 while a view, or its rebuild, stands before a fact that it cannot apply.",
    "rebuilding": "1 while a view is being built.",
    "rebuild_position": "The last position a rebuild has applied.",
}


class Metrics:
    """Counts in this process, and what the database says when it is asked. One for each process."""

    def __init__(self) -> None:
        self._registry = CollectorRegistry()
        self._posts = Counter("pledger_posts", "Posts of events, by HTTP status.", ["status"], registry=self._registry)
        self._facts = Counter(
            "pledger_view_facts", "Positions of pages that held something for a view.", ["view"],
            registry=self._registry,
        )  # fmt: skip
        self._pages = Histogram(
            "pledger_view_page_seconds", "How long a page took to go into a view.", ["view"],
            buckets=SECONDS, registry=self._registry,
        )  # fmt: skip
        ProcessCollector(registry=self._registry)

    def seen(self, view: str, positions: int, seconds: float) -> None:
        """A page went into a view."""
        self._facts.labels(view).inc(positions)
        self._pages.labels(view).observe(seconds)

    def watch(self, read_models: ReadModels, runner: Runner) -> None:
        """Also tell how the views are doing, and how often the runner was interrupted."""
        self._registry.register(Views(read_models, runner))

    def count(self, app: Flask) -> None:
        """Count the posts that an application answers."""
        app.after_request(self._answered)

    def text(self) -> bytes:
        """Everything, in the text format, version 0.0.4."""
        return generate_latest(self._registry)

    def _answered(self, response: Response) -> Response:
        if request.method == "POST" and request.path == POSTS:
            self._posts.labels(str(response.status_code)).inc()
        return response


class Views(Collector):
    """Asks for the state of the views at each scrape; where the database does not answer, it says only that."""

    def __init__(self, read_models: ReadModels, runner: Runner) -> None:
        self._read_models = read_models
        self._runner = runner

    def collect(self) -> Iterator[Metric]:
        """See `prometheus_client.registry.Collector`."""
        yield CounterMetricFamily(
            "pledger_projections_interruptions",
            "How often the projections broke off and began again.",
            value=self._runner.interruptions,
        )
        began = time.perf_counter()
        try:
            views = self._read_models.status()
        except Refusal:
            yield GaugeMetricFamily("pledger_database_up", "1 while the database answers.", value=0)
            return
        yield GaugeMetricFamily("pledger_database_up", "1 while the database answers.", value=1)
        yield GaugeMetricFamily(
            "pledger_status_seconds", "How long these questions took.", value=time.perf_counter() - began
        )
        yield GaugeMetricFamily("pledger_head_position", "The last position of the log.", value=views[0].head)
        yield from gauges(views)

    def describe(self) -> Iterator[Metric]:
        """Nothing: registering it asks the database nothing."""
        return iter(())


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
