"""/openapi.json, /asyncapi.json and /docs: what may be asked, for programs and for people."""

from __future__ import annotations

from functools import lru_cache
from importlib.resources import files
from typing import Any, Final

import orjson
from flask import Response, current_app, request

from api.asking import Asked
from api.asyncapi import asyncapi
from api.door import Answer, Door
from api.public import HTML, JSON, html, public
from api.reference import Reference, page

DOOR: Final = Door("reference", "The reference: these documents", public=True)
CSS: Final = "text/css"
ANY_OBJECT: Final = {"type": "object", "additionalProperties": True}


@DOOR.get("/openapi.json", Answer(200, ANY_OBJECT), Answer(304))
def openapi_document(asked: Asked) -> Response:
    """This document (OpenAPI 3.1)"""
    return public(the_document_json(), JSON)


@DOOR.get("/asyncapi.json", Answer(200, ANY_OBJECT), Answer(304))
def asyncapi_document(asked: Asked) -> Response:
    """What is sent without being asked for: the live feed and webhooks (AsyncAPI 3.0)"""
    return public(orjson.dumps(asyncapi(request.host_url.rstrip("/"))), JSON)


@DOOR.get("/docs", Answer(200, types=(HTML,)), Answer(304))
def reference_page(asked: Asked) -> Response:
    """The reference for people: every route, answer and refusal, on one page without scripts"""
    return html(rendered(the_document_json()))


@DOOR.get("/docs/reference.css", Answer(200, types=(CSS,)), Answer(304))
def reference_style(asked: Asked) -> Response:
    """The stylesheet of these pages"""
    return public(files("api").joinpath("static/reference.css").read_bytes(), CSS)


def the_document() -> dict[str, Any]:
    """The OpenAPI document of this application."""
    found: dict[str, Any] = current_app.extensions["pledger.document"].document()
    return found


def the_document_json() -> bytes:
    return orjson.dumps(the_document())


@lru_cache(maxsize=2)
def rendered(document: bytes) -> str:
    """The page of a document; it is made once."""
    reference = Reference(orjson.loads(document))
    return page(
        "reference.html",
        title=reference.document["info"]["title"],
        reference=reference,
        resources=reference.resources(),
        headers=reference.document["components"]["headers"],
        shapes=reference.shapes(),
        events=reference.shapes("data."),
    )
