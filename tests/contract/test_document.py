"""The OpenAPI document: valid, complete, and true to the routes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import jsonschema_rs
import pytest
from openapi_spec_validator import validate

from tests.api.calls import Town

PAGES = "pages"  # for people: signing in and what belongs to it
METHODS = ("get", "post", "put", "patch", "delete")


@pytest.fixture
def document(town: Town) -> dict[str, Any]:
    found: dict[str, Any] = town.http.get("/openapi.json").get_json()
    return found


def operations(document: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    for path, item in document["paths"].items():
        for method in METHODS:
            if method in item:
                yield f"{method.upper()} {path}", item[method]


def resolved(document: dict[str, Any], part: dict[str, Any]) -> dict[str, Any]:
    """The part, or what it refers to."""
    if "$ref" not in part:
        return part
    found: Any = document
    for name in part["$ref"].removeprefix("#/").split("/"):
        found = found[name]
    assert isinstance(found, dict)
    return found


def in_braces(name: re.Match[str]) -> str:
    return f"{{{name[1]}}}"


def test_it_is_valid(document: dict[str, Any]) -> None:
    assert document["openapi"] == "3.1.0"
    validate(document)


def test_it_names_every_route_and_nothing_that_is_not_there(town: Town, document: dict[str, Any]) -> None:
    names = re.compile(r"<(?:[^<>:]+:)?(\w+)>")
    routes = {
        f"{method} {names.sub(in_braces, rule.rule)}"
        for rule in town.app.url_map.iter_rules()
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
        if not rule.endpoint.startswith(f"{PAGES}.")
    }
    assert {name for name, _ in operations(document)} == routes


def test_every_reference_leads_somewhere(document: dict[str, Any]) -> None:
    def references(value: Any) -> Iterator[dict[str, Any]]:
        if isinstance(value, dict):
            if isinstance(value.get("$ref"), str):
                yield value
            for part in value.values():
                yield from references(part)
        elif isinstance(value, list):
            for part in value:
                yield from references(part)

    assert all(resolved(document, one) for one in references(document))


def test_every_operation_has_a_name_of_its_own_a_title_and_described_parameters(document: dict[str, Any]) -> None:
    names = [one["operationId"] for _, one in operations(document)]
    assert len(names) == len(set(names))
    for name, one in operations(document):
        assert one["summary"], name
        assert {*one["tags"]} <= {tag["name"] for tag in document["tags"]}, name
        for parameter in (resolved(document, part) for part in one.get("parameters", ())):
            assert parameter["description"], (name, parameter["name"])
    for item in document["paths"].values():
        assert all(parameter["description"] for parameter in item.get("parameters", ()))


def test_every_refusal_is_a_problem_with_codes_that_are_described(town: Town, document: dict[str, Any]) -> None:
    known = {one["code"]: one["status"] for one in town.http.get("/v1/problems").get_json()["items"]}
    for name, one in operations(document):
        assert "500" in one["responses"], name
        for status, answer in one["responses"].items():
            content = resolved(document, answer).get("content", {}).get("application/problem+json")
            if content is not None:
                assert {known[code] for code in content["examples"]} == {int(status)}, (name, status)


def test_who_needs_a_credential_may_lack_it(document: dict[str, Any]) -> None:
    for name, one in operations(document):
        public = one.get("security") == []
        assert ({"401", "403", "429"} <= one["responses"].keys()) is not public, name


def test_the_examples_are_as_their_schemas_say(document: dict[str, Any]) -> None:
    components = {"components": document["components"]}

    def wrong(body: dict[str, Any]) -> Iterator[str]:
        validator = jsonschema_rs.Draft202012Validator({**body["schema"], **components}, validate_formats=True)
        examples = [one["value"] for one in body.get("examples", {}).values()] or [body["example"]]
        return (error.message for example in examples for error in validator.iter_errors(example))

    looked_at = 0
    for name, one in operations(document):
        for part in (one.get("requestBody", {}), *one["responses"].values()):
            for media_type, body in resolved(document, part).get("content", {}).items():
                if media_type.endswith("json"):
                    looked_at += 1
                    assert list(wrong(body)) == [], (name, media_type)
    assert looked_at > 300


def test_a_post_is_documented_with_its_query_headers_and_kinds_of_events(document: dict[str, Any]) -> None:
    from ledger.eventstore.stored_names import STORED

    post = document["paths"]["/v1/events"]["post"]
    parameters = {one["name"] for one in post["parameters"]}
    assert {"atomic", "dry_run", "Idempotency-Key", "If-Match", "ce-type", "ce-id"} <= parameters
    assert {"200", "201", "207", "409", "412", "413", "415", "422"} <= post["responses"].keys()
    assert len(post["requestBody"]["content"]) == 3
    kinds = document["components"]["schemas"]["AnyNewEvent"]["discriminator"]["mapping"]
    assert list(kinds) == list(STORED)


def test_it_is_not_sent_again(town: Town) -> None:
    first = town.http.get("/openapi.json")
    again = town.http.get("/openapi.json", headers={"If-None-Match": first.headers["ETag"]})
    assert (first.status_code, again.status_code, again.get_data()) == (200, 304, b"")
