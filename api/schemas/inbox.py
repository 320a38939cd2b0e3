"""What needs a reader, as the OpenAPI document tells of it."""

from __future__ import annotations

import marshmallow as ma

from api.schemas.fields import Choice, Id
from api.schemas.figures import Header
from api.schemas.queries import Figures, Paged
from api.schemas.words import Told, days, integer, many, nested, text, truth, uuid, value
from projections.inbox.items import KINDS


class InboxQuery(Figures, Paged):
    """What needs the reader, page by page."""

    kind = Choice("items of this kind", tuple(KINDS))
    organisation = Id("what waits for this organisation")
    partnership = Id("what belongs to this partnership")


class Action(Told):
    """The event to post."""

    type = text("its stored name")
    subject = uuid("its stream; absent for a new one", required=False)
    recordedfor = uuid("the organisation that speaks")
    data = value("what is known of its data; the rest is for the reader to say")


class Item(Told):
    """Something that needs the reader."""

    kind = text("what it is", enum=list(KINDS))
    organisation_id = uuid("whom it waits for", required=False)
    partnership_id = uuid("where it belongs", required=False)
    counterpart_id = uuid("the other side", required=False)
    since = days("since when it waits")
    due = days("the last day on which it is in time; absent where there is none", required=False)
    overdue = truth("whether that day has passed, where somebody has to act")
    minutes = integer("how much it is about", required=False)
    says = text("what it is, in a sentence")
    action = nested(Action, "the step it leads to; absent where there is none for the reader", required=False)
    may_act = truth("whether the reader may take that step")
    why_not = text("the code of the refusal that the reader would meet", required=False)
    point_id = text("of a withdrawal point or a change of one", required=False)
    point_kind = text("what opens the point", required=False)
    state = text("of a withdrawal point: upcoming or open", required=False)
    opens_on = days("of a withdrawal point: its first day", required=False)
    change = text("of a change: health_band or point", required=False)
    from_ = ma.fields.String(data_key="from", metadata={"description": "of a change: what was so"})
    to = text("of a change: what is", required=False)
    rule_version = text("of a point or change: the rules by which it was worked out", required=False)
    event_ids = many(None, "the facts it rests on")


class ItemLine(Item):
    """An item as a line of a table: its step by type, stream and voice."""

    class Meta(Told.Meta):
        exclude = ("action",)

    action_type = text("the event to post", required=False)
    action_subject = uuid("its stream", required=False)
    action_recordedfor = uuid("the organisation that speaks", required=False)


class Inbox(Header):
    """A page of an inbox."""

    items = many(Item, "what is late first, then by day, then by how long it waits")
    counts = value("how many there are in all, by kind")
    changes_up_to = days("the last day on which changes were looked for; absent where never", required=False)
    next = text("the cursor for what follows")
    has_more = truth("whether there is more now")
    working = ma.fields.List(ma.fields.Dict(), metadata={"description": "?explain=true: each item step by step"})
