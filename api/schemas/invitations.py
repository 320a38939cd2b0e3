"""Invitations, as they are asked for and as they are told of."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import marshmallow as ma

from api.schemas.fields import Choice, Id, Line, Truth, Words
from api.schemas.queries import Paged
from api.schemas.words import Told, integer, many, moment, text, truth, uuid


class NewInvitation(ma.Schema):
    """Whom to invite, and to what."""

    name = Line("what the account is called in lists, such as the school and the office", required=True)
    role = Choice("as what they are to speak", ("member", "coordinator", "auditor", "admin"), required=True)
    organisations = Words(Id("the organisation they speak for (member, coordinator: one)"), 100)
    trust = Id("the trust an auditor reads")
    ledger = Truth("true: an auditor reads the whole ledger", attribute="whole_ledger")
    person_id = Id("the person it is for")
    principal = Id("a principal who has a key already, and is to sign in as well")
    address = Line("an e-mail address to send the link to, where this service sends mail", most=254)

    @ma.pre_load
    def without_nothing(self, data: Mapping[str, Any], **_: Any) -> dict[str, Any]:
        """Null is as good as absent."""
        return {name: value for name, value in data.items() if value is not None}


class InvitationsQuery(Paged):
    """The invitations, oldest first."""


class Invitation(Told):
    """An invitation as it is listed, without its link."""

    id = uuid("the invitation's id")
    state = text("open, used, ended or expired")
    name = text("what the account is called")
    principal = uuid("the person it is for, as the facts name them")
    role = text("as what they are to speak")
    organisations = many(None, "the organisations they speak for")
    trust = uuid("the trust an auditor reads", required=False)
    ledger = truth("whether an auditor reads the whole ledger")
    person_id = uuid("the person it is for", required=False)
    made_by = uuid("the admin who invited")
    made_at = moment("when it was made")
    expires_at = moment("when it runs out")
    used_at = moment("when it was taken up", required=False)
    ended_at = moment("when it was ended", required=False)


class NewLink(Invitation):
    """A new invitation, with its link: the only time it is shown."""

    link = text("the link to hand over; whoever opens it first has the account")


class Invitations(Told):
    """The invitations of the last ninety days."""

    items = many(Invitation, "oldest first")
    next = text("the cursor for what follows")
    has_more = truth("whether there is more now")
    position = integer("the last position")
