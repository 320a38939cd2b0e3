"""Pages: what somebody's account is, its factors, and where they are signed in."""

from __future__ import annotations

from typing import Any, Final

from flask import Response

from api.entering import StepLost, code_picture, come_in, reach_in_words, the_people
from api.page import Pages, form, go_to, page
from api.resources.sign_in import REFUSED
from api.signing_in import browser_token, hand_over, signed_in
from api.speaking import the_ledger
from ledger.access.accounts import Account
from ledger.access.passwords import PasswordRefused
from ledger.access.people import CodeRefused
from ledger.access.sessions import Session, new_token

PAGES: Final = Pages()
# The first that is found: most say the names of others as well.
BROWSERS: Final = {"Edg": "Edge", "Firefox": "Firefox", "Chrom": "Chrome", "Safari": "Safari"}
SYSTEMS: Final = {
    "Windows": "Windows", "iPhone": "iPhone", "iPad": "iPad", "Mac OS": "macOS", "Android": "Android", "Linux": "Linux"
}  # fmt: skip
STEP: Final = "factor"


def fresh() -> Account:
    """The account of who has just signed in. Raises Unauthorised, SignInAgain."""
    people = the_people()
    session = signed_in(people)
    people.sessions.require_fresh(session)
    return session.account


@PAGES.get("/account")
def account_page() -> Response:
    people, session = the_people(), signed_in(the_people())
    account = session.account
    shown: dict[str, Any] = {
        "account": account,
        "reach": reach_in_words(account),
        "password": people.accounts.has_password(account.id),
        "codes_left": people.accounts.codes_left(account.id),
        "issuers": people.accounts.issuers_of(account.id),
        "sessions": [told_of(one, session) for one in people.sessions.of_account(account.id)],
    }
    return page("account.html", **shown)


def browser_in_words(agent: str) -> str:
    """What somebody recognises a browser by, from what it says of itself: `Firefox on Windows`."""
    browser = next((word for mark, word in BROWSERS.items() if mark in agent), "Another browser")
    system = next((word for mark, word in SYSTEMS.items() if mark in agent), None)
    return browser if system is None else f"{browser} on {system}"


def told_of(one: Session, here: Session) -> dict[str, Any]:
    zone, day = the_ledger().zone, "%a %d %b %Y, %H:%M"
    moments = {name: getattr(one, name).astimezone(zone).strftime(day) for name in ("made_at", "seen_at")}
    return {"device": browser_in_words(one.device), "here": one.id == here.id, **moments}


@PAGES.post("/account/sessions/end")
def sign_out_everywhere() -> Response:
    form()
    people = the_people()
    people.sessions.end_all(signed_in(people).account.id)
    hand_over(new_token())
    return go_to("/sign-in")


@PAGES.get("/account/password")
def password_page() -> Response:
    return asked_for_password(fresh())


def asked_for_password(account: Account, errors: dict[str, str] | None = None) -> Response:
    return page("password.html", REFUSED if errors else 200, login=account.login or "", errors=errors or {})


@PAGES.post("/account/password")
def password() -> Response:
    sent, account = form(), fresh()
    if account.login is None:
        raise StepLost("Your account has no password: you sign in with your organisation.")
    if sent.get("password") != sent.get("again"):
        return asked_for_password(account, {"again": "The two passwords differ."})
    try:
        the_people().change_password(account, sent.get("password", ""))
    except PasswordRefused as refused:
        return asked_for_password(account, {"password": refused.detail})
    come_in(account, "open", the_ledger().clock.now())
    return go_to("/account")


@PAGES.get("/account/second-factor")
def factor_page() -> Response:
    account, people = fresh(), the_people()
    carried = people.passages.read(STEP, browser_token())
    if carried is None:
        carried = {"secret": people.new_secret()}
        people.passages.keep(STEP, browser_token(), carried)
    return asked_for_app(account, carried["secret"])


def asked_for_app(account: Account, secret: str, error: str | None = None) -> Response:
    errors = {} if error is None else {"code": error}
    shown = code_picture(secret, account.login or "sign-in")
    action = "/account/second-factor"
    return page("authenticator.html", REFUSED if errors else 200, action=action, errors=errors, **shown)


@PAGES.post("/account/second-factor")
def factor() -> Response:
    sent, account, people = form(), fresh(), the_people()
    carried = people.passages.read(STEP, browser_token())
    if carried is None:
        raise StepLost("Open the page of your second factor again.")
    try:
        codes = people.change_factor(account, carried["secret"], sent.get("code", ""))
    except CodeRefused as refused:
        return asked_for_app(account, carried["secret"], refused.title)
    people.passages.take(STEP, browser_token())
    return page("recovery_codes.html", codes=codes)


@PAGES.post("/account/recovery-codes")
def recovery_codes() -> Response:
    form()
    return page("recovery_codes.html", codes=the_people().new_recovery_codes(fresh()))
