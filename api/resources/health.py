"""/healthz and /readyz: whether this process lives, and whether it can do its work."""

from __future__ import annotations

from typing import Any, Final

import orjson
from flask import Response, current_app

from api.asking import Asked
from api.door import Answer, Door
from api.readiness import readiness
from api.schemas.words import Told, text
from api.speaking import the_ledger, the_read_models

DOOR: Final = Door("health", "Whether the service lives and can work", public=True)


class Alive(Told):
    """The process answers."""

    status = text("alive")


class Ready(Told):
    """Whether it can work; why not is told on the operator's address alone."""

    status = text("ready, or not ready")


@DOOR.get("/healthz", Answer(200, Alive))
def alive(asked: Asked) -> Response:
    """Whether the process lives"""
    return told({"status": "alive"}, 200)


@DOOR.get("/readyz", Answer(200, Ready), Answer(503, Ready, about="it cannot work at this moment"))
def ready(asked: Asked) -> Response:
    """Whether it can work: the database answers, and the views follow the log"""
    more, stopping = current_app.extensions["pledger.checks"], current_app.extensions["pledger.stopping"]
    works, _ = readiness(the_ledger(), the_read_models(), more, stopping)
    return told({"status": "ready" if works else "not ready"}, 200 if works else 503)


def told(body: dict[str, Any], status: int) -> Response:
    response = Response(orjson.dumps(body), status, content_type="application/json")
    response.headers["Cache-Control"] = "no-store"
    return response
