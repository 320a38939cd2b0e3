"""How much one caller may ask within a minute, what it is told of that, and who is never kept out by others."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

import pytest
from werkzeug.test import TestResponse

from api.app import create_app
from api.buckets import MOST_BUCKETS, Buckets
from api.limits import REPORTS, caller
from ledger.service import Ledger
from projections.views import open_read_models
from tests.api.calls import Town, event
from tests.api.machines import Machine


@contextmanager
def limited(ledger: Ledger, **limits: int) -> Iterator[Town]:
    """A service with these limits."""
    ledger.settings = replace(ledger.settings, **limits)  # type: ignore[arg-type]  # every limit is a whole number
    with open_read_models(ledger.dsn, ledger.zone, ledger.today) as read_models:
        yield Town(create_app(ledger, read_models), ledger)


def school(number: int) -> dict[str, object]:
    return event("organisation.registered", name=f"School {number}", kind="school", identifiers=[])


def require_refused(answer: TestResponse, limit: str, quota: int, left: int = 0) -> None:
    assert (answer.status_code, answer.get_json()["code"]) == (429, "rate-limited")
    assert answer.get_json()["retryable"] is True
    assert 1 <= int(answer.headers["Retry-After"]) <= 60
    assert answer.headers["RateLimit-Policy"] == f'"{limit}";q={quota};w=60'
    assert answer.headers["RateLimit"] == f'"{limit}";r={left};t={answer.headers["Retry-After"]}'


def test_reads_are_counted_by_principal(ledger: Ledger) -> None:
    with limited(ledger, reads_per_minute=3) as town:
        town.key("auditor", "auditor", whole_ledger=True)
        town.key("other", "auditor", whole_ledger=True)
        left = [town.get("auditor", "/v1/me").headers["RateLimit"].partition(";t")[0] for _ in range(3)]
        assert left == ['"reads";r=2', '"reads";r=1', '"reads";r=0']
        require_refused(town.get("auditor", "/v1/events"), "reads", 3)
        assert town.get("other", "/v1/me").status_code == 200


def test_two_keys_of_a_principal_share_what_it_may(ledger: Ledger) -> None:
    with limited(ledger, reads_per_minute=2) as town:
        town.key("first", "auditor", whole_ledger=True)
        principal = ledger.credentials.authenticate(town.keys["first"]).principal
        town.key("second", "auditor", whole_ledger=True, principal=principal)
        assert [town.get(one, "/v1/me").status_code for one in ("first", "second", "first")] == [200, 200, 429]


def test_events_are_counted_and_not_their_posts(ledger: Ledger) -> None:
    with limited(ledger, events_per_minute=10) as town:
        town.key("admin", "admin")
        assert town.post("admin", [school(one) for one in range(6)]).status_code == 201
        assert town.post("admin", school(6)).headers["RateLimit"].startswith('"events";r=3;')
        before = ledger.head()
        require_refused(town.post("admin", [school(one) for one in range(7, 12)]), "events", 10, left=2)
        assert ledger.head() == before
        assert town.get("admin", "/v1/me").status_code == 200


def test_a_batch_larger_than_the_limit_takes_all_of_it(ledger: Ledger) -> None:
    with limited(ledger, events_per_minute=5) as town:
        town.key("admin", "admin")
        # Its first event was taken before it was known how many there are.
        assert town.post("admin", [school(one) for one in range(5)]).status_code == 201
        require_refused(town.post("admin", school(8)), "events", 5)


def test_reports_have_a_limit_of_their_own(ledger: Ledger) -> None:
    with limited(ledger, reports_per_minute=1) as town:
        town.key("auditor", "auditor", whole_ledger=True)
        first = town.get("auditor", "/v1/network/reciprocity")
        assert first.headers["RateLimit-Policy"] == '"reports";q=1;w=60'
        require_refused(town.get("auditor", "/v1/programmes/report"), "reports", 1)
        assert town.get("auditor", "/v1/me").status_code == 200


def test_every_report_is_a_route(town: Town) -> None:
    assert set(REPORTS) <= {rule.rule for rule in town.app.url_map.iter_rules()}


def test_what_is_not_limited_says_nothing_of_limits(ledger: Ledger) -> None:
    with limited(ledger, reads_per_minute=0) as town:
        town.key("auditor", "auditor", whole_ledger=True)
        answer = town.get("auditor", "/v1/me")
        assert "RateLimit" not in answer.headers
        assert answer.get_json()["limits"]["reads_per_minute"] == 0


def test_a_caller_reads_its_limits(town: Town) -> None:
    town.key("auditor", "auditor", whole_ledger=True)
    limits = town.get("auditor", "/v1/me").get_json()["limits"]
    assert (limits["reads_per_minute"], limits["events_per_minute"], limits["reports_per_minute"]) == (60000, 0, 1200)


def test_wrong_keys_are_counted_by_address_and_a_right_one_gets_through(ledger: Ledger) -> None:
    with limited(ledger, failures_per_minute=2) as town:
        town.key("auditor", "auditor", whole_ledger=True)
        wrong = {"Authorization": "Bearer pl_test_" + "a" * 43}
        answers = [town.http.get("/v1/me", headers=wrong) for _ in range(3)]
        assert [answer.status_code for answer in answers] == [401, 401, 429]
        require_refused(answers[2], "failures", 2)
        assert town.get("auditor", "/v1/me").status_code == 200
        elsewhere = town.http.get("/v1/me", headers=wrong, environ_base={"REMOTE_ADDR": "192.0.2.7"})
        assert elsewhere.status_code == 401


def test_who_says_nothing_has_not_failed(ledger: Ledger) -> None:
    with limited(ledger, failures_per_minute=1) as town:
        assert [town.http.get("/v1/me").status_code for _ in range(5)] == [401] * 5


def test_wrong_clients_are_counted_by_address(ledger: Ledger) -> None:
    with limited(ledger, token_failures_per_minute=2) as town:
        town.school("Northfield")
        machine = Machine(town, "Northfield")
        answers = [machine.ask(client_secret="wrong") for _ in range(3)]
        assert [answer.status_code for answer in answers] == [401, 401, 429]
        require_refused(answers[2], "token-failures", 2)
        assert machine.ask().status_code == 200
        assert machine.ask(grant_type="password").status_code == 400


def test_a_token_counts_as_the_credential_behind_it(ledger: Ledger) -> None:
    with limited(ledger, reads_per_minute=3) as town:
        town.key("admin", "admin")
        town.ids["Northfield"] = town.post("admin", school(1)).get_json()["stream"]["id"]
        machine = Machine(town, "Northfield")
        token = machine.token()  # one
        assert [machine.call(token).status_code for _ in range(2)] == [200, 200]
        assert machine.call(machine.secret).status_code == 429


class Minute:
    """A clock that a test moves."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


def test_a_bucket_fills_again_evenly() -> None:
    minute = Minute()
    buckets = Buckets(6, minute)
    assert [buckets.take("a").left for _ in range(6)] == [5, 4, 3, 2, 1, 0]
    assert buckets.take("a").wait_seconds == 10
    minute.now += 9.9
    assert buckets.take("a").wait_seconds == 1
    minute.now += 0.1
    taken = buckets.take("a")
    assert (taken.wait_seconds, taken.left, taken.full_seconds) == (0, 0, 60)
    minute.now += 60
    assert buckets.take("a", 6).wait_seconds == 0


@pytest.mark.parametrize("cost", [6, 1000])
def test_what_costs_more_than_there_is_waits_for_a_full_bucket(cost: int) -> None:
    minute = Minute()
    buckets = Buckets(6, minute)
    buckets.take("a")
    assert buckets.take("a", cost).wait_seconds == 10
    minute.now += 10
    taken = buckets.take("a", cost)
    assert (taken.wait_seconds, taken.left) == (0, 0)


def test_the_number_of_buckets_is_bounded_and_the_emptiest_are_kept() -> None:
    minute = Minute()
    buckets = Buckets(2, minute)
    buckets.take("greedy", 2)
    for number in range(3 * MOST_BUCKETS):
        buckets.take(str(number))
        assert buckets.count <= MOST_BUCKETS
    assert buckets.take("greedy").wait_seconds > 0


@pytest.mark.parametrize(
    ("address", "counts_as"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        (None, ""),
        ("not an address", ""),
    ],
)
def test_an_address_counts_with_its_network(address: str | None, counts_as: str) -> None:
    assert caller(address) == counts_as


def test_takers_at_the_same_time_get_no_more_than_there_is() -> None:
    import threading

    minute = Minute()
    buckets = Buckets(500, minute)
    taken: list[int] = []

    def work() -> None:
        taken.extend(buckets.take("a").wait_seconds for _ in range(200))

    threads = [threading.Thread(target=work) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert taken.count(0) == 500
