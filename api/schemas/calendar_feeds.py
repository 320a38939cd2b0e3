"""Calendar feeds, as they are asked for and as they are told of."""

from __future__ import annotations

import marshmallow as ma

from api.schemas.fields import Line
from api.schemas.words import Told, integer, many, moment, text, uuid


class NewFeed(ma.Schema):
    """A feed to make."""

    name = Line("what the calendar is called", most=100, load_default="Partnership Ledger")


class Feed(Told):
    """A feed as it is listed, without its address."""

    id = uuid("the feed's id")
    name = text("what the calendar is called")
    made_at = moment("when it was made")
    read_at = moment("when it was last fetched, to the hour", required=False)


class NewlyMade(Feed):
    """A new feed, with its address: the only time it is shown."""

    address = text("the address to subscribe to; whoever has it reads the calendar, so keep it")


class Feeds(Told):
    """The reader's own feeds."""

    items = many(Feed, "oldest first")
    position = integer("the last position")
