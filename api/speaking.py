"""Who speaks: the bearer's API key, looked at before anything else of a request."""

from __future__ import annotations

from typing import Final, Literal, cast

from flask import current_app, g, request

from api.refusals import ScopeMissing
from ledger.credentials import Unauthorised
from ledger.domain.fact import Speaker
from ledger.domain.refusals import RoleForbidden
from ledger.service import Ledger
from projections.reader import Reader
from projections.views import ReadModels

Scope = Literal["events:write", "events:read", "reports:read"]
SCHEME: Final = "bearer "


def the_ledger() -> Ledger:
    """The ledger that this application serves."""
    return cast(Ledger, current_app.extensions["pledger.ledger"])


def the_read_models() -> ReadModels:
    """What the projections answer to whoever sent this request."""
    models = cast(ReadModels, current_app.extensions["pledger.read_models"])
    return models.read_by(Reader(the_ledger(), g.get("speaker")))


def speaker(scope: Scope | None = None) -> Speaker:
    """Whose request this is. Raises Unauthorised, and ScopeMissing when the credential was issued for other things."""
    found: Speaker | None = g.get("speaker")
    if found is None:
        found = g.speaker = the_ledger().credentials.authenticate(bearer())
    if scope is not None and found.scopes and scope not in found.scopes:
        raise ScopeMissing(f"this credential lacks the scope {scope}", scope=scope)
    return found


def bearer() -> str:
    header = request.headers.get("Authorization", "")
    if header[: len(SCHEME)].lower() != SCHEME:
        raise Unauthorised("send the API key as Authorization: Bearer …")
    return header[len(SCHEME) :].strip()


def reader(scope: Scope = "events:read") -> Speaker:
    """Who reads. Raises RoleForbidden for an admin, who reads no facts."""
    found = speaker(scope)
    if found.role == "admin":
        raise RoleForbidden("an admin reads no facts, statements or texts", role="admin", type="")
    return found
