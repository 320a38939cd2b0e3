"""The JSON Schema (2020-12) of an event's data, from the same declaration that reads it."""

from __future__ import annotations

import typing
from dataclasses import is_dataclass
from datetime import date, datetime
from typing import Annotated, Any, Final, Literal

from ledger.domain import shape
from ledger.domain.values import Items, Pattern, Range, Secret, Text, Uuid

SEALED: Final[dict[str, Any]] = {
    "type": "object",
    "description": "the text as it is stored (`dataschema=stored`): AES-256-GCM under a key of the vault",
    "readOnly": True,
    "properties": {
        "key": {"type": "string", "format": "uuid"},
        "nonce": {"type": "string", "contentEncoding": "base64"},
        "sealed": {"const": 1},
        "text": {"type": "string", "contentEncoding": "base64"},
    },
    "required": ["key", "nonce", "sealed", "text"],
    "additionalProperties": False,
}


def schema_of(cls: type[Any], *, sealed: bool = False) -> dict[str, Any]:
    """The schema of one dataclass: as a client sends it, and with what the ledger adds (`readOnly`). `sealed` says
    that texts may also stand there as they are stored."""
    members = shape.shape(cls).members
    properties = {
        name: schema_for(member.annotation, sealed=sealed) | ({"readOnly": True} if member.derived else {})
        for name, member in members.items()
    }
    return {
        "type": "object",
        "properties": properties,
        "required": [name for name, member in members.items() if member.required],
        "additionalProperties": False,
    }


def schema_for(annotation: Any, *, sealed: bool = False) -> dict[str, Any]:
    """The schema of one annotation."""
    origin = typing.get_origin(annotation)
    if origin is Annotated:
        inner, mark, *_ = typing.get_args(annotation)
        if isinstance(mark, Items):
            one = schema_for(typing.get_args(inner)[0], sealed=sealed)
            return {"type": "array", "items": one, "minItems": mark.least, "maxItems": mark.most}
        plain = schema_of_mark(mark)
        return {"anyOf": [plain, SEALED]} if sealed and isinstance(mark, Secret) else plain
    if origin is Literal:
        return {"type": "string", "enum": list(typing.get_args(annotation))}
    if origin is tuple:
        return {"type": "array", "items": schema_for(typing.get_args(annotation)[0], sealed=sealed)}
    if is_dataclass(annotation) and isinstance(annotation, type):
        return schema_of(annotation, sealed=sealed)
    simple = {
        date: {"type": "string", "format": "date"},
        datetime: {"type": "string", "format": "date-time"},
        bool: {"type": "boolean"},
    }
    return dict(simple[annotation])


def schema_of_mark(mark: Any) -> dict[str, Any]:
    match mark:
        case Uuid(names=names):
            return {"type": "string", "format": "uuid", "description": f"id of the {names}"}
        case Pattern(regex=regex, meaning=meaning, number=number):
            kinds: Any = ["string", "number"] if number else "string"
            return {"type": kinds, "pattern": f"^(?:{regex})$", "description": meaning}
        case Text(most=most):
            return {"type": "string", "maxLength": most}
        case Secret(most=most):
            return {"type": "string", "maxLength": most, "description": "sealed before it is stored"}
        case Range(least=least, most=most):
            return {"type": "integer", "minimum": least, "maximum": most}
    raise TypeError(f"{mark!r} has no schema yet")
