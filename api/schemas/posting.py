"""What a post of events holds, as the OpenAPI document tells of it: bodies with examples, and headers."""

from __future__ import annotations

from typing import Any, Final

from api import events

Described = dict[str, Any]

ONE: Final[Described] = {"$ref": "#/components/schemas/AnyNewEvent"}
MANY: Final[Described] = {"type": "array", "items": ONE, "maxItems": 1000}

DELIVERED: Final[Described] = {
    "specversion": "1.0",
    "type": "support.delivered",
    "source": "https://booking.example.org",
    "id": "visit-2041",
    "subject": "0b9f3c1e-6d52-4c8b-9a27-5e1f0c7d4a86",
    "time": "2026-09-15T08:30:00Z",
    "data": {
        "delivery_id": "visit-2041",
        "amount": {"quantity": "2.5", "unit": "hour"},
        "delivered_on": "2026-09-14",
    },
}
CONFIRMED: Final[Described] = {
    "specversion": "1.0",
    "type": "support.delivery_confirmed",
    "source": "https://booking.example.org",
    "id": "visit-2041-confirmed",
    "subject": "0b9f3c1e-6d52-4c8b-9a27-5e1f0c7d4a86",
    "data": {"delivery_id": "visit-2041"},
}
SINGLE: Final[Described] = {"delivered": {"summary": "a delivery, in the giver's word", "value": DELIVERED}}
SEVERAL: Final[Described] = {
    "both": {"summary": "a delivery of the one, and its confirmation by the other", "value": [DELIVERED, CONFIRMED]}
}
BODY: Final[Described] = {
    "required": True,
    "description": (
        "One event or a batch. In binary mode the attributes are `ce-` headers, and the body is `data`. In JSON, "
        "`data_base64` may stand in the place of `data`: the same JSON text in base64."
    ),
    "content": {
        events.STRUCTURED: {"schema": ONE, "examples": SINGLE},
        events.BATCH: {"schema": MANY, "examples": SEVERAL},
        events.JSON: {"schema": {"oneOf": [ONE, MANY]}, "examples": SINGLE | SEVERAL},
    },
}
OF_ONE: Final[list[Described]] = [
    {
        "in": "header",
        "name": "Idempotency-Key",
        "schema": {"type": "string", "minLength": 1, "maxLength": 255},
        "description": "the `id` of one event; not for a batch",
        "example": "visit-2041",
    },
    {
        "in": "header",
        "name": "If-Match",
        "schema": {"type": "string", "pattern": '^"[0-9]{1,9}"$'},
        "description": 'the version its stream must have, in quotes ("0": it must be new); not for a batch',
        "example": '"7"',
    },
]
ATTRIBUTES: Final = {
    "specversion": "binary mode: 1.0",
    "type": "binary mode: the stored name of the event",
    "source": "binary mode: who says so",
    "id": "binary mode: unique in `source`",
    "subject": "binary mode: the stream",
    "time": "binary mode: when it happened, with its offset",
    "recordedfor": "binary mode: the organisation a coordinator or client speaks for",
    "correlationid": "binary mode: any text",
    "causationid": "binary mode: any text",
    "expectedversion": "binary mode: the version its stream must have",
}
BINARY: Final[list[Described]] = [
    {"in": "header", "name": f"ce-{name}", "schema": {"type": "string"}, "description": about}
    for name, about in ATTRIBUTES.items()
]
HEADERS: Final = [*OF_ONE, *BINARY]
