"""/healthz and /readyz: whether this process lives, and whether it can do its work."""

from __future__ import annotations

import ipaddress
from typing import Any, Final

import orjson
from flask import Response, current_app, request

from api.asking import Asked
from api.door import Answer, Door
from api.readiness import readiness
from api.schemas.words import Told, text, value
from api.speaking import the_ledger, the_read_models

DOOR: Final = Door("health", "Whether the service lives and can work", public=True)


class Alive(Told):
    """The process answers."""

    status = text("alive")


class Ready(Told):
    """Whether it can work."""

    status = text("ready, or not ready")
    checks = value("what was looked at; told on the machine itself only", required=False)


@DOOR.get("/healthz", Answer(200, Alive))
def alive(asked: Asked) -> Response:
    """Whether the process lives"""
    return told({"status": "alive"}, 200)


@DOOR.get("/readyz", Answer(200, Ready), Answer(503, Ready, about="it cannot work at this moment"))
def ready(asked: Asked) -> Response:
    """Whether it can work: the database answers, and the views follow the log"""
    works, checks = readiness(the_ledger(), the_read_models(), current_app.extensions.get("pledger.runner"))
    body: dict[str, Any] = {"status": "ready" if works else "not ready"}
    if is_on_this_machine(request.remote_addr):
        body["checks"] = checks
    return told(body, 200 if works else 503)


def is_on_this_machine(address: str | None) -> bool:
    try:
        return ipaddress.ip_address(address or "").is_loopback
    except ValueError:
        return False


def told(body: dict[str, Any], status: int) -> Response:
    response = Response(orjson.dumps(body), status, content_type="application/json")
    response.headers["Cache-Control"] = "no-store"
    return response
