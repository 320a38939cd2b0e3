"""Who read what: what is asked for, and what is answered."""

from __future__ import annotations

from api.schemas.fields import Choice, Id, Line, Moment
from api.schemas.queries import Paged
from api.schemas.words import Told, integer, many, moment, text, truth, uuid, value


class AccessQuery(Paged):
    """Entries in the order of writing; each filter that is given must hold."""

    principal = Id("who read")
    organisation = Id("an organisation that was asked about")
    partnership = Id("a partnership that was asked about")
    route = Line("the route, as `/v1/partnerships/{partnership_id}/health`", most=200)
    from_ = Moment("read at or after", data_key="from")
    to = Moment("read before")
    order = Choice("`written` (the default) or `newest` first", ("written", "newest"))


class AccessEntry(Told):
    """One reading request."""

    entry = integer("its number; they grow in the order of writing")
    at = moment("when it was answered")
    principal = uuid("who read")
    role = text("with what role")
    route = text("what was asked: the route, with the places of ids in braces")
    id = uuid("the id in the path", required=False)
    organisation_ids = many(None, "the organisations that it named, or whose fact or thing it read")
    partnership_ids = many(None, "the partnerships, likewise")
    asked = value("its query; of free text only that there was some")
    status = integer("the HTTP status of the answer")
    rows = integer("how many things the answer listed", required=False)
    reason = text("why an auditor opened texts, or what is confidential", required=False)
    opened = many(None, "the streams that the reason opened", required=False)


class AccessLog(Told):
    """A page of the access log."""

    items = many(AccessEntry, "in the order asked for")
    next = text("the cursor for what follows")
    has_more = truth("whether there is more now")
    position = integer("the last position of the ledger")
