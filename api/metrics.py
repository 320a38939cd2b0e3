"""What an operator's monitoring asks for, in Prometheus' text format: what this process counts as it goes."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Final

from prometheus_client import CollectorRegistry, Counter, Histogram, ProcessCollector, generate_latest

from ledger.eventstore.commit import Committed

if TYPE_CHECKING:
    from prometheus_client.registry import Collector

    from api.observing import Seen

SECONDS: Final = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
COMMIT_SECONDS: Final = (0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1.0, 5.0, 10.0)
SIZES: Final = (1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000, 2_000, 10_000)
POSTING: Final = ("POST", "/v1/events")
OUTCOMES: Final = {200: "replayed", 201: "recorded", 207: "told-each", 429: "limited", 503: "busy"}
SIGN_INS: Final = {
    "/sign-in": "password",
    "/sign-in/second-factor": "code",
    "/sign-in/recovery-code": "recovery-code",
    "/sign-in/again": "again",
    "/join/second-factor": "code",
}
FAILED_SIGN_IN: Final = frozenset({401, 422, 429})
MOST_SERIES: Final = 4_096
"""Routes, methods and statuses are few: this bounds what is remembered of them, should that ever change."""


class Metrics:
    """Counts in this process, and what `collectors` find out at each scrape. One for each process; safe for threads."""

    def __init__(self) -> None:
        self._registry = CollectorRegistry()
        self._requests = self._counter(
            "pledger_requests", "Requests, by the rule of their route.", "rule", "method", "status"
        )
        self._seconds = self._histogram(
            "pledger_request_seconds", "Until an answer was ready.", SECONDS, "rule", "method"
        )
        self._posts = self._counter("pledger_posts", "Posts of events, by kind and outcome.", "kind", "outcome")
        self._refusals = self._counter("pledger_refusals", "Refusals, by code.", "code")
        self._limited = self._counter("pledger_rate_limited", "Requests beyond a limit.", "limit")
        self._sign_ins = self._counter("pledger_sign_in_failures", "Sign-ins that failed, by step.", "step")
        self._commits = self._histogram(
            "pledger_commit_seconds", "How long a batch took to be durable.", COMMIT_SECONDS
        )
        self._batches = self._histogram("pledger_commit_events", "Events in a batch.", SIZES)
        self._written = self._counter("pledger_events_written", "Events that were written.")
        self._facts = self._counter("pledger_view_facts", "Positions of pages that held something for a view.", "view")
        self._pages = self._histogram("pledger_view_page_seconds", "How long a page took.", SECONDS, "view")
        self._counted = lru_cache(MOST_SERIES)(self._children)
        ProcessCollector(registry=self._registry)

    def collect(self, collector: Collector) -> None:
        """Also ask this one at each scrape."""
        self._registry.register(collector)

    def seen(self, view: str, positions: int, seconds: float) -> None:
        """A page went into a view."""
        self._facts.labels(view).inc(positions)
        self._pages.labels(view).observe(seconds)

    def request(self, seen: Seen) -> None:
        """A request was answered."""
        counter, histogram = self._counted(seen.rule, seen.method, seen.status)
        counter.inc()
        histogram.observe(seen.seconds)
        for code in seen.codes:
            self._refusals.labels(code).inc()
        if seen.limit is not None:
            self._limited.labels(seen.limit).inc()
        if seen.method == "POST":
            self._posted(seen)

    def committed(self, batch: Committed) -> None:
        """A batch was sent."""
        self._commits.observe(batch.seconds)
        self._batches.observe(batch.events)
        self._written.inc(batch.written)

    def text(self) -> bytes:
        """Everything, in the text format, version 0.0.4."""
        return generate_latest(self._registry)

    def _posted(self, seen: Seen) -> None:
        if (seen.method, seen.rule) == POSTING:
            self._posts.labels(seen.post or "unread", outcome(seen)).inc()
        elif seen.rule in SIGN_INS and seen.status in FAILED_SIGN_IN:
            self._sign_ins.labels(SIGN_INS[seen.rule]).inc()

    def _children(self, rule: str, method: str, status: int) -> tuple[Counter, Histogram]:
        return self._requests.labels(rule, method, str(status)), self._seconds.labels(rule, method)

    def _counter(self, name: str, about: str, *labels: str) -> Counter:
        return Counter(name, about, labels, registry=self._registry)

    def _histogram(self, name: str, about: str, buckets: tuple[float, ...], *labels: str) -> Histogram:
        return Histogram(name, about, labels, buckets=buckets, registry=self._registry)


def outcome(seen: Seen) -> str:
    """What became of a post, by the status that it was answered with."""
    if seen.post == "dry-run" and seen.status == 200:
        return "checked"
    return OUTCOMES.get(seen.status, "refused" if seen.status < 500 else "failed")
