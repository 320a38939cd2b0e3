"""Pages: taking up an invitation, with a password and an authenticator app, or an organisation's own sign-in."""

from __future__ import annotations

from typing import Any, Final

from flask import Response

from api.entering import StepLost, code_picture, come_in, reach_in_words, the_people
from api.page import Pages, form, go_to, page
from api.resources.sign_in import REFUSED, issuers
from api.signing_in import browser_token, hand_over
from api.speaking import the_ledger
from ledger.access.accounts import Entry, LoginRefused
from ledger.access.invitations import Invitation
from ledger.access.passwords import PasswordRefused
from ledger.access.people import CodeRefused
from ledger.access.sessions import new_token

PAGES: Final = Pages()
STEP: Final = "join"


@PAGES.get("/join/<string:token>")
def join_page(token: str) -> Response:
    return invited(token, the_people().invitations.find(token))


def invited(token: str, invitation: Invitation, login: str = "", errors: dict[str, str] | None = None) -> Response:
    known = None if invitation.account is None else the_people().accounts.find(invitation.account).login
    shown = {"reach": reach_in_words(invitation.allows()), "login": login or known or "", "issuers": issuers()}
    return page("join.html", REFUSED if errors else 200, token=token, errors=errors or {}, **shown)


@PAGES.post("/join/<string:token>")
def join(token: str) -> Response:
    sent, people = form(), the_people()
    invitation, login, password = people.invitations.find(token), sent.get("login", ""), sent.get("password", "")
    if password != sent.get("again", ""):
        return invited(token, invitation, login, {"again": "The two passwords differ."})
    try:
        entry = people.entry(login, password, (invitation.name,))
        people.require_free(entry, invitation.account)
    except LoginRefused as refused:
        return invited(token, invitation, login, {"login": refused.detail})
    except PasswordRefused as refused:
        return invited(token, invitation, login, {"password": refused.detail})
    return second_step(token, entry)


def second_step(token: str, entry: Entry) -> Response:
    """On to the authenticator app, under a new token of the browser; or in, where none is asked for."""
    people = the_people()
    if not people.second_factor:
        come_in(people.join(token, entry).account, "open", the_ledger().clock.now())
        return go_to("/account")
    hand_over(new_token())
    carried = {
        "token": token,
        "secret": people.new_secret(),
        "login": entry.login,
        "password_hash": entry.password_hash,
        "issuer": entry.issuer,
        "subject": entry.subject,
    }
    people.passages.keep(STEP, browser_token(), carried)
    return go_to("/join/second-factor")


@PAGES.get("/join/second-factor")
def join_factor_page() -> Response:
    return asked_for_app(carried_here())


def carried_here() -> dict[str, Any]:
    found = the_people().passages.read(STEP, browser_token())
    if found is None:
        raise StepLost("Open the link of your invitation again.")
    return found


def asked_for_app(carried: dict[str, Any], error: str | None = None) -> Response:
    errors = {} if error is None else {"code": error}
    login = carried["login"] or "sign-in"
    shown = code_picture(carried["secret"], login)
    return page("authenticator.html", REFUSED if errors else 200, action="/join/second-factor", errors=errors, **shown)


@PAGES.post("/join/second-factor")
def join_factor() -> Response:
    sent, people, carried = form(), the_people(), carried_here()
    entry = Entry(**{name: carried[name] for name in ("login", "password_hash", "issuer", "subject")})
    try:
        joined = people.join(carried["token"], entry, carried["secret"], sent.get("code", ""))
    except CodeRefused as refused:
        return asked_for_app(carried, refused.title)
    people.passages.take(STEP, browser_token())
    come_in(joined.account, "open", the_ledger().clock.now())
    return page("recovery_codes.html", codes=joined.recovery_codes)
