"""Pages: signing in, and taking up an invitation, by an organisation's own sign-in (OpenID Connect)."""

from __future__ import annotations

import time
from datetime import datetime, timedelta
from typing import Any, ClassVar, Final

from flask import Response, request

from api.entering import StepLost, come_in, onwards, the_issuers, the_people
from api.oidc import RelyingParty, Shown, refused
from api.page import Pages, go_to, within
from api.refusals import NoSuchPage
from api.resources.joining import second_step
from api.signing_in import browser_token, csrf_token, public_url
from api.speaking import the_ledger
from ledger.access.accounts import Entry
from ledger.errors import Kind, Refusal

PAGES: Final = Pages()
STEP: Final = "issuer"
BACK: Final = "/sign-in/back"


class NobodyOfTheirs(Refusal):
    """An issuer showed somebody who has no account here; an e-mail address makes nobody one. Fields: `issuer`."""

    code: ClassVar[str] = "nobody-of-theirs"
    kind: ClassVar[Kind] = "forbidden"
    title: ClassVar[str] = "There is no account here for this sign-in"


class FactorMissing(Refusal):
    """The issuer asked for no second factor, and the account has none of ours."""

    code: ClassVar[str] = "factor-missing"
    kind: ClassVar[Kind] = "forbidden"
    title: ClassVar[str] = "A second factor is needed"


def party(name: str) -> RelyingParty:
    """Raises NoSuchPage."""
    found = the_issuers().get(name)
    if found is None:
        raise NoSuchPage("no organisation's sign-in has this name")
    return found


def back_address() -> str:
    """Where the issuer is to send the browser; it must be registered there."""
    return (public_url() or f"{request.scheme}://{request.host}") + BACK


@PAGES.get("/sign-in/with/<string:name>")
def by_issuer(name: str) -> Response:
    return sent_to(party(name), {"next": within(request.args.get("next"), ""), "token": None})


@PAGES.get("/join/<string:token>/with/<string:name>")
def join_by_issuer(token: str, name: str) -> Response:
    the_people().invitations.find(token)
    return sent_to(party(name), {"next": "", "token": token})


def sent_to(there: RelyingParty, carried: dict[str, Any]) -> Response:
    """Off to the issuer; what must come back is kept for this browser alone."""
    start = there.start(back_address(), again="again" in request.args)
    carried |= {"name": there.issuer.name, "nonce": start.nonce, "verifier": start.verifier, "browser": csrf_token()}
    browser_token()
    the_people().passages.keep(STEP, start.state, carried)
    return go_to(start.address)


@PAGES.get(BACK)
def back_from_issuer() -> Response:
    carried = the_people().passages.take(STEP, request.args.get("state", ""))
    if carried is None or carried["browser"] != csrf_token():
        raise StepLost("Sign in from the beginning.")
    there = party(carried["name"])
    if request.args.get("iss", there.issuer.issuer) != there.issuer.issuer:
        raise refused(there.issuer, "issuer")
    if "code" not in request.args:
        raise refused(there.issuer, "denied")
    proof = {"nonce": carried["nonce"], "verifier": carried["verifier"]}
    shown = there.finish(request.args["code"], back_address(), **proof)
    return enter(shown, carried) if carried["token"] is None else take_up(shown, carried["token"])


def enter(shown: Shown, carried: dict[str, Any]) -> Response:
    """In as the account of this issuer and subject, and of nobody else."""
    account = the_people().accounts.by_identity(shown.issuer, shown.subject)
    if account is None:
        told = "Ask an admin of this ledger for an invitation, and open its link first."
        raise NobodyOfTheirs(told, issuer=carried["name"])
    if the_people().second_factor and not (shown.second_factor or account.factor):
        raise FactorMissing("Sign in at your organisation with a second factor, or ask an admin for a new link.")
    return onwards(account, carried["next"], shown=shown.second_factor, proved_at=proved_at(shown))


def take_up(shown: Shown, token: str) -> Response:
    """Takes an invitation up as this issuer's subject; with an app of ours where the issuer asked for no factor."""
    people, entry = the_people(), Entry(issuer=shown.issuer, subject=shown.subject)
    people.require_free(entry, people.invitations.find(token).account)
    if not shown.second_factor:
        return second_step(token, entry)
    come_in(people.join(token, entry, shown_elsewhere=True).account, "open", proved_at(shown))
    return go_to("/account")


def proved_at(shown: Shown) -> datetime | None:
    """When the person last showed there who they are, None where the issuer does not say."""
    if shown.at is None:
        return None
    return the_ledger().clock.now() - timedelta(seconds=min(86_400, max(0, int(time.time()) - shown.at)))
