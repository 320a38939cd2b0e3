"""GET /v1/schemas/{type}/{version}: what the data of an event may hold."""

from __future__ import annotations

from typing import Final

import orjson
from flask import Response, request

from api.asking import Asked
from api.door import Answer, Door
from api.facts import schema_address
from api.json_schema import schema_of
from api.public import JSON, public
from api.refusals import NoSuchPage
from api.schemas.words import Told, integer, many, text
from ledger.eventstore.stored_names import STORED

DOOR: Final = Door("schemas", "What events may hold", public=True)
MEDIA_TYPE: Final = "application/schema+json"
ANY_OBJECT: Final = {"type": "object", "additionalProperties": True}


class EventType(Told):
    """One kind of event."""

    type = text("the stored name")
    version = integer("the newest schema of its data")
    dataschema = text("where that schema is")


class EventTypes(Told):
    """Every kind of event."""

    items = many(EventType, "in the order of the catalogue")


@DOOR.get("/v1/schemas", Answer(200, EventTypes), Answer(304))
def event_types(asked: Asked) -> Response:
    """Every kind of event, with the address of its schema"""
    root = request.host_url.rstrip("/")
    items = [
        {"type": name, "version": version, "dataschema": schema_address(root, name, version)}
        for name, (_, version) in STORED.items()
    ]
    return public(orjson.dumps({"items": items}), JSON)


@DOOR.get("/v1/schemas/<string:type_name>/<int:version>", Answer(200, ANY_OBJECT, (MEDIA_TYPE,)), Answer(304))
def data_schema(asked: Asked, type_name: str, version: int) -> Response:
    """The JSON Schema of an event's data"""
    known = STORED.get(type_name)
    if known is None or version != known[1]:
        raise NoSuchPage(f"there is no schema {version} of {type_name[:80]}")
    address = schema_address(request.host_url.rstrip("/"), type_name, version)
    head = {"$schema": "https://json-schema.org/draft/2020-12/schema", "$id": address, "title": type_name}
    return public(orjson.dumps(head | schema_of(known[0], sealed=True)), MEDIA_TYPE)
