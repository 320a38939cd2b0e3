"""An example of a body, made of its schema: the examples that members bring, else one of their form."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

Schema = Mapping[str, Any]

BY_FORM: Final = {
    "uuid": "0b9f3c1e-6d52-4c8b-9a27-5e1f0c7d4a86",
    "date": "2026-09-15",
    "date-time": "2026-09-15T08:30:00.000000Z",
    "uri": "https://hooks.example.org/ledger",
}
BY_NAME: Final[Mapping[str, Any]] = {
    "api_key": "pl_test_…",
    "as_of": "2026-09-15",
    "clientid": "booking-2041",
    "clientsource": "https://booking.example.org",
    "code": "not-found",
    "datacontenttype": "application/json",
    "dataschema": "https://ledger.example.org/v1/schemas/support.delivery_confirmed/1",
    "detail": "there is no such thing in your sight",
    "fraction": "1/3",
    "has_more": False,
    "kind": "school",
    "known_at": 1042,
    "name": "Northfield Primary School",
    "next": "eyJhZnRlciI6MTA0MiwicXVlcnkiOnt9fQ",
    "position": 1042,
    "recorded_at": "2026-09-15T08:30:00.000000Z",
    "role": "member",
    "rule_version": "1",
    "sequence": "00000000000000001042",
    "source": "ledger.example.org",
    "specversion": "1.0",
    "status": 200,
    "title": "Northfield Primary School",
    "type": "support.delivery_confirmed",
    "value": 0.333333,
    "version": 3,
}
BY_TYPE: Final[Mapping[str, Any]] = {"integer": 60, "number": 0.5, "boolean": True, "string": "…", "object": {}}
MOST_DEPTH: Final = 8


def example_of(schema: Schema, components: Mapping[str, Schema], name: str = "", depth: int = 0) -> Any:
    """An example of what `schema` allows; `components` are the schemas that it may refer to by name."""
    if "$ref" in schema:
        return example_of(components[schema["$ref"].rpartition("/")[2]], components, name, depth)
    for said in ("example", "const", "default"):
        if said in schema:
            return schema[said]
    if schema.get("examples") or schema.get("enum"):
        return (schema.get("examples") or schema["enum"])[0]
    for either in ("anyOf", "oneOf"):
        if either in schema:
            return example_of(schema[either][0], components, name, depth)
    if "allOf" in schema:
        parts = [example_of(part, components, name, depth) for part in schema["allOf"]]
        return {member: value for part in parts for member, value in part.items()}
    return of_type(schema, components, name, depth)


def of_type(schema: Schema, components: Mapping[str, Schema], name: str, depth: int) -> Any:
    kinds = schema.get("type", "object")
    kind = kinds if isinstance(kinds, str) else kinds[0]
    match kind:
        case "object":
            members = schema.get("properties", {}) if depth < MOST_DEPTH else {}
            return {one: example_of(inner, components, one, depth + 1) for one, inner in members.items()}
        case "array":
            return [example_of(schema.get("items", {"type": "string"}), components, name.removesuffix("s"), depth + 1)]
    return simple(schema, kind, name)


def simple(schema: Schema, kind: str, name: str) -> Any:
    """A text, number or truth: by its form, its name or its type, the first that fits the type."""
    by_form = BY_FORM.get(schema.get("format", ""))
    if by_form is not None:
        return by_form
    by_name = BY_NAME.get(name)
    if by_name is not None and type(by_name) is type(BY_TYPE[kind]):
        return by_name
    return BY_TYPE[kind]
