"""Traces: a span for each request, within the caller's trace, and one for each commit; nothing where none are asked."""

from __future__ import annotations

import subprocess
import sys
from threading import Thread
from typing import TYPE_CHECKING

import pytest

from api.metrics import Metrics
from api.operating import Commits
from api.tracing import Tracing, is_wanted, tracing_of
from tests.api.calls import Town, event

sdk = pytest.importorskip("opentelemetry.sdk.trace", reason="OpenTelemetry is an extra, and is not installed here")

if TYPE_CHECKING:
    from opentelemetry.sdk.trace import ReadableSpan

CALLER = "0af7651916cd43dd8448eb211c80319c"


class Kept:
    """What was traced."""

    def __init__(self, town: Town) -> None:
        from opentelemetry.sdk.trace.export import SimpleSpanProcessor
        from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

        self._exporter = InMemorySpanExporter()
        provider = sdk.TracerProvider(shutdown_on_exit=False)
        provider.add_span_processor(SimpleSpanProcessor(self._exporter))
        self.tracing = Tracing(provider)
        self.tracing.watch(town.app)
        town.ledger.store.observe(Commits(Metrics(), self.tracing))

    def spans(self, name: str) -> list[ReadableSpan]:
        return [span for span in self._exporter.get_finished_spans() if span.name == name]


@pytest.fixture
def kept(town: Town) -> Kept:
    return Kept(town)


def school(name: str) -> dict[str, object]:
    return event("organisation.registered", name=name, kind="school", identifiers=[])


def test_a_request_and_its_commit_belong_to_the_callers_trace(town: Town, kept: Kept) -> None:
    town.key("admin", "admin")
    town.post("admin", school("Northfield"), traceparent=f"00-{CALLER}-b7ad6b7169203331-01", X_Request_Id="r1")
    [request] = kept.spans("POST /v1/events")
    commit = kept.spans("commit")[-1]
    assert request.context.trace_id == commit.context.trace_id == int(CALLER, 16)
    assert commit.parent is not None
    assert commit.parent.span_id == request.context.span_id
    assert dict(request.attributes or {}) == {
        "http.request.method": "POST", "http.route": "/v1/events", "http.response.status_code": 201,
        "pledger.request_id": "r1",
    }  # fmt: skip
    assert dict(commit.attributes or {}) == {"pledger.requests": 1, "pledger.events": 1, "pledger.events_written": 1}


def test_a_span_bears_no_address_and_ends_with_its_request(town: Town, kept: Kept) -> None:
    town.school("Northfield")
    town.get("Northfield", f"/v1/streams/{town.ids['Northfield']}?wrong=secret")
    town.get("Northfield", "/v1/secret")
    [asked], [lost] = kept.spans("GET /v1/streams/{stream_id}"), kept.spans("GET none")
    assert asked.context.trace_id != lost.context.trace_id
    assert (lost.attributes or {})["http.response.status_code"] == 404
    assert "secret" not in asked.to_json() + lost.to_json()


def test_a_failure_is_marked(town: Town, kept: Kept, monkeypatch: pytest.MonkeyPatch) -> None:
    def breaks() -> int:
        raise RuntimeError("a secret of the inside")

    monkeypatch.setattr(town.ledger, "head", breaks)
    town.http.get("/readyz")
    [span] = kept.spans("GET /readyz")
    assert (span.attributes or {})["error.type"] == "internal-error"
    assert not span.status.is_ok
    assert "secret" not in span.to_json()


def test_a_batch_of_several_requests_is_linked_to_each(town: Town, kept: Kept) -> None:
    town.key("admin", "admin")
    threads = [Thread(target=town.post, args=("admin", school(f"School {one}"))) for one in range(24)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    shared = [span for span in kept.spans("commit") if (span.attributes or {})["pledger.requests"] != 1]
    requests = {span.context.span_id for span in kept.spans("POST /v1/events")}
    assert len(requests) == 24
    for span in shared:
        assert len(span.links) == (span.attributes or {})["pledger.requests"]
        assert {link.context.span_id for link in span.links} <= requests
    assert shared


@pytest.mark.parametrize(
    ("environ", "wanted"),
    [
        ({}, False),
        ({"OTEL_EXPORTER_OTLP_ENDPOINT": ""}, False),
        ({"OTEL_EXPORTER_OTLP_ENDPOINT": "http://collector:4318"}, True),
        ({"OTEL_EXPORTER_OTLP_TRACES_ENDPOINT": "http://collector:4318/v1/traces"}, True),
        ({"OTEL_EXPORTER_OTLP_ENDPOINT": "http://collector:4318", "OTEL_SDK_DISABLED": "true"}, False),
    ],
)
def test_traces_are_made_where_the_environment_names_an_endpoint(environ: dict[str, str], wanted: bool) -> None:
    assert is_wanted(environ) is wanted


def test_the_end_waits_for_no_collector_for_long() -> None:
    tracing = tracing_of({"OTEL_EXPORTER_OTLP_ENDPOINT": "http://127.0.0.1:1"})
    assert tracing is not None
    tracing.end()


def test_without_the_libraries_it_is_told_and_goes_on(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setitem(sys.modules, "opentelemetry.sdk.trace", None)
    assert tracing_of({"OTEL_EXPORTER_OTLP_ENDPOINT": "http://127.0.0.1:1"}) is None
    assert [record.levelname for record in caplog.records] == ["WARNING"]


def test_nothing_of_it_is_imported_unless_it_is_asked_for() -> None:
    program = "import sys, api.app, api.keeping; print([one for one in sys.modules if one.startswith('opentelemetry')])"
    printed = subprocess.run([sys.executable, "-c", program], capture_output=True, check=True, text=True).stdout
    assert printed == "[]\n"
