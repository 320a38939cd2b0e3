"""/v1/credentials: API keys, issued and ended by an admin."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, Final
from uuid import UUID

from flask import Response

from api.answers import shown
from api.asking import Asked
from api.credentials import told
from api.door import Answer, Door
from api.figures import figures
from api.paging import link_next, listed, page_of
from api.resources.posting import made
from api.schemas.credentials import Credential, Credentials, CredentialsQuery, IssuedKey, NewKey, Rotation
from api.schemas.figures import CSV_TOO
from api.speaking import speaker, the_ledger
from api.waiting import as_far_as_asked
from ledger.credentials import Credential as Held
from ledger.credentials import CredentialEnded, NewCredential
from ledger.domain.fact import Speaker
from ledger.domain.refusals import RoleForbidden
from ledger.errors import FieldError, Refusal

DOOR: Final = Door("credentials", "Who may speak for whom: API keys, for admins")


def admin() -> Speaker:
    """Raises RoleForbidden for everybody but an admin."""
    who = speaker()
    if who.role != "admin":
        raise RoleForbidden("only an admin sees to credentials", role=who.role, type="credential.issued")
    return who


def as_json(held: Held) -> dict[str, Any]:
    return told(held, the_ledger().clock.now())


@DOOR.post("/v1/credentials", Answer(201, IssuedKey), body=NewKey, claims=True)
def issue_credential(asked: Asked, body: Asked) -> Response:
    """Issues an API key

    The key is in this answer and nowhere else, ever; the ledger keeps its hash, and a fact of what it may do.
    """
    who, ledger = admin(), the_ledger()
    try:
        held, key = ledger.credentials.issue(who, NewCredential(**body))
    except Refusal as refusal:
        raise pointed_here(refusal) from None
    headers = {"Location": f"/v1/credentials/{held.id}"}
    return made(as_json(held) | {"api_key": key}, 201, ledger.head(), headers)


def pointed_here(refusal: Refusal) -> Refusal:
    """The refusal of the fact with its pointers into the body of this request, which is the fact's data."""
    refusal.errors = tuple(
        FieldError(error.pointer.removeprefix("/data"), error.code, error.detail) for error in refusal.errors
    )
    return refusal


@DOOR.get("/v1/credentials", Answer(200, Credentials), CSV_TOO, query=CredentialsQuery)
def list_credentials(asked: Asked) -> Response:
    """All credentials, oldest first; never a key"""
    admin()
    ledger = the_ledger()
    as_far_as_asked(asked)
    page, position = page_of(asked, CredentialsQuery), ledger.head()
    found = ledger.credentials.list(page.after_text() or "", page.limit + 1)
    items = [as_json(one) for one in found[: page.limit]]
    last = items[-1]["id"] if items else page.after_text() or ""
    body = listed(items, page, last, more=len(found) > page.limit, position=position, name="items")
    return link_next(figures(body, rows="items", of=Credential, name="credentials", text=True), body)


@DOOR.get("/v1/credentials/<uuid:credential_id>", Answer(200, Credential))
def one_credential(asked: Asked, credential_id: UUID) -> Response:
    """One credential; never its key"""
    admin()
    held = the_ledger().credentials.find(str(credential_id))
    return shown(as_json(held), position=the_ledger().head(), text=True)


@DOOR.post(
    "/v1/credentials/<uuid:credential_id>/rotate",
    Answer(201, IssuedKey),
    body=Rotation,
    refuses=(CredentialEnded,),
)
def rotate_key(asked: Asked, body: Asked, credential_id: UUID) -> Response:
    """Replaces the key of a credential

    The new key is in this answer and nowhere else. The key before goes on for `overlap_hours`, until `former_until`;
    with 0 it ends at once, and with it every earlier key and every access token.
    """
    who, ledger = admin(), the_ledger()
    overlap = timedelta(hours=body["overlap_hours"])
    held, key = ledger.credentials.rotate(who, str(credential_id), overlap)
    headers = {"Location": f"/v1/credentials/{held.id}"}
    return made(as_json(held) | {"api_key": key}, 201, ledger.head(), headers)


@DOOR.delete("/v1/credentials/<uuid:credential_id>", Answer(204))
def end_credential(asked: Asked, credential_id: UUID) -> Response:
    """Ends a credential at once, with all its keys and access tokens"""
    the_ledger().credentials.revoke(admin(), str(credential_id))
    return Response(status=204)
