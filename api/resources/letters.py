"""Pages: where somebody is written to and how often, the one click that ends weekly letters, and what waits."""

from __future__ import annotations

from typing import Any, Final

from flask import Response

from api.page import Pages, form, go_to, page
from api.refusals import NoSuchPage
from api.resources.account import fresh
from api.resources.sign_in import REFUSED
from api.signing_in import signed_in
from api.speaking import reader, the_ledger, the_read_models
from ledger.access.accounts import Account
from ledger.access.letters import AddressRefused, LettersOff
from projections.inbox.answering import Wanted, inbox
from projections.inbox.items import KINDS
from projections.views import EVERYTHING

PAGES: Final = Pages()
ADDRESS: Final = "/account/letters"
MOST_WAITING: Final = 200


def signed_in_account() -> Account:
    """The account of who is signed in. Raises Unauthorised."""
    return signed_in(the_ledger().people).account


@PAGES.get("/account/letters")
def letters_page() -> Response:
    return asked_for_address(signed_in_account())


def asked_for_address(account: Account, error: str | None = None, typed: str = "") -> Response:
    letters = the_ledger().letters
    errors = {} if error is None else {"address": error}
    shown: dict[str, Any] = {"reader": letters.reader(account.principal), "on": letters.on, "typed": typed}
    return page("letters.html", REFUSED if errors else 200, errors=errors, **shown)


@PAGES.post("/account/letters/address")
def change_address() -> Response:
    sent, account = form(), fresh()
    given = sent.get("address", "")
    try:
        the_ledger().letters.ask(account.principal, given)
    except AddressRefused as refused:
        return asked_for_address(account, refused.detail, given)
    except LettersOff as off:
        return asked_for_address(account, off.title, given)
    return go_to(ADDRESS)


@PAGES.post("/account/letters/no-address")
def no_address() -> Response:
    form()
    the_ledger().letters.forget(fresh().principal)
    return go_to(ADDRESS)


@PAGES.post("/account/letters/weekly")
def change_weekly() -> Response:
    sent = form()
    the_ledger().letters.set_weekly(signed_in_account().principal, sent.get("weekly") == "yes")
    return go_to(ADDRESS)


@PAGES.get("/account/letters/proof/<string:token>")
def proof_page(token: str) -> Response:
    asked = the_ledger().letters.reader(signed_in_account().principal).asked_address
    if asked is None:
        raise AddressRefused("This link is not for your account, or has run out. Ask for another.")
    return page("letters_proof.html", address=asked)


@PAGES.post("/account/letters/proof/<string:token>")
def proof(token: str) -> Response:
    form()
    the_ledger().letters.prove(signed_in_account().principal, token)
    return go_to(ADDRESS)


@PAGES.get("/letters/off/<string:token>")
def off_page(token: str) -> Response:
    whose(token)
    return page("letters_off.html", done=False)


@PAGES.post("/letters/off/<string:token>")
def off(token: str) -> Response:
    """The address is all that is needed, without signing in: mail programs send it by themselves (RFC 8058)."""
    the_ledger().letters.set_weekly(whose(token), weekly=False)
    return page("letters_off.html", done=True)


def whose(token: str) -> str:
    """Raises NoSuchPage for an address that stands in no letter."""
    principal = the_ledger().letters.principal_of(token)
    if principal is None:
        raise NoSuchPage("This address stands in no letter of ours.")
    return principal


@PAGES.get("/waiting")
def waiting_page() -> Response:
    """What needs the reader, in words; nothing is said for anybody by looking at it."""
    signed_in_account()
    who = reader()
    found = the_read_models().answer(inbox, EVERYTHING, who, the_ledger().today(), Wanted(limit=MOST_WAITING))
    answer = found.to_json()
    groups = {heading: [one for one in answer["items"] if one["kind"] == kind] for kind, heading in KINDS.items()}
    return page("waiting.html", groups={heading: items for heading, items in groups.items() if items})
