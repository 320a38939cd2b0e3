"""The events that clients post, in the document: one schema for each kind, chosen by `type`."""

from __future__ import annotations

from typing import Any, Final

from api.events import MOST_ATTRIBUTES, MOST_EXTENSION_INTEGER
from api.json_schema import schema_of
from ledger.eventstore.stored_names import STORED

Schema = dict[str, Any]
WITH_EXTENSIONS: Final[Schema] = {
    "propertyNames": {"pattern": "^[a-z0-9]{1,64}$"},
    "additionalProperties": {
        "type": ["string", "boolean", "integer", "null"],
        "minimum": -MOST_EXTENSION_INTEGER,
        "maximum": MOST_EXTENSION_INTEGER,
    },
    "maxProperties": MOST_ATTRIBUTES,
}
"""What besides the attributes an event may hold: extensions, by the rules of their names and values."""


def event_schemas() -> dict[str, Schema]:
    """Schemas by name: the data of each kind of event (`data.…`), each kind as it is posted (`new.…`), and
    `AnyNewEvent`, any of them."""
    found = {f"data.{name}": data_schema(name) for name in STORED}
    found |= {f"new.{name}": new_event(name) for name in STORED}
    mapping = {name: f"#/components/schemas/new.{name}" for name in STORED}
    kinds = [{"$ref": reference} for reference in mapping.values()]
    found["AnyNewEvent"] = {"oneOf": kinds, "discriminator": {"propertyName": "type", "mapping": mapping}}
    return found


def about_event(name: str) -> str:
    """What its declaration says of a kind of event; nothing where that has no words of its own."""
    kind = STORED[name][0]
    said = " ".join((kind.__doc__ or "").split())
    return "" if said.startswith(f"{kind.__name__}(") else said


def data_schema(name: str) -> Schema:
    """What the data of an event may hold."""
    kind, version = STORED[name]
    return {"title": f"{name}, schema {version}", "description": about_event(name), **schema_of(kind)}


def new_event(name: str) -> Schema:
    return {
        "title": name,
        "allOf": [
            {"$ref": "#/components/schemas/NewEvent"},
            {
                "type": "object",
                "properties": {"type": {"const": name}, "data": {"$ref": f"#/components/schemas/data.{name}"}},
                "required": ["type", "data"],
            },
        ],
    }
