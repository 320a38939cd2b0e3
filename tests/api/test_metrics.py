"""The metrics count what happens, under few names, and the operator's page tells of each of them."""

from __future__ import annotations

import re
import threading
from collections.abc import Callable

import pytest
from prometheus_client.parser import text_string_to_metric_families

from api.keeping import Keeping
from api.metrics import outcome
from api.observing import Seen
from projections.daily.clock import Clock
from projections.runner import Runner
from projections.views import all_views
from tests.api.browser import Browser
from tests.api.calls import Town, event
from tests.architecture.sources import ROOT

Count = Callable[..., float]


@pytest.fixture
def counted(town: Town) -> Count:
    """What a metric says now, by its name and labels; 0 where it has not been heard of."""
    keeping = Keeping(town.ledger, town.app.extensions["pledger.read_models"])
    keeping.watch(town.app)

    def count(name: str, **labels: str) -> float:
        found = [
            sample.value
            for family in text_string_to_metric_families(keeping.metrics.text().decode())
            for sample in family.samples
            if sample.name == name and sample.labels == labels
        ]
        return found[0] if found else 0

    return count


def test_posts_are_counted_by_how_and_with_what_outcome(town: Town, counted: Count) -> None:
    town.school("Northfield")
    school = event("organisation.registered", name="Ashfield", kind="school", identifiers=[])
    for _ in range(2):
        town.post("admin", school)
    town.post("admin", [school, event("organisation.registered", name="", kind="school", identifiers=[])])
    town.post("admin", [school, event("no.such.type")], path="/v1/events?atomic=false")
    town.post("admin", school, path="/v1/events?dry_run=true")
    town.post("admin", "no event")
    posts = "pledger_posts_total"
    assert counted(posts, kind="one", outcome="recorded") == 2
    assert counted(posts, kind="one", outcome="replayed") == 1
    assert counted(posts, kind="batch", outcome="refused") == 1
    assert counted(posts, kind="each", outcome="told-each") == 1
    assert counted(posts, kind="dry-run", outcome="checked") == 1
    assert counted(posts, kind="unread", outcome="refused") == 1
    assert counted("pledger_refusals_total", code="claim-malformed") == 2
    assert counted("pledger_events_written_total") == town.ledger.store.stats.events


@pytest.mark.parametrize(
    ("status", "told"),
    [(201, "recorded"), (200, "replayed"), (409, "refused"), (429, "limited"), (503, "busy"), (500, "failed")],
)
def test_the_outcome_of_a_post_follows_from_its_status(status: int, told: str) -> None:
    assert outcome(Seen("1", "POST", "/v1/events", status, 0.1, None, None, [], None, "one", [])) == told


def test_requests_are_counted_by_rule_and_never_by_address(town: Town, counted: Count) -> None:
    northfield, ashfield = town.school("Northfield"), town.school("Ashfield")
    for one in (northfield, ashfield):
        town.get("Northfield", f"/v1/events?organisation={one}")
        town.get("Northfield", f"/v1/streams/{one}")
    town.http.get("/v1/nothing/secret-8Qz")
    town.http.open("/v1/events", method="BREW")
    assert counted("pledger_requests_total", rule="/v1/streams/{stream_id}", method="GET", status="200") == 2
    assert counted("pledger_request_seconds_count", rule="/v1/streams/{stream_id}", method="GET") == 2
    assert counted("pledger_requests_total", rule="none", method="GET", status="404") == 1
    assert counted("pledger_requests_total", rule="none", method="other", status="405") == 1
    assert counted("pledger_refusals_total", code="no-such-address") == 1
    assert counted("pledger_refusals_total", code="method-not-allowed") == 1


def test_wrong_passwords_and_too_many_requests_are_counted(town: Town, counted: Count) -> None:
    town.school("Northfield")
    town.http.get("/v1/me", headers={"Authorization": "Bearer wrong"})
    assert counted("pledger_refusals_total", code="unauthorised") == 1
    Browser(town.http).send("/sign-in", login="nobody", password="wrong")
    assert counted("pledger_sign_in_failures_total", step="password") == 1


def test_what_waits_and_what_is_open_is_told(town: Town, counted: Count) -> None:
    town.school("Northfield")
    holder = threading.Event()
    place = town.app.extensions["pledger.streams"].place("somebody", holder)
    assert counted("pledger_live_streams") == 1
    place()
    assert counted("pledger_live_streams") == 0
    assert counted("pledger_queue_events") == 0
    assert counted("pledger_access_log_queue_entries") == 0
    assert counted("pledger_webhooks", state="live") == 0
    assert counted("pledger_commit_seconds_count") >= 1
    assert counted("pledger_commit_events_sum") >= counted("pledger_events_written_total")


def test_the_day_of_the_clock_is_told(town: Town, counted: Count) -> None:
    town.school("Northfield")
    models = town.app.extensions["pledger.read_models"]
    Runner(town.ledger.store, town.ledger.dsn, all_views(town.ledger.zone)).run_once()
    Clock(town.ledger.dsn, town.ledger.zone, town.ledger.today, models).run_once()
    assert counted("pledger_clock_day_timestamp_seconds") == 1788220800  # 1 September 2026, midnight


def test_the_operators_page_tells_of_every_metric_and_of_no_other(town: Town) -> None:
    Runner(town.ledger.store, town.ledger.dsn, all_views(town.ledger.zone)).run_once()
    models = town.app.extensions["pledger.read_models"]
    Clock(town.ledger.dsn, town.ledger.zone, town.ledger.today, models).run_once()
    keeping = Keeping(town.ledger, models)
    keeping.watch(town.app)
    made = re.findall(r"^# TYPE (pledger_\w+)", keeping.metrics.text().decode(), re.MULTILINE)
    page = (ROOT / "docs" / "operating.md").read_text("utf-8").partition("| Metric |")[2].partition("\n\n")[0]
    assert set(re.findall(r"`(pledger_[a-z_]+)`", page)) == {one for one in made if not one.endswith("_created")}
