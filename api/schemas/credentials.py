"""Credentials, as they are asked for and as they are told of."""

from __future__ import annotations

import typing
from collections.abc import Mapping
from typing import Any

import marshmallow as ma

from api.schemas.fields import Choice, Count, Id, Line, Moment, Truth, Words
from api.schemas.queries import Paged
from api.schemas.words import Told, integer, many, moment, text, truth, uuid
from ledger.domain.credential.facts import CredentialRole, Scope


class NewKey(ma.Schema):
    """What a new key is to allow."""

    name = Line("what the key is called in lists", required=True)
    role = Choice("who uses it", typing.get_args(CredentialRole), required=True)
    organisations = Words(Id("the organisations it speaks for (member, coordinator: one; client: several)"), 100)
    trust = Id("the trust an auditor reads")
    ledger = Truth("true: an auditor reads the whole ledger", attribute="whole_ledger")
    person_id = Id("the person it belongs to")
    scopes = Words(Choice("what it may do; absent: all that its role may", typing.get_args(Scope)), 3)
    expires_at = Moment("when it ends by itself")
    principal = Id("a principal who has a key already, and gets a further one")

    @ma.pre_load
    def without_nothing(self, data: Mapping[str, Any], **_: Any) -> dict[str, Any]:
        """Null is as good as absent."""
        return {name: value for name, value in data.items() if value is not None}


class Rotation(ma.Schema):
    """How a key is replaced."""

    overlap_hours = Count("for how long the key before goes on; 0: it ends at once", 0, 168, load_default=24)


class CredentialsQuery(Paged):
    """The credentials, oldest first."""


class Credential(Told):
    """A key as it is listed, without the key."""

    id = uuid("the key's id")
    principal = uuid("the person or machine it belongs to")
    name = text("what it is called")
    role = text("who uses it")
    organisations = many(None, "the organisations it speaks for")
    trust = uuid("the trust an auditor reads", required=False)
    ledger = truth("whether an auditor reads the whole ledger")
    person_id = uuid("the person it belongs to", required=False)
    scopes = many(None, "what it may do; empty: all that its role may")
    made_at = moment("when it was issued")
    expires_at = moment("when it ends by itself", required=False)
    revoked_at = moment("when it was ended", required=False)
    used_at = moment("when it was last used, to the minute", required=False)
    rotated_at = moment("when its key was last replaced", required=False)
    former_until = moment("until when a key that was replaced goes on, while one does", required=False)


class IssuedKey(Credential):
    """A new key, with the key: the only time it is shown."""

    api_key = text("the key itself; keep it, it is not shown again")


class Credentials(Told):
    """All keys."""

    items = many(Credential, "oldest first")
    next = text("the cursor for what follows")
    has_more = truth("whether there is more now")
    position = integer("the last position")
