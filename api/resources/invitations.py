"""/v1/invitations: who may come in as a person, invited and uninvited by an admin."""

from __future__ import annotations

from typing import Any, Final
from uuid import UUID

from flask import Response, request

from api.answers import shown
from api.asking import Asked
from api.door import Answer, Door
from api.figures import figures
from api.paging import link_next, listed, page_of
from api.resources.credentials import admin, pointed_here
from api.resources.posting import made
from api.schemas.figures import CSV_TOO
from api.schemas.invitations import Invitation, Invitations, InvitationsQuery, NewInvitation, NewLink
from api.signing_in import public_url
from api.speaking import the_ledger
from api.waiting import as_far_as_asked
from ledger.access.invitations import Invitation as Held
from ledger.access.invitations import TooManyInvitations
from ledger.access.letters import AddressRefused, LettersOff
from ledger.access.people import NotForPeople
from ledger.credentials import NewCredential
from ledger.domain.values import moment
from ledger.errors import Refusal

DOOR: Final = Door("invitations", "Who may come in as a person: links that work once, for admins")
MOMENTS: Final = ("made_at", "expires_at", "used_at", "ended_at")


def as_json(held: Held) -> dict[str, Any]:
    body = {
        "id": held.id,
        "state": held.state(the_ledger().clock.now()),
        "name": held.name,
        "principal": held.principal,
        "role": held.role,
        "organisations": held.organisations,
        "trust": held.trust,
        "ledger": held.whole_ledger,
        "person_id": held.person_id,
        "made_by": held.made_by,
        **{name: None if getattr(held, name) is None else moment(getattr(held, name)) for name in MOMENTS},
    }
    return {name: value for name, value in body.items() if value is not None}


@DOOR.post(
    "/v1/invitations",
    Answer(201, NewLink),
    body=NewInvitation,
    claims=True,
    refuses=(NotForPeople, TooManyInvitations, AddressRefused, LettersOff),
)
def invite(asked: Asked, body: Asked) -> Response:
    """Invites a person

    The link is in this answer, and in a letter to `address` where one is given, and nowhere else, ever. It works once,
    for seven days; taking it up is a fact (`credential.issued`), by the admin who invited.
    """
    ledger, new = the_ledger(), dict(body)
    address = new.pop("address", None)
    if address is not None:
        ledger.letters.require_address(address)
    try:
        held, token = ledger.people.invite(admin(), NewCredential(**new))
    except Refusal as refusal:
        raise pointed_here(refusal) from None
    if address is not None:
        ledger.letters.invite(held.principal, address, held.id, token, held.expires_at)
    link = f"{public_url() or request.host_url.rstrip('/')}/join/{token}"
    headers = {"Location": f"/v1/invitations/{held.id}"}
    return made(as_json(held) | {"link": link}, 201, ledger.head(), headers)


@DOOR.get("/v1/invitations", Answer(200, Invitations), CSV_TOO, query=InvitationsQuery)
def list_invitations(asked: Asked) -> Response:
    """The invitations of the last ninety days, oldest first; never a link"""
    admin()
    ledger = the_ledger()
    as_far_as_asked(asked)
    page, position = page_of(asked, InvitationsQuery), ledger.head()
    found = ledger.people.invitations.every(page.after_text() or "", page.limit + 1)
    items = [as_json(one) for one in found[: page.limit]]
    last = items[-1]["id"] if items else page.after_text() or ""
    body = listed(items, page, last, more=len(found) > page.limit, position=position, name="items")
    return link_next(figures(body, rows="items", of=Invitation, name="invitations", text=True), body)


@DOOR.get("/v1/invitations/<uuid:invitation_id>", Answer(200, Invitation))
def one_invitation(asked: Asked, invitation_id: UUID) -> Response:
    """One invitation; never its link"""
    admin()
    held = the_ledger().people.invitations.one(str(invitation_id))
    return shown(as_json(held), position=the_ledger().head(), text=True)


@DOOR.delete("/v1/invitations/<uuid:invitation_id>", Answer(204))
def end_invitation(asked: Asked, invitation_id: UUID) -> Response:
    """Ends an invitation: its link opens nothing any more"""
    admin()
    the_ledger().people.invitations.end(str(invitation_id))
    return Response(status=204)
