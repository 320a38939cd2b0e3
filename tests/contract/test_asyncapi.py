"""What the service sends by itself, as AsyncAPI 3.0: complete, and leading to schemas that are there."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import orjson
import pytest

from ledger.eventstore.stored_names import STORED
from tests.api.calls import Town


@pytest.fixture
def document(town: Town) -> dict[str, Any]:
    found: dict[str, Any] = town.http.get("/asyncapi.json").get_json()
    return found


def test_it_has_the_parts_of_the_format(document: dict[str, Any]) -> None:
    assert document["asyncapi"] == "3.0.0"
    assert {"title", "version"} <= document["info"].keys()
    channels = {f"#/channels/{name}" for name in document["channels"]}
    for operation in document["operations"].values():
        assert operation["action"] in ("send", "receive")
        assert operation["channel"]["$ref"] in channels


def test_every_kind_of_fact_is_a_message_of_the_stream(document: dict[str, Any]) -> None:
    messages = document["channels"]["stream"]["messages"]
    assert list(messages) == [*STORED, "heartbeat", "resync", "end"]
    assert document["channels"]["stream"]["address"] == "/v1/stream"
    assert list(document["channels"]["webhook"]["messages"]) == ["thin", "challenge", "test"]


def references(value: Any) -> Iterator[str]:
    if isinstance(value, dict) and isinstance(value.get("$ref"), str):
        yield value["$ref"]
    parts = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    for part in parts:
        yield from references(part)


def test_every_reference_leads_to_something_that_is_served(town: Town, document: dict[str, Any]) -> None:
    served: dict[str, Any] = {"": document}
    found = set(references(document))
    for reference in found:
        place, _, pointer = reference.removeprefix("http://localhost").partition("#")
        if place not in served:
            answer = town.http.get(place)
            assert answer.status_code == 200, reference
            served[place] = orjson.loads(answer.get_data())
        part = served[place]
        for name in filter(None, pointer.split("/")):
            part = part[name]
    assert {f"/v1/schemas/{name}/{version}" for name, (_, version) in STORED.items()} <= served.keys()


def test_it_names_the_address_by_which_it_was_asked(town: Town) -> None:
    asked = town.http.get("/asyncapi.json", base_url="https://ledger.example.org").get_json()
    assert asked["servers"]["ledger"]["host"] == "ledger.example.org"
    assert asked["servers"]["ledger"]["protocol"] == "https"
