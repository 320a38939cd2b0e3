"""CloudEvents 1.0.2 over HTTP, binary and structured: what a valid event is taken as, and what no event is.

The scenarios are those of the conformance project of CloudEvents and of the HTTP binding and the JSON event format,
told with events of this ledger.
"""

from __future__ import annotations

import base64
import json
from typing import Any

import pytest
from werkzeug.test import TestResponse

from tests.api.calls import Town

SCHOOL: dict[str, Any] = {"name": "Oakwood", "kind": "school", "identifiers": []}
MINIMAL: dict[str, Any] = {
    "specversion": "1.0",
    "type": "organisation.registered",
    "source": "/admissions/office",
    "id": "reg-0001",
    "data": SCHOOL,
}
HEADERS = {
    "ce-specversion": "1.0",
    "ce-type": "organisation.registered",
    "ce-source": "/admissions/office",
    "ce-id": "reg-0001",
}


@pytest.fixture
def office(town: Town) -> Town:
    town.key("admin", "admin")
    town.key("auditor", "auditor", whole_ledger=True)
    return town


def sent(town: Town, body: Any, content_type: str, headers: dict[str, str] | None = None) -> TestResponse:
    text = body if isinstance(body, bytes) else json.dumps(body).encode()
    given = town.as_("admin") | (headers or {})
    return town.http.post("/v1/events", data=text, headers=given, content_type=content_type)


def recorded(town: Town, answer: TestResponse) -> dict[str, Any]:
    """The fact that came of a post."""
    assert answer.status_code == 201, answer.get_data(as_text=True)
    found: dict[str, Any] = town.get("auditor", answer.headers["Location"]).get_json()
    return found


def refused(town: Town, answer: TestResponse, status: int) -> list[tuple[str, str]]:
    """The pointers and codes of a problem that left nothing behind."""
    assert (answer.status_code, answer.content_type) == (status, "application/problem+json")
    assert town.get("auditor", "/v1/events?type=organisation.registered").get_json()["events"] == []
    return [(error["pointer"], error["code"]) for error in answer.get_json()["errors"]]


@pytest.mark.parametrize(
    "content_type", ["application/json", "application/json; charset=utf-8", "application/vnd.school+json"]
)
def test_binary_mode_takes_the_attributes_from_headers_and_the_data_from_the_body(
    office: Town, content_type: str
) -> None:
    fact = recorded(office, sent(office, SCHOOL, content_type, HEADERS | {"ce-time": "2026-08-05T03:56:24Z"}))
    assert (fact["clientid"], fact["clientsource"]) == ("reg-0001", "/admissions/office")
    assert (fact["type"], fact["time"]) == ("organisation.registered", "2026-08-05T03:56:24.000000Z")
    assert fact["data"] == SCHOOL


def test_names_of_headers_know_no_case(office: Town) -> None:
    headers = {name.title(): value for name, value in HEADERS.items()}
    assert recorded(office, sent(office, SCHOOL, "application/json", headers))["clientid"] == "reg-0001"


@pytest.mark.parametrize(
    ("header", "value"),
    [
        ("Euro%20%E2%82%AC%20%F0%9F%98%80", "Euro € 😀"),
        ("%e2%82%ac", "€"),
        ("%41bc", "Abc"),
        ("100%25", "100%"),
        ('"quoted words"', "quoted words"),
        ('"with \\"inner\\" and \\\\"', 'with "inner" and \\'),
        ('"%E2%82%AC 5"', "€ 5"),
    ],
)
def test_the_value_of_a_header_is_unquoted_and_then_percent_decoded_once(office: Town, header: str, value: str) -> None:
    fact = recorded(office, sent(office, SCHOOL, "application/json", HEADERS | {"ce-correlationid": header}))
    assert fact["correlationid"] == value


def test_an_overlong_encoding_is_no_utf8(office: Town) -> None:
    answer = sent(office, SCHOOL, "application/json", HEADERS | {"ce-subject": "%C0%A0"})
    assert refused(office, answer, 400) == [("", "header-malformed")]


@pytest.mark.parametrize("name", ["ce-datacontenttype", "ce-data"])
def test_in_binary_mode_the_content_type_and_the_body_have_no_header_of_their_own(office: Town, name: str) -> None:
    answer = sent(office, SCHOOL, "application/json", HEADERS | {name: "application/json"})
    assert refused(office, answer, 400) == [("", "header-not-for-this")]


def test_what_has_only_some_of_the_headers_is_no_event(office: Town) -> None:
    answer = sent(office, SCHOOL, "application/json", {"ce-type": "organisation.registered", "ce-id": "1"})
    assert refused(office, answer, 400) == [("/specversion", "not-a-choice")]


def test_data_that_are_no_json_are_not_read(office: Town) -> None:
    assert refused(office, sent(office, b"<school/>", "application/xml", HEADERS), 415) == []
    assert refused(office, sent(office, b"\x00\x01", "application/cloudevents+avro"), 415) == []


@pytest.mark.parametrize(
    "content_type", ["application/cloudevents+json", "application/cloudevents+json; charset=UTF-8"]
)
def test_structured_mode_takes_everything_from_the_body(office: Town, content_type: str) -> None:
    body = MINIMAL | {"datacontenttype": "application/json", "time": "2026-08-05T04:56:24+01:00"}
    headers = {"ce-id": "from-a-header", "ce-specversion": "0.3"}
    fact = recorded(office, sent(office, body, content_type, headers))
    assert (fact["clientid"], fact["time"], fact["data"]) == ("reg-0001", "2026-08-05T03:56:24.000000Z", SCHOOL)


OPTIONAL_NULL = dict.fromkeys(["datacontenttype", "dataschema", "subject", "time", "correlationid"])
EVERY_TYPE = {
    "extinteger": 10,
    "extboolean": True,
    "extstring": "text",
    "exturi": "https://admissions.example.org",
    "exturiref": "//authority/path",
    "exttimestamp": "2026-08-31T15:12:00Z",
    "extbinary": "TWE=",
    "extunset": None,
    "extensionwithaverylongname": "taken, though it is longer than it should be",
}


@pytest.mark.parametrize(
    "more",
    [
        {},
        OPTIONAL_NULL,
        EVERY_TYPE,
        {"source": "#fragment"},
        {"dataschema": "https://admissions.example.org/schemas/school", "datacontenttype": "application/json"},
        {"datacontenttype": "text/json; charset=utf-8"},
        {"datacontenttype": "application/vnd.school+json"},
    ],
)
def test_a_valid_event_is_taken(office: Town, more: dict[str, Any]) -> None:
    fact = recorded(office, sent(office, MINIMAL | more, "application/cloudevents+json"))
    assert (fact["clientid"], fact["data"]) == ("reg-0001", SCHOOL)
    assert not set(EVERY_TYPE) & set(fact)


@pytest.mark.parametrize(
    "time",
    [
        "2026-08-05T17:31:00Z", "2026-08-05T17:31:00.000000000Z", "2026-08-05T18:31:00+01:00",
        "2026-08-05T16:31:00-01:00", "2026-08-05t17:31:00z",
    ],
)  # fmt: skip
def test_one_moment_may_be_written_in_many_ways(office: Town, time: str) -> None:
    fact = recorded(office, sent(office, MINIMAL | {"time": time}, "application/cloudevents+json"))
    assert fact["time"] == "2026-08-05T17:31:00.000000Z"


def test_data_may_be_coded_in_base64(office: Town) -> None:
    coded = {name: value for name, value in MINIMAL.items() if name != "data"}
    coded["data_base64"] = base64.b64encode(json.dumps(SCHOOL).encode()).decode()
    assert recorded(office, sent(office, coded, "application/cloudevents+json"))["data"] == SCHOOL
    again = sent(office, MINIMAL, "application/cloudevents+json")
    assert (again.status_code, again.headers["Idempotency-Replayed"]) == (200, "true")


@pytest.mark.parametrize(
    ("coded", "code"),
    [("eyAi*", "not-base64"), (7, "not-base64"), ("eyAieHl6", "not-json"), ("", "empty-body"), ("/w==", "not-json")],
)
def test_base64_that_holds_no_json_cannot_be_read(office: Town, coded: Any, code: str) -> None:
    event = {name: value for name, value in MINIMAL.items() if name != "data"} | {"data_base64": coded}
    answer = sent(office, event, "application/cloudevents+json")
    assert refused(office, answer, 400) == [("/data_base64", code)]


def test_data_stand_there_once(office: Town) -> None:
    answer = sent(office, MINIMAL | {"data_base64": "eyAieHl6IjogMTIzIH0="}, "application/cloudevents+json")
    assert refused(office, answer, 400) == [("/data_base64", "contradicts-data")]


@pytest.mark.parametrize(
    ("more", "status", "pointer"),
    [
        ({"specversion": None}, 400, "/specversion"),
        ({"specversion": ""}, 400, "/specversion"),
        ({"specversion": "0.9"}, 400, "/specversion"),
        ({"specversion": 1.0}, 400, "/specversion"),
        ({"id": None}, 400, "/id"),
        ({"id": ""}, 422, "/id"),
        ({"id": 25}, 422, "/id"),
        ({"id": {"xyz": "abc"}}, 422, "/id"),
        ({"type": None}, 422, "/type"),
        ({"type": ""}, 422, "/type"),
        ({"source": ""}, 422, "/source"),
        ({"subject": ""}, 422, "/subject"),
        ({"time": "lunchtime"}, 422, "/time"),
        ({"time": "2026-08-05T18:31Z"}, 422, "/time"),
        ({"time": "2026-08-05T18:31:00X"}, 422, "/time"),
        ({"time": "2026-08-05T18:31:00+25:00"}, 422, "/time"),
        ({"time": "2026-08-05T18:31:00+xx:00"}, 422, "/time"),
        ({"time": "2026-08-05T18:31:00+05"}, 422, "/time"),
        ({"datacontenttype": "xyz"}, 422, "/datacontenttype"),
        ({"datacontenttype": ""}, 422, "/datacontenttype"),
        ({"datacontenttype": "text/plain"}, 422, "/datacontenttype"),
        ({"datacontenttype": "/json"}, 422, "/datacontenttype"),
        ({"dataschema": ""}, 422, "/dataschema"),
        ({"dataschema": "schema"}, 422, "/dataschema"),
        ({"MyExtension": "bad"}, 400, "/MyExtension"),
        ({"my.extension": "bad"}, 400, "/my.extension"),
        ({"myextension": 1.5}, 422, "/myextension"),
        ({"myextension": 2**31}, 422, "/myextension"),
        ({"myextension": {"a": 1}}, 422, "/myextension"),
        ({"myextension": [1]}, 422, "/myextension"),
        ({"": "bad"}, 400, "/"),
    ],
)
def test_what_is_no_valid_event_is_refused_and_named(
    office: Town, more: dict[str, Any], status: int, pointer: str
) -> None:
    answer = sent(office, MINIMAL | more, "application/cloudevents+json")
    assert [found for found, _ in refused(office, answer, status)] == [pointer]
