"""Who is signed in: the cookie of a browser, its session, and the token without which no form is believed."""

from __future__ import annotations

import hashlib
import hmac
import re
from typing import ClassVar, Final, cast
from urllib.parse import urlsplit

from flask import Response, current_app, g, request

from ledger.access.issuers import is_loopback
from ledger.access.people import People
from ledger.access.sessions import Session, new_token
from ledger.credentials import Unauthorised
from ledger.domain.fact import Speaker
from ledger.errors import Kind, Refusal
from ledger.service import Ledger

SECURE_COOKIE: Final = "__Host-pledger"
LOOPBACK_COOKIE: Final = "pledger"
"""On plain HTTP of this machine a browser takes neither `Secure` nor the prefix that asks for it."""
TOKEN_FORM: Final = re.compile(r"[A-Za-z0-9_-]{43}")
CSRF_FIELD: Final = "csrf_token"
CSRF_HEADER: Final = "X-CSRF-Token"
STREAM: Final = "/v1/stream"
"""An open stream asks by itself: it keeps no session from ending that nobody uses."""
SAFE: Final = frozenset({"GET", "HEAD", "OPTIONS"})
FRESH_ONLY: Final = re.compile(r"/v1/(credentials|invitations|webhooks)(/.*)?|/v1/people/[^/]+/erase")
"""What is changed only by who has just signed in: who may come in, where secrets go, and what is gone for good."""


class FormForeign(Refusal):
    """A form or a call of a signed-in browser that did not come from a page of this service, or from one of an earlier
    session."""

    code: ClassVar[str] = "form-foreign"
    kind: ClassVar[Kind] = "forbidden"
    title: ClassVar[str] = "This form is out of date, or did not come from this service"


def public_url() -> str:
    """The address that the settings give the service, empty where they give none."""
    return cast(Ledger, current_app.extensions["pledger.ledger"]).settings.public_url or ""


def on_loopback() -> bool:
    """Whether the browser speaks plain HTTP to this machine; everywhere else a cookie is sent encrypted only.

    A proxy that is not listed may name this machine as the host: a public address with TLS settles it.
    """
    plain = not request.is_secure and not public_url().startswith("https://")
    return plain and is_loopback(urlsplit(f"//{request.host}").hostname)


def cookie_name() -> str:
    return LOOPBACK_COOKIE if on_loopback() else SECURE_COOKIE


def browser_token() -> str:
    """The browser's token: that of its session, or one of a visitor, which is made now if there is none."""
    if "browser_token" not in g:
        sent = request.cookies.get(cookie_name(), "")
        known = TOKEN_FORM.fullmatch(sent) is not None
        g.browser_token = sent if known else new_token()
        g.browser_token_new = not known
    return str(g.browser_token)


def hand_over(token: str) -> None:
    """From this answer on the browser has another token: a sign-in never goes on under the one before it."""
    g.browser_token, g.browser_token_new = token, True
    g.pop("session", None)


def with_cookie(response: Response) -> Response:
    """The answer, with the browser's token where it has none yet, or has a new one."""
    if g.get("browser_token_new"):
        response.set_cookie(
            cookie_name(), browser_token(), path="/", httponly=True, samesite="Lax", secure=not on_loopback()
        )
    return response


def csrf_token() -> str:
    """What a form of this browser must hold: derived from the cookie, so that only our own pages can say it."""
    return hmac.new(browser_token().encode(), b"pledger form", hashlib.sha256).hexdigest()


def require_own(sent: str | None) -> None:
    """Passes for a request that a page of this service made: by its token, its origin, and the browser's word of it.
    Raises FormForeign."""
    site, origin = request.headers.get("Sec-Fetch-Site"), request.headers.get("Origin")
    foreign = origin is not None and urlsplit(origin).netloc not in hosts()
    foreign = foreign or site not in (None, "same-origin", "none")
    if foreign or sent is None or not hmac.compare_digest(sent.encode(), csrf_token().encode()):
        raise FormForeign("Open the page again, then send it once more.")


def hosts() -> set[str]:
    """The names under which this service is reached: the request's (a listed proxy may have corrected it), and that of
    its public address."""
    return {request.host, urlsplit(public_url()).netloc or request.host}


def session_of(people: People) -> Session | None:
    """The session of this browser: signed in, or half so."""
    if "session" not in g:
        sent = request.cookies.get(cookie_name(), "")
        seen = request.path != STREAM
        g.session = people.sessions.find(sent, seen=seen) if TOKEN_FORM.fullmatch(sent) else None
    return cast("Session | None", g.session)


def signed_in(people: People) -> Session:
    """The session of who is signed in. Raises Unauthorised."""
    found = session_of(people)
    if found is None or found.stage != "open":
        raise Unauthorised("nobody is signed in")
    return found


def speaker_by_cookie(people: People) -> Speaker | None:
    """Who speaks by being signed in, None when the browser sent no cookie of ours.

    Raises Unauthorised for one that is over, FormForeign for a change that no page of ours asked for, SignInAgain.
    """
    if cookie_name() not in request.cookies:
        return None
    session = signed_in(people)
    if request.method not in SAFE:
        require_own(request.headers.get(CSRF_HEADER))
        if FRESH_ONLY.fullmatch(request.path):
            people.sessions.require_fresh(session)
    return session.account.speaker()
