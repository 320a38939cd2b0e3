"""Traces of requests and of commits, with OpenTelemetry: only where it is installed and told where to send them.

The variables are OpenTelemetry's own (`OTEL_EXPORTER_OTLP_ENDPOINT`, `OTEL_SERVICE_NAME`, …); without an endpoint
nothing of it is imported. A span bears the route's rule, never an address or what was asked.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

from flask import Flask, g, request

from api.observing import noted, observing

if TYPE_CHECKING:
    from opentelemetry.trace import Span, TracerProvider

    from api.observing import Seen
    from ledger.eventstore.commit import Committed

LOG: Final = logging.getLogger(__name__)
ENDPOINTS: Final = ("OTEL_EXPORTER_OTLP_ENDPOINT", "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT")
OFF: Final = "OTEL_SDK_DISABLED"
NAME: Final = "partnership-ledger"
LAST_SECONDS: Final = 3.0
"""How long the end of the process waits for the last spans to be sent."""
MOST_LINKS: Final = 100


class Tracing:
    """Makes the spans of one process. Safe for many threads."""

    def __init__(self, provider: TracerProvider) -> None:
        from opentelemetry import context, trace
        from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

        self._trace, self._context = trace, context
        self._incoming = TraceContextTextMapPropagator()
        self._provider = provider
        self._tracer = provider.get_tracer(NAME)

    def watch(self, app: Flask) -> None:
        """Has a span begin with every request, as part of the caller's trace where it names one."""
        app.before_request_funcs.setdefault(None, []).insert(1, self._began)  # after the request has got its id
        observing(app).add(self._answered)
        app.teardown_request(self._ended)

    def mark(self) -> Span | None:
        """The span of this thread's request, if there is one."""
        span = self._trace.get_current_span()
        return span if span.get_span_context().is_valid else None

    def committed(self, batch: Committed) -> None:
        """A span for a batch: part of the request's trace where it is of one, else linked to those of all."""
        spans: list[Any] = [mark for mark in batch.marks if mark is not None]
        parent = self._trace.set_span_in_context(spans[0]) if len(spans) == 1 == batch.requests else None
        links = [] if parent else [self._trace.Link(one.get_span_context()) for one in spans[:MOST_LINKS]]
        span = self._tracer.start_span(
            "commit",
            parent or self._context.Context(),
            attributes={
                "pledger.requests": batch.requests,
                "pledger.events": batch.events,
                "pledger.events_written": batch.written,
            },
            links=links,
            start_time=batch.began_ns,
        )
        span.end(batch.began_ns + int(batch.seconds * 1e9))

    def end(self) -> None:
        """Sends what is left, for a while at most."""
        ending: Any = getattr(self._provider, "shutdown", None)
        if ending is not None:
            thread = threading.Thread(target=ending, name="tracing", daemon=True)
            thread.start()
            thread.join(LAST_SECONDS)

    def _began(self) -> None:
        sent = request.headers.get("traceparent")
        carried = {} if sent is None else {"traceparent": sent, "tracestate": request.headers.get("tracestate", "")}
        parent = self._incoming.extract(carried, self._context.Context())
        span = self._tracer.start_span("request", parent, self._trace.SpanKind.SERVER)
        g.span = span, self._context.attach(self._trace.set_span_in_context(span, parent))

    def _answered(self, seen: Seen) -> None:
        if "span" not in g:
            return
        span: Span = g.span[0]
        span.update_name(f"{seen.method} {seen.rule}")
        span.set_attribute("http.request.method", seen.method)
        span.set_attribute("http.route", seen.rule)
        span.set_attribute("http.response.status_code", seen.status)
        span.set_attribute("pledger.request_id", noted().request_id)
        if seen.status >= 500:
            span.set_attribute("error.type", seen.codes[-1] if seen.codes else str(seen.status))
            span.set_status(self._trace.StatusCode.ERROR)

    def _ended(self, _error: BaseException | None = None) -> None:
        if "span" in g:
            span, token = g.pop("span")
            span.end()
            self._context.detach(token)


def is_wanted(environ: Mapping[str, str]) -> bool:
    """Whether the environment says where to send traces."""
    return environ.get(OFF, "").lower() != "true" and any(environ.get(name) for name in ENDPOINTS)


def tracing_of(environ: Mapping[str, str]) -> Tracing | None:
    """What the environment asks for; None, with a warning, where it asks and OpenTelemetry is not installed."""
    if not is_wanted(environ):
        return None
    try:
        return Tracing(exporting(environ))
    except ImportError as error:
        LOG.warning("traces are asked for but not made: %s is missing; install partnership-ledger[otel]", error.name)
        return None


def exporting(environ: Mapping[str, str]) -> TracerProvider:
    """Spans to the endpoint of the environment, over HTTP, in batches. Raises ImportError."""
    from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
    from opentelemetry.sdk.resources import Resource
    from opentelemetry.sdk.trace import TracerProvider
    from opentelemetry.sdk.trace.export import BatchSpanProcessor

    named: dict[str, Any] = {} if environ.get("OTEL_SERVICE_NAME") else {"service.name": NAME}
    provider = TracerProvider(resource=Resource.create(named), shutdown_on_exit=False)
    provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter()))
    return provider
