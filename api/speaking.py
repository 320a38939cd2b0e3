"""Who speaks: the bearer's API key or access token, looked at before anything else of a request."""

from __future__ import annotations

from typing import Final, Literal, cast

from flask import current_app, g, request

from api.limits import limit_failures
from api.refusals import ScopeMissing
from api.signing_in import speaker_by_cookie
from ledger.access.keys import PREFIX
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
        by_cookie = None if "Authorization" in request.headers else speaker_by_cookie(the_ledger().people)
        found = g.speaker = by_cookie or recognised(bearer())
    if scope is not None and found.scopes and scope not in found.scopes:
        raise ScopeMissing(f"this credential lacks the scope {scope}", scope=scope)
    return found


def recognised(credential: str) -> Speaker:
    """Who speaks with an API key or an access token. Raises Unauthorised; RateLimited in its place where too many
    wrong ones came from this address."""
    ledger = the_ledger()
    try:
        if credential.startswith(PREFIX):
            return ledger.credentials.authenticate(credential)
        return ledger.tokens.authenticate(credential)
    except Unauthorised:
        limit_failures()
        raise Unauthorised("this credential is not valid, or not any more", error="invalid_token") from None


def bearer() -> str:
    """The credential that was sent. Raises Unauthorised when there is none."""
    header = request.headers.get("Authorization", "")
    if header[: len(SCHEME)].lower() != SCHEME:
        raise Unauthorised("send an API key or an access token as Authorization: Bearer …")
    return header[len(SCHEME) :].strip()


def reader(scope: Scope = "events:read") -> Speaker:
    """Who reads. Raises RoleForbidden for an admin, who reads no facts."""
    found = speaker(scope)
    if found.role == "admin":
        raise RoleForbidden("an admin reads no facts, statements or texts", role="admin", type="")
    return found
