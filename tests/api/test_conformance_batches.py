"""Batches of CloudEvents, repeats, limits and dry runs, sentence by sentence of what the door promises."""

from __future__ import annotations

import json
from typing import Any

import pytest
from werkzeug.test import TestResponse

from tests.api.calls import Town, event

BATCH = "application/cloudevents-batch+json"
SCHOOL: dict[str, Any] = {"name": "Oakwood", "kind": "school", "identifiers": []}


@pytest.fixture
def office(town: Town) -> Town:
    town.key("admin", "admin")
    return town


def registered(number: int, **more: Any) -> dict[str, Any]:
    """The registration of one school, as it is posted."""
    data = SCHOOL | {"name": f"School {number}"}
    head = {"specversion": "1.0", "type": "organisation.registered", "source": "/office", "id": f"reg-{number}"}
    return head | {"data": data} | more


def sent(town: Town, body: Any, query: str = "", content_type: str = BATCH) -> TestResponse:
    address = f"/v1/events{query}"
    return town.http.post(address, data=json.dumps(body), headers=town.as_("admin"), content_type=content_type)


def test_an_empty_batch_is_valid_and_adds_nothing(office: Town) -> None:
    head = office.ledger.head()
    for query, status in (("", 200), ("?atomic=false", 207), ("?dry_run=true", 200)):
        answer = sent(office, [], query)
        assert (answer.status_code, answer.get_json()["results"]) == (status, [])
        assert answer.get_json()["position"] == head == office.ledger.head()
        assert "Idempotency-Replayed" not in answer.headers


def test_two_copies_of_one_event_in_a_batch_are_one_fact(office: Town) -> None:
    head = office.ledger.head()
    results = sent(office, [registered(1), registered(1)]).get_json()["results"]
    assert [one["status"] for one in results] == [201, 200]
    assert results[0]["receipt"] == results[1]["receipt"]
    assert office.ledger.head() == head + 1


def test_one_key_with_two_contents_refuses_the_whole_batch(office: Town) -> None:
    head = office.ledger.head()
    answer = sent(office, [registered(1), registered(2, id="reg-1")])
    assert (answer.status_code, answer.get_json()["code"]) == (422, "idempotency-mismatch")
    assert [error["pointer"] for error in answer.get_json()["errors"]] == ["/1"]
    assert office.ledger.head() == head


@pytest.mark.parametrize(
    ("batch", "pointers"),
    [
        ([registered(1), registered(2, specversion="0.9")], ["/1/specversion"]),
        ([registered(1, id=None)], ["/0/id"]),
        (["no object", registered(1)], ["/0"]),
        ([None], ["/0"]),
        ([registered(1, time="lunchtime"), registered(2, data_base64="e30=")], ["/1/data_base64"]),
    ],
)
def test_a_batch_with_what_is_no_event_is_refused_whole(office: Town, batch: list[Any], pointers: list[str]) -> None:
    head = office.ledger.head()
    answer = sent(office, batch)
    assert answer.status_code == 400
    assert [error["pointer"] for error in answer.get_json()["errors"]][: len(pointers)] == pointers
    assert office.ledger.head() == head


@pytest.mark.parametrize(
    ("body", "content_type"), [(registered(1), BATCH), ([registered(1)], "application/cloudevents+json")]
)
def test_the_media_type_says_whether_it_is_one_or_many(office: Town, body: Any, content_type: str) -> None:
    answer = sent(office, body, "", content_type)
    assert (answer.status_code, answer.get_json()["errors"][0]["code"]) == (400, "wrong-type")


def test_later_events_of_a_batch_may_rely_on_earlier_ones(office: Town) -> None:
    member = "7c9e6679-7425-40de-944b-e07fc1f90ae7"
    renamed = event("organisation.details_changed", member, name="Oakwood Infants") | {"expectedversion": 1}
    receipts = [one["receipt"] for one in sent(office, [registered(1, subject=member), renamed]).get_json()["results"]]
    assert [(one["stream"]["id"], one["version"]) for one in receipts] == [(member, 1), (member, 2)]
    office.key("auditor", "auditor", whole_ledger=True)
    assert office.get("auditor", f"/v1/organisations/{member}").get_json()["name"] == "Oakwood Infants"
    alone = sent(office, [renamed | {"id": "first", "subject": "7c9e6679-7425-40de-944b-e07fc1f90ae8"}])
    assert alone.status_code in (404, 409, 412)


def test_an_event_that_was_refused_holds_no_key(office: Town) -> None:
    wrong = registered(1, data=SCHOOL | {"kind": "castle"})
    assert sent(office, wrong, "", "application/json").status_code == 422
    assert sent(office, registered(1), "?dry_run=true", "application/json").status_code == 200
    assert sent(office, registered(1), "", "application/json").status_code == 201


def test_a_key_is_of_its_principal_and_its_source(office: Town) -> None:
    office.key("second", "admin")
    first = office.post("admin", registered(1))
    others = [office.post("second", registered(1)), office.post("admin", registered(1, source="/another"))]
    assert [one.status_code for one in (first, *others)] == [201, 201, 201]
    assert len({one.get_json()["event_id"] for one in (first, *others)}) == 3


@pytest.mark.parametrize(
    "more",
    [
        {"time": "2026-08-01T00:00:00Z"},
        {"correlationid": "c"},
        {"causationid": "c"},
        {"subject": "7c9e6679-7425-40de-944b-e07fc1f90ae7"},
    ],
)
def test_every_member_of_the_content_counts_in_a_repeat(office: Town, more: dict[str, Any]) -> None:
    office.post("admin", registered(1))
    answer = office.post("admin", registered(1, **more))
    assert (answer.status_code, answer.get_json()["code"]) == (422, "idempotency-mismatch")


def test_what_is_not_stored_does_not_count_in_a_repeat(office: Town) -> None:
    first = office.post("admin", registered(1))
    more = {"traceparent": "00-1", "dataschema": "https://example.org/s", "datacontenttype": "application/json"}
    for again in (registered(1, **more), registered(1, data=dict(reversed(SCHOOL.items())) | {"name": "School 1"})):
        answer = office.post("admin", again)
        assert (answer.status_code, answer.get_json()) == (200, first.get_json())
        assert answer.headers["Location"] == first.headers["Location"]


def test_a_repeat_is_the_first_receipt_whatever_version_it_expects(office: Town) -> None:
    first = office.post("admin", registered(1), If_Match='"0"')
    assert office.post("admin", registered(1), If_Match='"0"').get_json() == first.get_json()
    assert office.post("admin", registered(1, expectedversion=5)).get_json() == first.get_json()


def test_limits(office: Town) -> None:
    limits = office.get("admin", "/v1/me").get_json()["limits"]
    assert (limits["max_batch"], limits["max_body_bytes"], limits["max_event_bytes"]) == (1000, 5 * 2**20, 32 * 2**10)
    thousand = [registered(number) for number in range(1001)]
    assert sent(office, thousand, "?dry_run=true").status_code == 413
    assert sent(office, thousand[:1000], "?dry_run=true").status_code == 200
    long = registered(1, data=SCHOOL | {"identifiers": [{"scheme": "urn", "value": "1" * 200}] * 200})
    assert sent(office, long, "", "application/json").status_code == 413
    assert [one["status"] for one in sent(office, [long], "?atomic=false").get_json()["results"]] == [413]


def test_a_dry_run_asks_authority_before_rules_and_says_nothing_else(office: Town) -> None:
    north, ash = office.school("Northfield"), office.school("Ashfield")
    closed = event("organisation.closed", north, on="no day")
    assert office.post("Ashfield", closed, "/v1/events?dry_run=true").status_code == 403
    mixed = [registered(1), registered(2, data=SCHOOL | {"kind": "castle"}), registered(3)]
    head = office.ledger.head()
    answer = sent(office, mixed, "?dry_run=true&atomic=false")
    assert answer.status_code == 207
    assert [one["status"] for one in answer.get_json()["results"]] == [200, 422, 200]
    whole = sent(office, mixed, "?dry_run=true")
    assert (whole.status_code, whole.content_type) == (422, "application/problem+json")
    assert (office.ledger.head(), ash) == (head, office.ids["Ashfield"])


def test_an_event_of_a_batch_has_its_own_expected_version(office: Town) -> None:
    north = office.school("Northfield")
    moved = event("organisation.details_changed", north, name="North Field") | {"expectedversion": 9}
    answer = sent(office, [registered(1), moved])
    problem = answer.get_json()
    assert (answer.status_code, problem["code"], problem["index"]) == (412, "version-moved", 1)
    assert problem["current_version"] == 1
    each = sent(office, [registered(1), moved], "?atomic=false").get_json()["results"]
    assert [one["status"] for one in each] == [201, 412]
    assert each[1]["problem"]["current_version"] == 1


@pytest.mark.parametrize("query", ["?atomic=maybe", "?dry_run=1x", "?atomc=false"])
def test_a_parameter_of_a_post_is_read_strictly(office: Town, query: str) -> None:
    head = office.ledger.head()
    answer = sent(office, [registered(1)], query)
    assert (answer.status_code, answer.get_json()["code"]) == (400, "parameters-wrong")
    assert office.ledger.head() == head
