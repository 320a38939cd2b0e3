"""The board and the chain of a support, as the OpenAPI document tells of them."""

from __future__ import annotations

import marshmallow as ma

from api.schemas.events import Event, StreamAsItStands
from api.schemas.fields import Id, Line, Whole
from api.schemas.figures import Header
from api.schemas.queries import MOST_POSITION, Between, Figures, Paged
from api.schemas.words import Told, days, integer, many, moment, nested, text, truth, uuid, value


class BoardQuery(Between, Paged):
    """What is offered or asked for; the window finds what may be taken up at some time in it."""

    category = Line("the category of support", most=60)
    partnership = Id("the partnership it counts in")
    phase = Line("the phase of its maker", most=60)
    region = Line("the region of its maker", most=60)
    least_minutes = Whole("with at least so many minutes left", 1, MOST_POSITION)


class OffersQuery(BoardQuery):
    """What is offered."""

    q = Line("words of the summary", most=100)


class MatchesQuery(Figures, Paged):
    """What would go together."""

    support = Id("the offer or request to look for; absent: all that are the reader's")


class OpenTo(Told):
    """Who may answer."""

    to = text("organisation, partnership, trust or pool")
    organisation_id = uuid("the one it is addressed to", required=False)


class Posting(Told):
    """An offer or a request, as far as the reader is shown it."""

    support_id = uuid("its stream")
    kind = text("offer or request")
    category = text("its category; `other` where a confidential one is not the reader's")
    maker_id = uuid("who offers or asks; absent where a request in the pool is not named", required=False)
    partnership_id = uuid("the partnership it counts in", required=False)
    phase = text("the phase of its maker", required=False)
    region = text("the region of its maker", required=False)
    minutes = integer("offered or asked for", required=False)
    minutes_left = integer("what agreements left of it", required=False)
    open_to = nested(OpenTo, "who may answer", required=False)
    available_from = days("an offer's first day", required=False)
    available_until = days("an offer's last day", required=False)
    needed_by = days("a request's last day", required=False)
    basis = text("of an offer: exchange, gift, paid or funded", required=False)
    paid_by = text("who pays", required=False)
    pence_per_day = integer("at which rate", required=False)
    summary = text("what is offered", required=False)
    need = text("what is asked for, to those who may read it", required=False)
    named = truth("whether everybody is shown who asks", required=False)
    confidential = truth("whether it is", required=False)
    arising_from = value("the review and finding it arises from", required=False)
    event_ids = many(None, "its facts, and those by which something was taken of it", required=False)


class BoardPage(Header):
    """A page of the board."""

    items = many(Posting, "the newest first")
    next = text("the cursor for what follows")
    has_more = truth("whether there is more now")


class DraftRequest(Told):
    """A finding that asks for support, as the request that could be made of it."""

    receiver_id = uuid("whose finding it is")
    partnership_id = uuid("the partnership the review names", required=False)
    category = text("the category that bears the name of the area", required=False)
    area = text("the area of the finding")
    need = text("its next step, to those who may read it", required=False)
    arising_from = value("the review and the finding")
    held_on = days("when the review was held")
    event_ids = many(None, "the review's completion and its answer")


class Requests(BoardPage):
    """A page of requests."""

    drafts = many(DraftRequest, "on the first page: accepted findings that nothing was asked for yet")


class Reason(Told):
    """Why two go together."""

    code = text("a stable word")
    says = text("a sentence")
    weight = integer("how much it weighs")


class Match(Told):
    """An offer that could meet a request."""

    for_id = uuid("the offer or request it was looked for")
    offer_id = uuid("the offer")
    request_id = uuid("the request")
    giver_id = uuid("who offers")
    receiver_id = uuid("who asks, where the reader is shown it", required=False)
    category = text("their category")
    minutes_left = integer("left of the offer")
    minutes_asked = integer("still asked for, where the reader is shown it", required=False)
    available_from = days("the offer's first day", required=False)
    available_until = days("the offer's last day", required=False)
    needed_by = days("the request's last day", required=False)
    summary = text("what is offered")
    weight = integer("all reasons together; the heaviest come first")
    reasons = many(Reason, "why")


class Matches(Header):
    """A page of matches."""

    items = many(Match, "by what they are for, the newest first, then by weight")
    next = text("the cursor for what follows")
    has_more = truth("whether there is more now")
    working = ma.fields.List(
        ma.fields.Dict(), metadata={"description": "?explain=true: the weight of each match, reason by reason"}
    )


class Element(Told):
    """One thing that was said."""

    type = text("the stored name of the event")
    stream_id = uuid("the review or support in which it was said")
    on = days("its business date")
    recorded_on = days("the day on which it was recorded")
    voice_id = uuid("whose word it is", required=False)
    says = text("what it means, in a sentence")
    minutes = integer("the minutes it is about", required=False)
    delivery_id = text("the delivery it is about", required=False)
    event_id = uuid("the fact")
    position = integer("of the fact")


class StepTaken(Told):
    """One step that was taken with a delivery."""

    step = text("confirmed, confirmation_withdrawn, disputed, settled, attested or reversed")
    on = days("its business date")
    recorded_on = days("the day on which it was recorded")
    event_id = uuid("the fact")
    voice_id = uuid("whose word it is", required=False)
    minutes = integer("what a settlement came to", required=False)


class DeliveryInChain(Told):
    """A delivery with every step."""

    support_id = uuid("the support")
    delivery_id = text("its id there")
    delivered_on = days("its day")
    recorded_on = days("the day on which it was recorded")
    status = text("claimed, confirmed, disputed, attested, settled or reversed")
    minutes = integer("what the giver recorded")
    confirmed_minutes = integer("what counts of it")
    basis = text("exchange, gift, paid or funded")
    event_id = uuid("the fact")
    steps = many(StepTaken, "in the order of recording")


class Sibling(Told):
    """Another support that belongs beside it."""

    way = text("answers, answered_by, same_posting or same_occasion")
    support_id = uuid("the other")
    giver_id = uuid("who gives", required=False)
    receiver_id = uuid("who gets", required=False)
    category = text("its category")
    agreed_minutes = integer("what is agreed", required=False)


class ChainLink(StreamAsItStands):
    """A stream of the chain."""

    events = many(Event, "its facts")


class Opening(Told):
    """An auditor opened texts, or what is confidential."""

    at = moment("when")
    reason = text("why, in the auditor's words")


class Chain(Header):
    """One piece of support from first word to outcome."""

    id = uuid("the support asked for")
    category = text("its category; `other` where it is confidential and not the reader's")
    partnership_id = uuid("the partnership it counts in", required=False)
    giver_id = uuid("who gives", required=False)
    receiver_id = uuid("who gets", required=False)
    confidential = truth("whether it is", required=False)
    agreed_minutes = integer("as last varied", required=False)
    delivered_minutes = integer("recorded and not taken back, answered or not", required=False)
    confirmed_minutes = integer("what counts")
    unanswered_minutes = integer("recorded, not yet confirmed", required=False)
    disputed_minutes = integer("queried", required=False)
    attested_minutes = integer("attested: counts in no balance", required=False)
    open_minutes = integer("agreed and still to be given", required=False)
    missed_minutes = integer("visits that did not take place", required=False)
    withheld_minutes = integer("confirmed in confidential support that is not told", required=False)
    offered_minutes = integer("the offer it comes from", required=False)
    requested_minutes = integer("the request it comes from", required=False)
    left_minutes = integer("what is left of that", required=False)
    offer_state = text("the state of the offer it comes from", required=False)
    request_state = text("the state of the request it comes from", required=False)
    elements = many(Element, "everything that was said, in the order of the chain")
    deliveries = many(DeliveryInChain, "in the order of recording")
    siblings = many(Sibling, "what belongs beside it")
    chain = many(ChainLink, "review, offer or request, agreements: in the order in which one led to the next")
    opened_by_auditors = many(Opening, "for its two sides: every time, the earliest first", required=False)
    working = ma.fields.List(
        ma.fields.Dict(), metadata={"description": "?explain=true: how the figures come about, step by step"}
    )
