"""The application: the doors of the ledger over HTTP. Nothing happens before `create_app` is called."""

from __future__ import annotations

from typing import Any, Final

from flask import Flask, request

from api.access_log import Notes
from api.document import CONFIGURATION, DocumentedApi
from api.door import Door
from api.facts import Printer
from api.forwarded import Forwarded
from api.guarding import Sharing, secured
from api.limits import Limits, limit, told_of_limits
from api.observing import Observing
from api.oidc import RelyingParty
from api.page import NAME as PAGES
from api.page import blueprint
from api.problems import answer_with_problems
from api.readiness import never
from api.resources import (
    access_log,
    account,
    board,
    by_issuer,
    calendar_feeds,
    credentials,
    events,
    frameworks,
    health,
    health_of_partnerships,
    inbox,
    invitations,
    joining,
    landscape,
    letters,
    live,
    me,
    oauth,
    organisations,
    partnerships,
    people,
    posting,
    practices,
    problems,
    programme,
    projections,
    reciprocity,
    reference,
    reviews,
    schemas,
    sign_in,
    streams,
    support,
    trail,
    webhooks,
    withdrawal,
)  # fmt: skip
from api.speaking import speaker, the_ledger
from api.streams import Streams
from api.waiting import Waiting
from ledger.access.issuers import read_issuers
from ledger.service import Ledger
from projections.views import ReadModels

DOORS: Final[tuple[Door, ...]] = (
    posting.DOOR,
    events.DOOR,
    live.DOOR,
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
    calendar_feeds.DOOR,
    calendar_feeds.OPEN,
    access_log.DOOR,
    me.DOOR,
    credentials.DOOR,
    invitations.DOOR,
    oauth.DOOR,
    webhooks.DOOR,
    problems.DOOR,
    schemas.DOOR,
    reference.DOOR,
    projections.DOOR,
    health.DOOR,
)


class Application(Flask):
    """The framework's application, without its own word about what breaks: `problems` logs that with an id."""

    def log_exception(self, exc_info: Any) -> None:
        return None


def create_app(ledger: Ledger, read_models: ReadModels) -> Flask:
    """The WSGI application for an open ledger and its views; it closes neither."""
    app = Application("pledger", static_folder=None)
    app.config.update(CONFIGURATION, MAX_CONTENT_LENGTH=ledger.settings.max_body_bytes)
    app.url_map.strict_slashes = True
    Observing().watch(app)
    app.extensions["pledger.ledger"] = ledger
    app.extensions["pledger.read_models"] = read_models
    app.extensions["pledger.printer"] = Printer(ledger)
    app.extensions["pledger.streams"] = Streams(ledger)
    app.extensions["pledger.checks"] = {}
    app.extensions["pledger.stopping"] = never
    app.extensions["pledger.waiting"] = Waiting(ledger.head, max(1, ledger.settings.threads // 2))
    app.extensions["pledger.issuers"] = {one.name: RelyingParty(one) for one in read_issuers(ledger.settings.oidc_file)}
    app.extensions["pledger.limits"] = Limits(ledger.settings)
    app.extensions["pledger.document"] = api = DocumentedApi(app)
    for door in DOORS:
        api.register_blueprint(door.blueprint())
    app.register_blueprint(blueprint(sign_in.PAGES, by_issuer.PAGES, joining.PAGES, account.PAGES, letters.PAGES))
    if ledger.settings.cors_origins:
        Sharing(ledger.settings.cors_origins).watch(app)
    app.before_request(require_enrolled)
    app.before_request(require_credential)
    app.after_request(secured)
    app.after_request(told_of_limits)
    Notes(DOORS).watch(app)
    answer_with_problems(app)
    if ledger.settings.trusted_proxies:
        app.wsgi_app = Forwarded(app.wsgi_app, ledger.settings.trusted_proxies)  # type: ignore[method-assign]  # Flask's own way
    return app


PUBLIC: Final = frozenset(door.name for door in DOORS if door.public) | {PAGES}


OPEN_BEFORE: Final = frozenset(
    {
        "health.alive", "health.ready", "pages.static", "pages.join_page", "pages.join", "pages.join_factor_page",
        "pages.join_factor", "pages.join_by_issuer", "pages.back_from_issuer",
    }
)  # fmt: skip
"""What is answered until the first admin has come in."""


def require_enrolled() -> None:
    """Passes once the first admin has come in. Raises AwaitsEnrolment."""
    if request.endpoint is not None and request.endpoint not in OPEN_BEFORE:
        the_ledger().people.require_enrolled()


def require_credential() -> None:
    """Authority before everything else: raises Unauthorised for all but the public doors, RateLimited for too much."""
    if request.blueprint is not None and request.blueprint not in PUBLIC:
        limit(speaker())
