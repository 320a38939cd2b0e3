"""Posting over HTTP: the three modes of CloudEvents, repeats, expected versions, batches and dry runs."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

import pytest

from tests.api.calls import SOURCE, Town, event, hours

SCHOOL: dict[str, Any] = {"name": "Oakwood", "kind": "school", "identifiers": []}


@pytest.fixture
def village(town: Town) -> Town:
    town.school("Northfield")
    town.school("Ashfield")
    return town


def test_an_event_is_admitted_and_its_receipt_leads_to_it(village: Town) -> None:
    answer = village.post("admin", event("organisation.registered", **SCHOOL))
    receipt = answer.get_json()
    assert answer.status_code == 201
    assert answer.headers["Location"] == f"/v1/events/{receipt['event_id']}" == receipt["links"]["self"]
    assert answer.headers["X-Ledger-Position"] == str(receipt["position"])
    assert (receipt["stream"]["kind"], receipt["version"], receipt["sealed"]) == ("organisation", 1, False)
    assert receipt["recorded_at"] == "2026-09-01T09:00:00.000000Z"
    read = village.get("Northfield", answer.headers["Location"]).get_json()
    assert (read["type"], read["sequence"]) == ("organisation.registered", f"{receipt['position']:020d}")
    assert read["data"] == SCHOOL


@pytest.mark.parametrize("media_type", ["application/cloudevents+json", "application/json; charset=UTF-8"])
def test_structured_mode(village: Town, media_type: str) -> None:
    given = event("organisation.registered", **SCHOOL)
    answer = village.http.post("/v1/events", json=given, headers=village.as_("admin"), content_type=media_type)
    assert answer.status_code == 201


def test_binary_mode_reads_percent_encoded_headers(village: Town) -> None:
    headers = {
        "ce-specversion": "1.0",
        "ce-type": "organisation.registered",
        "ce-id": quote("grüner wald"),
        "ce-source": SOURCE,
        "ce-expectedversion": "0",
        "ce-subject": "7c9e6679-7425-40de-944b-e07fc1f90ae7",
    }
    answer = village.http.post("/v1/events", json=SCHOOL, headers=village.as_("admin") | headers)
    read = village.get("Northfield", answer.headers["Location"]).get_json()
    assert (read["clientid"], read["subject"]) == ("grüner wald", "7c9e6679-7425-40de-944b-e07fc1f90ae7")


def test_a_repeat_answers_200_with_the_first_receipt(village: Town) -> None:
    given = event("organisation.registered", **SCHOOL)
    first, again = village.post("admin", given), village.post("admin", given)
    assert (first.status_code, again.status_code) == (201, 200)
    assert again.get_json() == first.get_json()
    assert again.headers["Idempotency-Replayed"] == "true"
    assert "Idempotency-Replayed" not in first.headers


def test_the_same_id_with_other_content_is_refused(village: Town) -> None:
    given = event("organisation.registered", **SCHOOL)
    village.post("admin", given)
    answer = village.post("admin", given | {"data": SCHOOL | {"name": "Elm Park"}})
    assert (answer.status_code, answer.get_json()["code"]) == (422, "idempotency-mismatch")


def test_a_missing_id_is_the_idempotency_key(village: Town) -> None:
    given = event("organisation.registered", **SCHOOL)
    del given["id"], given["source"]
    answer = village.post("admin", given, Idempotency_Key="oak-1")
    assert answer.status_code == 201
    read = village.get("Northfield", answer.headers["Location"]).get_json()
    assert (read["clientid"], read["clientsource"]) == ("oak-1", f"urn:pledger:{read['authid']}")
    neither = village.post("admin", given)
    assert (neither.status_code, neither.get_json()["errors"][0]["pointer"]) == (400, "/id")


def test_an_idempotency_key_that_contradicts_the_id_is_refused(village: Town) -> None:
    answer = village.post("admin", event("organisation.registered", **SCHOOL), Idempotency_Key="another")
    assert (answer.status_code, answer.get_json()["errors"][0]["pointer"]) == (422, "/id")


def test_an_expected_version_is_a_tag_or_an_attribute(village: Town) -> None:
    delivery = village.delivered("Northfield", "Ashfield")
    stream = delivery["stream"]["id"]
    tag = village.get("Ashfield", f"/v1/streams/{stream}").headers["ETag"]
    confirmation = event("support.delivery_confirmed", stream, delivery_id="d1")
    moved = village.post("Ashfield", confirmation, If_Match='"7"')
    assert (moved.status_code, moved.get_json()["current_version"]) == (412, 1)
    moved = village.post("Ashfield", confirmation | {"expectedversion": 0})
    assert (moved.status_code, moved.get_json()["code"]) == (412, "version-moved")
    assert village.post("Ashfield", confirmation, If_Match=tag).status_code == 201


@pytest.mark.parametrize("header", ["7", "*", 'W/"7"', '"seven"'])
def test_a_tag_that_is_no_version_cannot_be_read(village: Town, header: str) -> None:
    answer = village.post("admin", event("organisation.registered", **SCHOOL), If_Match=header)
    assert answer.status_code == 400


def test_a_batch_is_recorded_whole(village: Town) -> None:
    batch = [event("organisation.registered", **SCHOOL | {"name": f"School {number}"}) for number in range(3)]
    answer = village.post("admin", batch)
    body = answer.get_json()
    assert answer.status_code == 201
    assert [(one["index"], one["status"]) for one in body["results"]] == [(0, 201), (1, 201), (2, 201)]
    assert body["position"] == body["results"][2]["receipt"]["position"]
    again = village.post("admin", batch)
    assert (again.status_code, again.headers["Idempotency-Replayed"]) == (200, "true")
    assert [one["receipt"] for one in again.get_json()["results"]] == [one["receipt"] for one in body["results"]]
    mixed = village.post("admin", [*batch, event("organisation.registered", **SCHOOL)])
    assert [one["status"] for one in mixed.get_json()["results"]] == [200, 200, 200, 201]
    assert mixed.status_code == 201


def test_a_batch_with_one_wrong_event_is_one_problem_and_nothing_is_written(village: Town) -> None:
    before = village.ledger.head()
    wrong = event("organisation.registered", **SCHOOL | {"kind": "castle"})
    answer = village.post("admin", [event("organisation.registered", **SCHOOL), wrong])
    assert (answer.status_code, answer.content_type) == (422, "application/problem+json")
    assert [error["pointer"] for error in answer.get_json()["errors"]] == ["/1/data/kind"]
    assert village.ledger.head() == before


def test_a_batch_refused_by_a_rule_says_which_event(village: Town) -> None:
    delivery = village.delivered("Northfield", "Ashfield")
    own = event("support.delivery_confirmed", delivery["stream"]["id"], delivery_id="d1")
    answer = village.post("Northfield", [own])
    assert (answer.status_code, answer.get_json()["code"]) == (409, "only-the-receiver-confirms")
    assert [error["pointer"] for error in answer.get_json()["errors"]] == ["/0"]


def test_each_event_stands_alone_when_asked_to(village: Town) -> None:
    wrong = event("organisation.registered", **SCHOOL | {"kind": "castle"})
    unreadable = event("organisation.registered", **SCHOOL) | {"specversion": "0.3"}
    good = event("organisation.registered", **SCHOOL)
    answer = village.post("admin", [wrong, good, unreadable], "/v1/events?atomic=false")
    results = answer.get_json()["results"]
    assert answer.status_code == 207
    assert [one["status"] for one in results] == [422, 201, 400]
    assert results[0]["problem"]["errors"][0]["pointer"] == "/0/data/kind"
    assert results[2]["problem"]["errors"][0]["pointer"] == "/2/specversion"
    assert results[1]["receipt"]["position"] == village.ledger.head()


def test_a_dry_run_writes_nothing(village: Town) -> None:
    before = village.ledger.head()
    good = event("organisation.registered", **SCHOOL)
    assert village.post("admin", good, "/v1/events?dry_run=true").get_json() == {"dry_run": True}
    answer = village.post("admin", [good, good | {"id": "another"}], "/v1/events?dry_run=true")
    assert (answer.status_code, [one["status"] for one in answer.get_json()["results"]]) == (200, [200, 200])
    refused = village.post("Northfield", event("organisation.closed", on="2026-09-01"), "/v1/events?dry_run=true")
    assert refused.status_code == 403
    assert village.ledger.head() == before


@pytest.mark.parametrize("header", ["If-Match", "Idempotency-Key"])
def test_what_speaks_of_one_event_does_not_belong_to_a_batch(village: Town, header: str) -> None:
    answer = village.post("admin", [event("organisation.registered", **SCHOOL)], **{header: '"1"'})
    assert answer.status_code == 400


def test_numbers_are_read_exactly_as_written(village: Town) -> None:
    given = event(
        "support.delivered",
        delivery_id="d1",
        amount=hours("QUANTITY"),
        delivered_on="2026-09-01",
        giver_id=village.ids["Northfield"],
        receiver_id=village.ids["Ashfield"],
        category="maths",
    )
    body = village.app.json.dumps(given).replace('"QUANTITY"', "1.50")
    headers = village.as_("Northfield")
    answer = village.http.post("/v1/events", data=body, headers=headers, content_type="application/json")
    read = village.get("Northfield", answer.headers["Location"]).get_json()
    assert read["data"]["amount"] == {"quantity": "1.50", "unit": "hour", "minutes": 90}
