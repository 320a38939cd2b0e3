"""Short makers of documented fields for what answers hold."""

from __future__ import annotations

from typing import Any

import marshmallow as ma


class Told(ma.Schema):
    """What answers hold: members may be added, so a reader passes over those it does not know."""

    class Meta:
        unknown = ma.EXCLUDE


class Open(Told):
    """What answers hold besides what they name: what a figure was counted from differs from one to the next."""

    class Meta:
        unknown = ma.INCLUDE


def of(schema: dict[str, Any], about: str, required: bool, more: dict[str, Any]) -> ma.fields.Raw:
    """A member of this form; what may be absent may be null as well, which says that it cannot be told."""
    kind = schema["type"] if required else [schema["type"], "null"]
    return ma.fields.Raw(required=required, metadata={**schema, "type": kind, "description": about, **more})


def text(about: str, *, required: bool = True, **more: Any) -> ma.fields.Raw:
    return of({"type": "string"}, about, required, more)


def uuid(about: str, *, required: bool = True) -> ma.fields.Raw:
    return of({"type": "string", "format": "uuid"}, about, required, {})


def moment(about: str, *, required: bool = True) -> ma.fields.Raw:
    return of({"type": "string", "format": "date-time"}, about, required, {})


def days(about: str, *, required: bool = True, data_key: str | None = None) -> ma.fields.Raw:
    found = of({"type": "string", "format": "date"}, about, required, {})
    found.data_key = data_key
    return found


def integer(about: str, *, required: bool = True, **more: Any) -> ma.fields.Raw:
    return of({"type": "integer"}, about, required, more)


def truth(about: str, *, required: bool = True) -> ma.fields.Raw:
    return of({"type": "boolean"}, about, required, {})


def value(about: str, *, required: bool = True) -> ma.fields.Raw:
    """An object whose members depend on what it is of."""
    return of({"type": "object"}, about, required, {"additionalProperties": True})


def nested(schema: type[ma.Schema], about: str, *, required: bool = True) -> ma.fields.Nested:
    return ma.fields.Nested(schema, required=required, allow_none=not required, metadata={"description": about})


def many(schema: type[ma.Schema] | None, about: str, *, required: bool = True) -> ma.fields.Field[Any]:
    """A list of objects, or of texts."""
    if schema is None:
        return of({"type": "array", "items": {"type": "string"}}, about, required, {})
    return ma.fields.List(ma.fields.Nested(schema), required=required, metadata={"description": about})
