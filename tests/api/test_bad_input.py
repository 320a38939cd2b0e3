"""Whatever is wrong with a post is named, member by member, and nothing is written."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.api.calls import SOURCE, Town, event, hours

DELIVERY: dict[str, Any] = {
    "delivery_id": "d1",
    "amount": hours("1"),
    "delivered_on": "2026-09-01",
    "giver_id": "northfield",
    "receiver_id": "ashfield",
    "category": "maths",
}
OFFER: dict[str, Any] = {
    "giver_id": "northfield",
    "category": "maths",
    "summary": "A specialist",
    "amount": hours("6"),
    "open_to": {"to": "pool"},
    "available_from": "2026-09-01",
}


@pytest.fixture
def village(town: Town) -> Town:
    town.school("Northfield")
    town.school("Ashfield")
    return town


def named(village: Town, data: dict[str, Any]) -> dict[str, Any]:
    """The data with ids in place of the schools' names."""
    ids = {"northfield": village.ids["Northfield"], "ashfield": village.ids["Ashfield"]}
    return {name: ids.get(value, value) if isinstance(value, str) else value for name, value in data.items()}


def refused(village: Town, body: Any, status: int) -> dict[str, Any]:
    """Posts what must be refused and leave nothing behind; answers the problem."""
    before = village.ledger.head()
    headers = village.as_("Northfield")
    text = body if isinstance(body, bytes) else json.dumps(body).encode()
    answer = village.http.post("/v1/events", data=text, headers=headers, content_type="application/json")
    assert answer.status_code == status, answer.get_data(as_text=True)
    assert answer.content_type == "application/problem+json"
    assert village.ledger.head() == before
    return answer.get_json()  # type: ignore[no-any-return]  # JSON has no type


def wrong(village: Town, type_name: str, data: dict[str, Any], status: int = 422) -> list[tuple[str, str]]:
    """The pointers and codes of what is wrong."""
    problem = refused(village, event(type_name, **named(village, data)), status)
    return [(error["pointer"], error["code"]) for error in problem["errors"]]


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b"", "empty-body"),
        (b"{", "not-json"),
        (b"[1, 2", "not-json"),
        (b'{"a": NaN}', "not-json"),
        (b'{"a": -Infinity}', "not-json"),
        (b'{"a": "\\ud800"}', "not-json"),
        (b'{"a": "\xff"}', "not-json"),
        (b"\xef\xbb\xbf{}", "not-json"),
        (b'{"a": 1, "b": {"c": 1, "c": 2}}', "member-twice"),
        (b'{"a": ' + b"[" * 32 + b"]" * 32 + b"}", "too-deep"),
        (b"[" * 100_000, "too-deep"),
        (b'{"a": "' + b"\t" + b'"}', "not-json"),
        (b"'single'", "not-json"),
    ],
)
def test_what_is_no_json_cannot_be_read(village: Town, body: bytes, code: str) -> None:
    assert [error["code"] for error in refused(village, body, 400)["errors"]] == [code]


@pytest.mark.parametrize("body", [b"1", b'"text"', b"null", b"true"])
def test_an_event_is_an_object(village: Town, body: bytes) -> None:
    assert refused(village, body, 400)["code"] == "not-readable"


@pytest.mark.parametrize(
    ("changes", "status", "pointer"),
    [
        ({"specversion": "0.3"}, 400, "/specversion"),
        ({"specversion": None}, 400, "/specversion"),
        ({"Subject": "x"}, 400, "/Subject"),
        ({"data_base64": "AAAA"}, 400, "/data_base64"),
        ({"id": None}, 400, "/id"),
        ({"id": 5}, 422, "/id"),
        ({"id": ""}, 422, "/id"),
        ({"id": "a\u0007b"}, 422, "/id"),
        ({"id": "x" * 256}, 422, "/id"),
        ({"type": ["support.delivered"]}, 422, "/type"),
        ({"type": "support.deliverd"}, 422, "/type"),
        ({"type": "no.such_thing"}, 422, "/type"),
        ({"subject": "not-a-uuid"}, 422, "/subject"),
        ({"subject": 7}, 422, "/subject"),
        ({"time": "yesterday"}, 422, "/time"),
        ({"time": "2026-09-01T09:00:00"}, 422, "/time"),
        ({"time": "2031-01-01T00:00:00Z"}, 422, "/time"),
        ({"source": {}}, 422, "/source"),
        ({"recordedfor": "northfield"}, 422, "/recordedfor"),
        ({"expectedversion": "1"}, 422, "/expectedversion"),
        ({"expectedversion": -1}, 422, "/expectedversion"),
        ({"expectedversion": 1.5}, 422, "/expectedversion"),
        ({"datacontenttype": "text/xml"}, 422, "/datacontenttype"),
        ({"data": None}, 422, "/data"),
        ({"data": []}, 422, "/data"),
        ({"data": "text"}, 422, "/data"),
    ],
)
def test_a_wrong_attribute_is_named(village: Town, changes: dict[str, Any], status: int, pointer: str) -> None:
    given = event("support.delivered", **named(village, DELIVERY)) | changes
    problem = refused(village, given, status)
    assert [error["pointer"] for error in problem["errors"]] == [pointer]


def test_further_extensions_are_allowed(village: Town) -> None:
    given = event("support.delivered", **named(village, DELIVERY)) | {"traceparent": "00-1", "datacontenttype": None}
    assert village.post("Northfield", given).status_code == 201


@pytest.mark.parametrize(
    ("changes", "found"),
    [
        ({"amount": hours("0")}, [("/data/amount/quantity", "too-little")]),
        ({"amount": hours("-1")}, [("/data/amount/quantity", "not-of-this-form")]),
        ({"amount": hours("999999")}, [("/data/amount/quantity", "too-much")]),
        ({"amount": hours("1/7")}, [("/data/amount/quantity", "fraction-of-a-minute")]),
        ({"amount": {"quantity": True, "unit": "hour"}}, [("/data/amount/quantity", "wrong-type")]),
        ({"amount": {"quantity": "1", "unit": "hours"}}, [("/data/amount/unit", "not-a-choice")]),
        ({"amount": {"quantity": "1"}}, [("/data/amount/unit", "missing")]),
        ({"amount": {"quantity": "1", "unit": "hour", "minutes": 60}}, [("/data/amount/minutes", "derived-member")]),
        ({"delivered_on": "2026-09-02"}, [("/data/delivered_on", "day-out-of-range")]),
        ({"delivered_on": "9999-12-31"}, [("/data/delivered_on", "day-out-of-range")]),
        ({"delivered_on": "2026-02-30"}, [("/data/delivered_on", "not-a-day")]),
        ({"delivered_on": "01/09/2026"}, [("/data/delivered_on", "not-a-day")]),
        ({"delivered_on": 20260901}, [("/data/delivered_on", "wrong-type")]),
        ({"delivery_id": "a b"}, [("/data/delivery_id", "not-of-this-form")]),
        ({"category": "astrology"}, [("/data/category", "not-a-choice")]),
        ({"receiver_id": "nobody"}, [("/data/receiver_id", "not-an-id")]),
        ({"giver": "x"}, [("/data/giver", "unknown-member")]),
    ],
)
def test_wrong_data_is_named(village: Town, changes: dict[str, Any], found: list[tuple[str, str]]) -> None:
    assert wrong(village, "support.delivered", DELIVERY | changes) == found


def test_a_list_of_ten_thousand_is_too_large(village: Town) -> None:
    people = ["7c9e6679-7425-40de-944b-e07fc1f90ae7"] * 10_000
    problem = refused(village, event("support.delivered", **named(village, DELIVERY | {"people": people})), 413)
    assert problem["code"] == "too-large"
    assert wrong(village, "support.delivered", DELIVERY | {"people": people[:800]}) == [
        ("/data/people", "wrong-number-of-items")
    ]


def test_an_unknown_member_is_answered_with_the_nearest_one(village: Town) -> None:
    given = event("support.delivered", **named(village, DELIVERY) | {"recever_id": "x"})
    [error] = refused(village, given, 422)["errors"]
    assert "receiver_id" in error["detail"]


def test_everything_wrong_is_told_at_once(village: Town) -> None:
    changes = {"amount": {"quantity": [], "unit": "year"}, "delivered_on": 1, "delivery_id": "", "surplus": 1}
    assert {pointer for pointer, _ in wrong(village, "support.delivered", DELIVERY | changes)} == {
        "/data/amount/quantity",
        "/data/amount/unit",
        "/data/delivered_on",
        "/data/delivery_id",
        "/data/surplus",
    }


@pytest.mark.parametrize(
    ("changes", "pointer"),
    [
        ({"summary": "x" * 2001}, "/data/summary"),
        ({"summary": "bell \u0007"}, "/data/summary"),
        ({"summary": "\u202ereversed"}, "/data/summary"),
        ({"summary": "   "}, "/data/summary"),
        ({"summary": None}, "/data/summary"),
        ({"available_until": "2026-08-31"}, "/data/available_until"),
        ({"basis": "barter"}, "/data/basis"),
        ({"open_to": {"to": "organisation"}}, "/data/open_to/organisation_id"),
        ({"open_to": "pool"}, "/data/open_to"),
    ],
)
def test_wrong_text_and_dates_are_named(village: Town, changes: dict[str, Any], pointer: str) -> None:
    assert [found for found, _ in wrong(village, "support.offered", OFFER | changes)] == [pointer]


def test_an_unknown_organisation_is_named(village: Town) -> None:
    stranger = "7c9e6679-7425-40de-944b-e07fc1f90ae7"
    assert wrong(village, "support.delivered", DELIVERY | {"receiver_id": stranger}) == [
        ("/data/receiver_id", "unknown-organisation")
    ]


def test_too_many_events_are_refused_before_any_is_read(village: Town) -> None:
    assert refused(village, [{}] * 10_000, 413)["code"] == "too-large"
    assert refused(village, [{"a": 1}] * 3, 400)["errors"][0]["pointer"].startswith("/0/")


def test_a_body_over_the_limit_is_refused(village: Town) -> None:
    most = village.ledger.settings.max_body_bytes
    assert refused(village, b'"' + b"x" * most + b'"', 413)["code"] == "body-too-large"


@pytest.mark.parametrize(
    "media_type",
    ["text/plain", "application/x-www-form-urlencoded", "application/xml", "application/json; charset=utf-16"],
)
def test_another_media_type_is_not_read(village: Town, media_type: str) -> None:
    answer = village.http.post("/v1/events", data=b"{}", headers=village.as_("admin"), content_type=media_type)
    assert (answer.status_code, answer.get_json()["code"]) == (415, "media-type-unknown")


@pytest.mark.parametrize("header", ["%ff", "gr\u00fcn"])
def test_a_header_that_is_not_percent_encoded_utf8_cannot_be_read(village: Town, header: str) -> None:
    headers = {"ce-specversion": "1.0", "ce-type": "support.delivered", "ce-source": SOURCE, "ce-id": header}
    answer = village.http.post("/v1/events", json={}, headers=village.as_("Northfield") | headers)
    assert (answer.status_code, answer.get_json()["errors"][0]["code"]) == (400, "header-malformed")
