"""GET /v1/schemas/{type}/{version}: what the data of an event may hold."""

from __future__ import annotations

from typing import Final

import orjson
from flask import Response, request

from api.asking import Asked
from api.door import Answer, Door
from api.facts import schema_address
from api.json_schema import schema_of
from api.refusals import NoSuchPage
from api.schemas.words import Told, integer, many, text
from ledger.eventstore.stored_names import STORED

DOOR: Final = Door("schemas", "What events may hold", public=True)
MEDIA_TYPE: Final = "application/schema+json"


class EventType(Told):
    """One kind of event."""

    type = text("the stored name")
    version = integer("the newest schema of its data")
    dataschema = text("where that schema is")


class EventTypes(Told):
    """Every kind of event."""

    items = many(EventType, "in the order of the catalogue")


@DOOR.get("/v1/schemas", Answer(200, EventTypes))
def event_types(asked: Asked) -> Response:
    """Every kind of event, with the address of its schema"""
    root = request.host_url.rstrip("/")
    items = [
        {"type": name, "version": version, "dataschema": schema_address(root, name, version)}
        for name, (_, version) in STORED.items()
    ]
    return lasting({"items": items}, "application/json")


@DOOR.get("/v1/schemas/<string:type_name>/<int:version>", Answer(200, types=(MEDIA_TYPE,)))
def data_schema(asked: Asked, type_name: str, version: int) -> Response:
    """The JSON Schema of an event's data"""
    known = STORED.get(type_name)
    if known is None or version != known[1]:
        raise NoSuchPage(f"there is no schema {version} of {type_name[:80]}")
    address = schema_address(request.host_url.rstrip("/"), type_name, version)
    head = {"$schema": "https://json-schema.org/draft/2020-12/schema", "$id": address, "title": type_name}
    return lasting(head | schema_of(known[0]), MEDIA_TYPE)


def lasting(body: object, media_type: str) -> Response:
    response = Response(orjson.dumps(body), content_type=media_type)
    response.headers["Cache-Control"] = "public, max-age=3600"
    return response
