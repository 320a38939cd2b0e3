"""What the document says beyond each route's own declaration: names, problems, headers and examples."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any, Final

import marshmallow as ma

from api.event_schemas import WITH_EXTENSIONS, event_schemas
from api.examples import example_of
from api.headers import (
    HEADERS,
    IF_NONE_MATCH,
    NOT_AGAIN,
    READ_REASON,
    headers_of_answer,
    headers_of_problem,
    is_noted,
    is_tagged,
)
from api.problems import MEDIA_TYPE
from api.refusing import codes_of
from api.resources.problems import described
from api.schemas.queries import Paged

if TYPE_CHECKING:
    from api.door import Door, Endpoint

Document = dict[str, Any]
JSON: Final = "application/json"
MOST_IN_A_NAME: Final = 4

RECEIPT_LINKS: Final[Document] = {
    "fact": {"operationId": "one_fact", "parameters": {"path.event_id": "$response.body#/event_id"}},
    "stream": {"operationId": "one_stream", "parameters": {"path.stream_id": "$response.body#/stream/id"}},
}
IN_THE_PATH: Final = {
    "organisation_id": "the organisation",
    "partnership_id": "the partnership",
    "trust_id": "the organisation that is the trust",
    "support_id": "the support: offered, requested or given",
    "review_id": "the review",
    "practice_id": "the practice",
    "person_id": "the person",
    "stream_id": "the stream: any organisation, partnership, support, review …",
    "event_id": "the fact",
    "credential_id": "the credential",
    "type_name": "the stored name of the event",
    "version": "the version of the schema",
    "code": "the stable word",
    "name": "its name",
}


def completed(document: Document, doors: Iterable[Door]) -> Document:
    """The document, made complete in place: every route with its name, what may be refused, headers and examples."""
    components = document["components"]
    components["schemas"] |= problem_schemas() | event_schemas()
    components["schemas"]["NewEvent"] |= WITH_EXTENSIONS
    components |= {"responses": {"not-again": NOT_AGAIN}, "headers": HEADERS}
    components["parameters"] = {"If-None-Match": IF_NONE_MATCH, "Read-Reason": READ_REASON}
    for door in doors:
        for endpoint in door.endpoints:
            operation = document["paths"][endpoint.path][endpoint.method.lower()]
            complete(document, operation, endpoint, public=operation.get("security") == [])
    for item in document["paths"].values():
        for parameter in item.get("parameters", ()):
            parameter["description"] = IN_THE_PATH.get(parameter["name"], words_of(parameter["name"]))
    return document


def words_of(name: str) -> str:
    return f"the {name.removesuffix('_id').replace('_', ' ')}"


def complete(document: Document, operation: Document, endpoint: Endpoint, *, public: bool) -> None:
    """One operation."""
    schemas = document["components"]["schemas"]
    operation["operationId"] = endpoint.function.__name__
    answers = {status: one for status, one in operation["responses"].items() if "$ref" not in one}
    for status, response in answers.items():
        content = response.get("content", {})
        if MEDIA_TYPE not in content:
            response["headers"] = headers_of_answer(endpoint, int(status), public=public) | response.get("headers", {})
        with_examples(content, schemas)
    with_links(endpoint, answers)
    if endpoint.body is not None:
        with_body(endpoint.body, operation["requestBody"], schemas)
    with_examples(operation.get("requestBody", {}).get("content", {}), schemas)
    if is_tagged(endpoint, public=public):
        answers["304"] = {"$ref": "#/components/responses/not-again"}
        operation.setdefault("parameters", []).append({"$ref": "#/components/parameters/If-None-Match"})
    if is_noted(endpoint, public=public):
        operation.setdefault("parameters", []).append({"$ref": "#/components/parameters/Read-Reason"})
    for code, codes in codes_of(endpoint, public=public).items():
        if MEDIA_TYPE in answers.get(str(code), {}).get("content", {MEDIA_TYPE: None}):
            answers[str(code)] = refusal(document, code, codes)
    operation["responses"] = dict(sorted(answers.items()))


def with_body(body: type[ma.Schema], told: Document, schemas: Document) -> None:
    """What is read of a body: no other members; nothing at all, where all may be absent; null where it is as good."""
    fields = {field.data_key or name: field for name, field in body().fields.items()}
    told["required"] = any(field.required for field in fields.values())
    schema = schemas[told["content"][JSON]["schema"]["$ref"].rpartition("/")[2]]
    schema["additionalProperties"] = False
    for name, inner in schema["properties"].items():
        if hasattr(body, "without_nothing") and not fields[name].required and "anyOf" not in inner:
            about = {"description": inner.pop("description", "")}
            schema["properties"][name] = {**about, "anyOf": [inner, {"type": "null"}]}


def with_links(endpoint: Endpoint, answers: Document) -> None:
    """Where an answer leads: a page to the next one, a receipt to its fact and its stream."""
    if issubclass(endpoint.query, Paged):
        given = {f"path.{name}": f"$request.path.{name}" for name in re.findall(r"{(\w+)}", endpoint.path)}
        given["query.cursor"] = "$response.body#/next"
        answers["200"]["links"] = {"next": {"operationId": endpoint.function.__name__, "parameters": given}}
    if endpoint.path == "/v1/events" and "201" in answers:
        answers["201"]["links"] = RECEIPT_LINKS


def with_examples(content: Document, schemas: Mapping[str, Any]) -> None:
    """Each JSON body with an example; other media types are texts that no schema describes."""
    for media_type, body in content.items():
        if media_type.endswith("json") and "schema" in body and not {"example", "examples"} & body.keys():
            body["example"] = example_of(body["schema"], schemas)


def refusal(document: Document, status: int, codes: tuple[str, ...]) -> Document:
    """A reference to the answer that tells of one of these codes; it is made where there is none yet."""
    name = f"{status}.{'.or.'.join(codes)}" if len(codes) <= MOST_IN_A_NAME else f"{status}.one-of-{len(codes)}"
    responses = document["components"]["responses"]
    responses.setdefault(name, refusal_response(status, codes))
    return {"$ref": f"#/components/responses/{name}"}


def refusal_response(status: int, codes: tuple[str, ...]) -> Document:
    kinds = described()
    kind: Document = {"$ref": f"#/components/schemas/problem.{codes[0]}"}
    if len(codes) > 1:
        kind = {"anyOf": [{"$ref": f"#/components/schemas/problem.{code}"} for code in codes]}
    examples = {code: {"summary": kinds[code]["title"], "value": example_of_problem(kinds[code])} for code in codes}
    return {
        "description": "; ".join(kinds[code]["title"] for code in codes[:MOST_IN_A_NAME]),
        "headers": headers_of_problem(status),
        "content": {MEDIA_TYPE: {"schema": kind, "examples": examples}},
    }


def problem_schemas() -> Document:
    """A schema for every code."""
    return {
        f"problem.{code}": {
            "allOf": [{"$ref": "#/components/schemas/Problem"}],
            "title": kind["title"],
            "description": kind["meaning"],
            "properties": {
                "type": {"const": kind["type"]},
                "code": {"const": code},
                "status": {"const": kind["status"]},
            },
        }
        for code, kind in sorted(described().items())
    }


def example_of_problem(kind: Mapping[str, Any]) -> Document:
    return {
        **{name: kind[name] for name in ("type", "title", "status")},
        "detail": kind["title"],
        "code": kind["code"],
        "retryable": kind["retryable"],
        "errors": [],
        "instance": "urn:uuid:5c1d1f0e-2b8a-4d3a-9a75-0f5f2d0a4c11",
    }
