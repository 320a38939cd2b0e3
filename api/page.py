"""Pages: HTML made on the server, with its own policy for what a browser may load, run, frame and tell."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, TypeVar
from urllib.parse import urlencode

from flask import Blueprint, Response, redirect, render_template, request
from werkzeug.exceptions import HTTPException

from api.problems import STATUS, headers_of
from api.signing_in import CSRF_FIELD, csrf_token, require_own, session_of, with_cookie
from api.speaking import the_ledger
from ledger.access.sessions import SignInAgain
from ledger.credentials import Unauthorised
from ledger.errors import Refusal

HERE: Final = Path(__file__).parent
NAME: Final = "pages"
HEADERS: Final = {
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self';"
    " base-uri 'none'; frame-ancestors 'none'",
    # With `no-referrer` a browser would hide from us, too, where a form came from.
    "Referrer-Policy": "same-origin",
    "Cache-Control": "no-store",
}
MOST_FORM_BYTES: Final = 16_384
View = Callable[..., Response]
V = TypeVar("V", bound=View)


@dataclass(frozen=True, slots=True)
class Pages:
    """The pages of one room, declared once; each application gets its own blueprint of them."""

    routes: list[tuple[str, str, View]] = field(default_factory=list)

    def get(self, rule: str) -> Callable[[V], V]:
        return self._route("GET", rule)

    def post(self, rule: str) -> Callable[[V], V]:
        return self._route("POST", rule)

    def _route(self, method: str, rule: str) -> Callable[[V], V]:
        def keep(view: V) -> V:
            self.routes.append((method, rule, view))
            return view

        return keep


def blueprint(*rooms: Pages) -> Blueprint:
    """All pages, with what they load, and the page that a refusal becomes."""
    folders: dict[str, Any] = {"template_folder": HERE / "templates", "static_folder": HERE / "static"}
    made = Blueprint(NAME, __name__, static_url_path="/static", **folders)
    for method, rule, view in (route for room in rooms for route in room.routes):
        made.add_url_rule(rule, view.__name__, view, methods=[method])
    made.register_error_handler(Refusal, not_so)
    made.register_error_handler(HTTPException, not_that)
    return made


def page(template: str, status: int = 200, **shown: Any) -> Response:
    """A page of a template, which may use `csrf` for its forms."""
    session = session_of(the_ledger().people)
    is_in = session is not None and session.stage == "open"
    content = render_template(template, csrf=csrf_token(), is_in=is_in, **shown)
    response = Response(content, status, HEADERS, content_type="text/html; charset=utf-8")
    return with_cookie(response)


def go_to(address: str) -> Response:
    """Sends the browser to another page, which it asks for anew."""
    response = redirect(address, 303)
    response.headers["Cache-Control"] = "no-store"
    return with_cookie(response)  # type: ignore[arg-type]  # redirect makes a Response of Flask


def form() -> dict[str, str]:
    """What was typed into a form of ours. Raises FormForeign."""
    request.max_content_length = MOST_FORM_BYTES
    require_own(request.form.get(CSRF_FIELD))
    return {name: value for name, value in request.form.items() if name != CSRF_FIELD}


def within(address: str | None, otherwise: str = "/account") -> str:
    """An address of this service to go to: nothing that leads elsewhere."""
    if not address or not address.startswith("/") or address.startswith(("//", "/\\")) or not address.isprintable():
        return otherwise
    return address


def not_so(refusal: Refusal) -> Response:
    """The page of a refusal; who is not signed in, or not lately, is sent to do that and brought back."""
    back = request.full_path.rstrip("?") if request.method == "GET" else None
    if isinstance(refusal, Unauthorised):
        return go_to(f"/sign-in?{query(back)}" if back else "/sign-in")
    if isinstance(refusal, SignInAgain):
        return go_to(f"/sign-in/again?{query(back)}" if back else "/sign-in/again")
    response = page("refused.html", STATUS[refusal.kind], title=refusal.title, detail=refusal.detail)
    response.headers.update({name: value for name, value in headers_of(refusal).items() if name == "Retry-After"})
    return response


def not_that(error: HTTPException) -> Response:
    """The page of what the framework refuses, such as a form that is too large."""
    return page("refused.html", error.code or 500, title=error.name, detail=error.description or "")


def query(back: str) -> str:
    return urlencode({"next": back})
