"""The application: the doors of the ledger over HTTP. Nothing happens before `create_app` is called."""

from __future__ import annotations

from typing import Any, Final

from flask import Flask, Response, request

from api.document import CONFIGURATION, DocumentedApi
from api.door import Door
from api.facts import Printer
from api.problems import answer_with_problems
from api.resources import (
    board,
    credentials,
    events,
    frameworks,
    health,
    health_of_partnerships,
    inbox,
    landscape,
    me,
    organisations,
    partnerships,
    people,
    posting,
    practices,
    problems,
    programme,
    projections,
    reciprocity,
    reviews,
    schemas,
    streams,
    support,
    trail,
    withdrawal,
)  # fmt: skip
from api.speaking import speaker
from api.waiting import Waiting
from ledger.service import Ledger
from projections.views import ReadModels

DOORS: Final[tuple[Door, ...]] = (
    posting.DOOR,
    events.DOOR,
    streams.DOOR,
    organisations.DOOR,
    partnerships.DOOR,
    reciprocity.DOOR,
    health_of_partnerships.DOOR,
    support.DOOR,
    board.DOOR,
    reviews.DOOR,
    practices.DOOR,
    trail.DOOR,
    landscape.DOOR,
    frameworks.DOOR,
    people.DOOR,
    programme.DOOR,
    withdrawal.DOOR,
    inbox.DOOR,
    me.DOOR,
    credentials.DOOR,
    problems.DOOR,
    schemas.DOOR,
    projections.DOOR,
    health.DOOR,
)

SECURITY: Final = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    "Referrer-Policy": "no-referrer",
}
HSTS: Final = "max-age=31536000"


class Application(Flask):
    """The framework's application, without its own word about what breaks: `problems` logs that with an id."""

    def log_exception(self, exc_info: Any) -> None:
        return None


def create_app(ledger: Ledger, read_models: ReadModels) -> Flask:
    """The WSGI application for an open ledger and its views; it closes neither."""
    app = Application("pledger", static_folder=None)
    app.config.update(CONFIGURATION, MAX_CONTENT_LENGTH=ledger.settings.max_body_bytes)
    app.url_map.strict_slashes = True
    app.extensions["pledger.ledger"] = ledger
    app.extensions["pledger.read_models"] = read_models
    app.extensions["pledger.printer"] = Printer(ledger)
    app.extensions["pledger.waiting"] = Waiting(ledger.head, max(1, ledger.settings.threads // 2))
    api = DocumentedApi(app)
    for door in DOORS:
        api.register_blueprint(door.blueprint())
    app.before_request(require_credential)
    app.after_request(secured)
    answer_with_problems(app)
    return app


PUBLIC: Final = frozenset(door.name for door in DOORS if door.public) | {"api-docs"}


def require_credential() -> None:
    """Authority before everything else: raises Unauthorised for all but the public doors."""
    if request.blueprint is not None and request.blueprint not in PUBLIC:
        speaker()


def secured(response: Response) -> Response:
    """Adds the headers that keep browsers from guessing, framing and telling."""
    for name, value in SECURITY.items():
        response.headers.setdefault(name, value)
    if request.is_secure:
        response.headers.setdefault("Strict-Transport-Security", HSTS)
    return response
