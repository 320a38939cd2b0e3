"""What may be asked of the live feed."""

from __future__ import annotations

from api.schemas.fields import Choice, Day, EventName, Id, Line, Moment, Whole, Words
from api.schemas.queries import MOST_POSITION, Query


class StreamQuery(Query):
    """The facts wanted; each filter that is given must hold."""

    after = Whole("begin after this position; absent: with what is recorded from now on", 0, MOST_POSITION)
    type = Words(EventName("stored names of events"), 100)
    stream = Id("the stream")
    organisation = Id("an organisation that the fact names or concerns")
    voice = Id("the organisation whose word it is")
    partnership = Id("the partnership it counts in")
    actor = Id("the principal that recorded it")
    correlationid = Line("what the client correlated it with", most=255)
    recorded_from = Moment("recorded at or after")
    on_from = Day("business date from")
    on_to = Day("business date to, inclusive")
    dataschema = Choice("`stored`: the data in the schema they were recorded in", ("stored",))
