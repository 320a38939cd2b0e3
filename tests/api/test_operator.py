"""The operator's address: readiness with its reasons, and metrics that are what they say."""

from __future__ import annotations

import json
import socket
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import replace

import psycopg
import pytest
from prometheus_client.parser import text_string_to_metric_families

from api.keeping import Keeping
from ledger.eventstore.embedded import Embedded
from ledger.readers import Endpoint
from tests.api.calls import Town
from tests.api.process import within
from tests.conftest import fresh


@pytest.fixture
def database_url(postgres: Embedded, template: str) -> Iterator[str]:
    """A fresh database whose views nobody has made yet."""
    yield from fresh(postgres, template)


@pytest.fixture
def free() -> Endpoint:
    """An address at which nothing listens."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        return Endpoint(*listening.getsockname())


@pytest.fixture
def operated(town: Town, free: Endpoint) -> Iterator[Town]:
    """A service whose views are kept, with an operator's address."""
    town.ledger.settings = replace(town.ledger.settings, operator_address=free, poll_seconds=0.1)
    keeping = Keeping(town.ledger, town.app.extensions["pledger.read_models"])
    keeping.watch(town.app)
    keeping.start()
    yield town
    keeping.end()


def asked(town: Town, path: str) -> tuple[int, str]:
    try:
        with urllib.request.urlopen(f"http://{town.ledger.settings.operator_address}{path}", timeout=5) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as refused:
        with refused:
            return refused.code, refused.read().decode()
    except OSError:
        return 0, ""


def measured(town: Town) -> dict[tuple[str, str], float]:
    """Every sample by its name and its labels, in order."""
    _, text = asked(town, "/metrics")
    return {
        (sample.name, " ".join(sample.labels.values())): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


def lags(town: Town) -> set[float]:
    return {value for (name, _), value in measured(town).items() if name == "pledger_view_lag_facts"}


def test_the_metrics_follow_the_log(operated: Town) -> None:
    operated.school("Northfield")
    operated.school("Ashfield")
    operated.delivered("Northfield", "Ashfield")
    head = operated.ledger.head()
    within(10, lambda: (asked(operated, "/readyz")[0], lags(operated)), (200, {0.0}))
    found = measured(operated)
    assert found["pledger_head_position", ""] == head
    assert found["pledger_database_up", ""] == 1
    assert found["pledger_view_facts_total", "directory"] == head
    assert found["pledger_view_page_seconds_count", "directory"] >= 1
    assert found["pledger_posts_total", "one recorded"] == 3
    assert found["process_resident_memory_bytes", ""] > 10_000_000
    for name, value in (("lag_facts", 0), ("lag_seconds", 0), ("failed", 0), ("rebuilding", 0), ("answers", 1)):
        assert found[f"pledger_view_{name}", "reciprocity"] == value


def test_what_a_view_cannot_apply_is_told(operated: Town) -> None:
    operated.school("Northfield")
    within(10, lambda: asked(operated, "/readyz")[0], 200)
    with psycopg.connect(operated.ledger.dsn) as connection:
        connection.execute("ALTER TABLE views.directory_organisation ADD CHECK (name <> 'Ashfield')")
    operated.school("Ashfield")
    head = operated.ledger.head()
    within(10, lambda: asked(operated, "/readyz")[0], 503)
    checks = json.loads(asked(operated, "/readyz")[1])["checks"]
    assert (checks["database"]["ok"], checks["projections"]["ok"], checks["runner"]["ok"]) == (True, False, True)
    [stopped] = [one for one in checks["projections"]["views"] if one["state"] == "stopped"]
    assert (stopped["view"], stopped["failed"]["type"]) == ("directory", "organisation.registered")
    within(10, lambda: measured(operated).get(("pledger_view_position", "reciprocity")), head)
    assert measured(operated)["pledger_view_failed", "directory"] == 1
    assert measured(operated)["pledger_view_failed", "reciprocity"] == 0


def test_trouble_of_the_projections_is_told_and_passes(operated: Town) -> None:
    within(10, lambda: asked(operated, "/readyz")[0], 200)
    before = measured(operated)["pledger_projections_interruptions_total", ""]
    with psycopg.connect(operated.ledger.dsn) as connection:
        connection.execute("ALTER TABLE views_next.rebuild_request RENAME TO elsewhere")
    within(10, lambda: json.loads(asked(operated, "/readyz")[1])["checks"]["runner"]["ok"], False)
    with psycopg.connect(operated.ledger.dsn) as connection:
        connection.execute("ALTER TABLE views_next.elsewhere RENAME TO rebuild_request")
    within(10, lambda: asked(operated, "/readyz")[0], 200)
    assert measured(operated)["pledger_projections_interruptions_total", ""] > before


def test_trouble_of_the_webhooks_is_told_and_fails_nothing(operated: Town) -> None:
    within(10, lambda: asked(operated, "/readyz")[0], 200)
    with psycopg.connect(operated.ledger.dsn) as connection:
        connection.execute("ALTER TABLE pledger.webhook RENAME TO elsewhere")
    within(10, lambda: "why" in json.loads(asked(operated, "/readyz")[1])["checks"]["webhooks"], True)
    assert asked(operated, "/readyz")[0] == 200
    assert operated.http.get("/readyz").status_code == 200
    assert json.loads(asked(operated, "/readyz")[1])["checks"]["webhooks"]["ok"] is True


def test_nothing_else_is_there(operated: Town) -> None:
    within(10, lambda: asked(operated, "/healthz")[0], 200)
    assert refused(operated, "GET", "/v1/events") == (404, "application/problem+json", "no-such-address", None)
    assert refused(operated, "POST", "/metrics") == (405, "application/problem+json", "method-not-allowed", "GET, HEAD")


def refused(town: Town, method: str, path: str) -> tuple[int, str, str, str | None]:
    """The status, media type, code and allowed methods of what is not answered."""
    request = urllib.request.Request(f"http://{town.ledger.settings.operator_address}{path}", method=method)
    with pytest.raises(urllib.error.HTTPError) as caught, urllib.request.urlopen(request, timeout=5):
        pass
    with caught.value as answer:
        problem = json.loads(answer.read())
        assert problem["status"] == answer.code
        return answer.code, answer.headers["Content-Type"], problem["code"], answer.headers["Allow"]


def test_an_address_that_is_taken_is_listened_on_when_it_is_free(
    town: Town, free: Endpoint, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("api.operator.AGAIN_SECONDS", 0.05)
    town.ledger.settings = replace(town.ledger.settings, operator_address=free)
    keeping = Keeping(town.ledger, town.app.extensions["pledger.read_models"])
    with socket.create_server(free):
        keeping.start()
        within(10, lambda: keeping.check()["ok"], True)
    within(10, lambda: asked(town, "/healthz")[0], 200)
    keeping.end()
    assert asked(town, "/healthz")[0] == 0
