"""/v1/credentials: API keys, issued and ended by an admin."""

from __future__ import annotations

from typing import Any, Final
from uuid import UUID

from flask import Response

from api.answers import shown
from api.asking import Asked
from api.door import Answer, Door
from api.resources.posting import made
from api.schemas.credentials import Credential, Credentials, IssuedKey, NewKey
from api.speaking import speaker, the_ledger
from ledger.credentials import Credential as Held
from ledger.credentials import NewCredential, NoSuchCredential
from ledger.domain.fact import Speaker
from ledger.domain.refusals import RoleForbidden
from ledger.domain.values import moment
from ledger.errors import FieldError, Refusal

DOOR: Final = Door("credentials", "Who may speak for whom: API keys, for admins")


def admin() -> Speaker:
    """Raises RoleForbidden for everybody but an admin."""
    who = speaker()
    if who.role != "admin":
        raise RoleForbidden("only an admin sees to credentials", role=who.role, type="credential.issued")
    return who


def as_json(held: Held) -> dict[str, Any]:
    moments = {name: getattr(held, name) for name in ("made_at", "expires_at", "revoked_at", "used_at")}
    body = {
        "id": held.id,
        "principal": held.principal,
        "name": held.name,
        "role": held.role,
        "organisations": held.organisations,
        "trust": held.trust,
        "ledger": held.whole_ledger,
        "person_id": held.person_id,
        "scopes": held.scopes,
        **{name: None if at is None else moment(at) for name, at in moments.items()},
    }
    return {name: value for name, value in body.items() if value is not None}


@DOOR.post("/v1/credentials", Answer(201, IssuedKey), body=NewKey)
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


@DOOR.get("/v1/credentials", Answer(200, Credentials))
def list_credentials(asked: Asked) -> Response:
    """All credentials, oldest first; never a key"""
    admin()
    items = [as_json(one) for one in the_ledger().credentials.list()]
    position = the_ledger().head()
    return shown({"items": items, "position": position}, position=position, text=True)


@DOOR.get("/v1/credentials/<uuid:credential_id>", Answer(200, Credential))
def one_credential(asked: Asked, credential_id: UUID) -> Response:
    """One credential; never its key"""
    admin()
    held = next((one for one in the_ledger().credentials.list() if one.id == str(credential_id)), None)
    if held is None:
        raise NoSuchCredential(id=str(credential_id))
    return shown(as_json(held), position=the_ledger().head(), text=True)


@DOOR.delete("/v1/credentials/<uuid:credential_id>", Answer(204))
def end_credential(asked: Asked, credential_id: UUID) -> Response:
    """Ends a key at once"""
    the_ledger().credentials.revoke(admin(), str(credential_id))
    return Response(status=204)
