"""What the pages of signing in share: whom a browser is let in as, and how that is said."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, ClassVar, Final, cast

from flask import Response, current_app, request

from api.oidc import RelyingParty
from api.page import go_to, within
from api.signing_in import browser_token, hand_over, session_of
from api.speaking import the_ledger
from ledger.access.accounts import Account
from ledger.access.factors import address_of
from ledger.access.people import People
from ledger.access.sessions import Session, Stage
from ledger.credentials import NewCredential
from ledger.errors import Kind, Refusal

WORDS: Final = {
    "member": "school user",
    "coordinator": "coordinator",
    "auditor": "auditor",
    "admin": "admin",
}


class StepLost(Refusal):
    """A page of a sign-in came too late, twice, or in another browser than the one before it."""

    code: ClassVar[str] = "step-lost"
    kind: ClassVar[Kind] = "claim"
    title: ClassVar[str] = "This sign-in has run out"


def the_people() -> People:
    """The people of the ledger that this application serves."""
    return the_ledger().people


def the_issuers() -> Mapping[str, RelyingParty]:
    """The issuers by which people may sign in here, by name."""
    return cast(Mapping[str, RelyingParty], current_app.extensions["pledger.issuers"])


def come_in(account: Account, stage: Stage, proved_at: datetime | None) -> None:
    """Begins a session under a new token; what this browser was before ends."""
    people = the_people()
    people.sessions.end(browser_token())
    device = request.user_agent.string or "unknown"
    hand_over(people.sessions.begin(account, stage, device, proved_at))
    if stage == "open":
        people.accounts.note_sign_in(account.id, the_ledger().clock.now())
        the_ledger().letters.signed_in(account, device)


def onwards(account: Account, next_: str | None, *, shown: bool, proved_at: datetime | None) -> Response:
    """Where to after the first factor: to the second one, unless it was `shown` or is asked for nowhere here."""
    if shown or not the_people().second_factor:
        come_in(account, "open", proved_at)
        return go_to(within(next_))
    come_in(account, "second", None)
    return go_to(f"/sign-in/second-factor{asking_back(next_)}")


def halfway() -> Session:
    """The session that waits for its second factor. Raises StepLost."""
    found = session_of(the_people())
    if found is None or found.stage != "second":
        raise StepLost("Sign in from the beginning.")
    return found


def asking_back(next_: str | None) -> str:
    """A query that brings back to a page of this service."""
    from urllib.parse import urlencode

    address = within(next_, "")
    return f"?{urlencode({'next': address})}" if address else ""


def reach_in_words(allowed: Account | NewCredential) -> str:
    """What somebody may do here, such as `school user for Northfield Primary`."""
    ledger = the_ledger()
    named = [ledger.organisation(one) for one in (*allowed.organisations, *([allowed.trust] if allowed.trust else []))]
    names = " and ".join(one.name for one in named if one is not None)
    role = WORDS.get(allowed.role, allowed.role)
    if allowed.whole_ledger:
        return f"{role} of the whole ledger"
    return f"{role} for {names}" if names else role


def code_picture(secret: str, login: str) -> dict[str, Any]:
    """The secret of an authenticator app, for typing and as a picture to point a telephone at."""
    import segno

    address = address_of(secret, login, the_ledger().origin)
    picture = segno.make(address, error="m", micro=False)
    groups = " ".join(secret[at : at + 4] for at in range(0, len(secret), 4))
    return {"secret": groups, "address": address, "picture": picture.svg_inline(scale=4, omitsize=True)}
