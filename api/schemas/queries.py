"""The query parameters of each kind of question."""

from __future__ import annotations

import marshmallow as ma

from api.schemas.fields import Choice, Day, EventName, Flag, Id, Known, Line, Moment, Whole, Words

MOST_POSITION = 2**53 - 1


class Query(ma.Schema):
    """What every query refuses: parameters that it does not know."""

    class Meta:
        unknown = ma.RAISE


class AnyQuery(Query):
    """Whatever it holds is passed over: a protocol of others asks for that."""

    class Meta:
        unknown = ma.EXCLUDE


class NoQuery(Query):
    """No parameters."""


class PostQuery(Query):
    """How a post is taken."""

    atomic = Flag("false: each event of a batch stands alone, and the answer is 207", load_default=True)
    dry_run = Flag("true: every rule is asked, nothing is written", load_default=False)


class MinPosition(Query):
    """From where on the answer must know the ledger."""

    min_position = Whole("wait until this position is visible, else 503", 0, MOST_POSITION)


class Paged(MinPosition):
    """A list, page by page."""

    limit = Whole("items on a page", 1, 1000, load_default=100)
    cursor = Line("the `next` of another page; it carries that page's filters", most=4000)


class FactFilters(Query):
    """The facts wanted; each filter that is given must hold."""

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


class FactsQuery(Paged, FactFilters):
    """Facts in ledger order; each filter that is given must hold."""

    after = Whole("only what follows this position", 0, MOST_POSITION)
    recorded_to = Moment("recorded before")
    wait = Whole("seconds to hold the answer until something matches", 0, 30, load_default=0)


class FactQuery(Query):
    """One fact."""

    dataschema = Choice("`stored`: the data in the schema they were recorded in", ("stored",))


class Dated(MinPosition):
    """When something is asked for: as of a business date, as known at a position or moment."""

    as_of = Day("only what had happened by this day (default: today in the ledger's zone)")
    known_at = Known("`position:N` or a moment: only what was recorded by then")


class Figures(Dated):
    """Figures, which can tell how they come about."""

    explain = Flag("true: how each figure comes about", load_default=False)


class Between(Dated):
    """What lies in a stretch of days."""

    from_ = Day("from this day", data_key="from")
    to = Day("to this day, inclusive")


class Windowed(Figures, Between):
    """Figures over a stretch of days."""


class Balanced(Windowed):
    """A balance, with all or with one."""

    with_ = Id("only what passed between the two", data_key="with")


class StatementQuery(Balanced, Paged):
    """An account, page by page."""


class PagedFigures(Windowed, Paged):
    """A list of figures over a stretch of days, page by page."""


class OrganisationsQuery(Paged):
    """The directory."""

    q = Line("words of the name", most=100)
    identifier = Line("`scheme:value`, such as urn:100000", most=60)


class PartnershipsQuery(Paged):
    """The partnerships in sight."""


class StreamFacts(Paged):
    """The facts of one stream."""

    after = Whole("only what follows this position", 0, MOST_POSITION)
    dataschema = Choice("`stored`: the data in the schema they were recorded in", ("stored",))
