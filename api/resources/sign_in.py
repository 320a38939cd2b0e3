"""Pages: signing in with a password and a second factor, again, and out."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from flask import Response, request

from api.entering import asking_back, come_in, halfway, onwards, the_issuers, the_people
from api.page import Pages, form, go_to, page, within
from api.signing_in import browser_token, hand_over, signed_in
from api.speaking import the_ledger
from ledger.access.accounts import Account
from ledger.access.people import CodeRefused, SignInRefused
from ledger.access.sessions import new_token

PAGES: Final = Pages()
REFUSED: Final = 422


@PAGES.get("/sign-in")
def sign_in_page() -> Response:
    return asked_to_sign_in()


def asked_to_sign_in(login: str = "", errors: dict[str, str] | None = None) -> Response:
    next_ = within(request.values.get("next"), "")
    shown = {"login": login, "next": next_, "back": asking_back(next_), "issuers": issuers()}
    return page("sign_in.html", REFUSED if errors else 200, errors=errors or {}, **shown)


def issuers() -> list[dict[str, str]]:
    """The organisations' own sign-ins, for links."""
    return [{"name": one.issuer.name, "label": one.issuer.label} for one in the_issuers().values()]


@PAGES.post("/sign-in")
def sign_in() -> Response:
    sent = form()
    login, password = sent.get("login", ""), sent.get("password", "")
    try:
        account = the_people().sign_in(login, password, request.remote_addr or "")
    except SignInRefused as refused:
        return asked_to_sign_in(login, {"login": refused.title})
    return onwards(account, sent.get("next"), shown=False, proved_at=the_ledger().clock.now())


@PAGES.get("/sign-in/second-factor")
def second_factor_page() -> Response:
    halfway()
    return asked_for_code("second_factor.html")


@PAGES.get("/sign-in/recovery-code")
def recovery_code_page() -> Response:
    halfway()
    return asked_for_code("recovery_code.html")


def asked_for_code(template: str, error: str | None = None) -> Response:
    next_ = within(request.values.get("next"), "")
    errors = {} if error is None else {"code": error}
    return page(template, REFUSED if errors else 200, errors=errors, next=next_, back=asking_back(next_))


@PAGES.post("/sign-in/second-factor")
def second_factor() -> Response:
    return code_given(the_people().check_code, "second_factor.html")


@PAGES.post("/sign-in/recovery-code")
def recovery_code() -> Response:
    return code_given(the_people().check_recovery_code, "recovery_code.html")


def code_given(check: Callable[[Account, str], None], template: str) -> Response:
    """Lets somebody in by the code of one kind, or asks for it again."""
    sent, account = form(), halfway().account
    try:
        check(account, sent.get("code", ""))
    except CodeRefused as refused:
        return asked_for_code(template, refused.title)
    come_in(account, "open", the_ledger().clock.now())
    return go_to(within(sent.get("next")))


@PAGES.get("/sign-in/again")
def sign_in_again_page() -> Response:
    return asked_again()


def asked_again(error: str | None = None) -> Response:
    people, account = the_people(), signed_in(the_people()).account
    next_ = within(request.values.get("next"), "")
    shown = {
        "login": account.login,
        "password": people.accounts.has_password(account.id),
        "factor": account.factor and people.second_factor,
        "issuers": [one for one in issuers() if the_issuers()[one["name"]].issuer.issuer in known(account.id)],
        "next": next_,
        "back": asking_back(next_),
        "errors": {} if error is None else {"password": error},
    }
    return page("sign_in_again.html", REFUSED if error else 200, **shown)


def known(account_id: str) -> list[str]:
    return the_people().accounts.issuers_of(account_id)


@PAGES.post("/sign-in/again")
def sign_in_again() -> Response:
    sent, people = form(), the_people()
    account = signed_in(people).account
    try:
        shown = people.sign_in(account.login or "", sent.get("password", ""), request.remote_addr or "")
        if people.second_factor:
            people.check_code(shown, sent.get("code", ""))
    except (SignInRefused, CodeRefused):
        return asked_again("The password or the code is not right")
    come_in(account, "open", the_ledger().clock.now())
    return go_to(within(sent.get("next")))


@PAGES.post("/sign-out")
def sign_out() -> Response:
    form()
    the_people().sessions.end(browser_token())
    hand_over(new_token())
    return go_to("/sign-in")
