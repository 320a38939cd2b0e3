"""Points at which a partner may leave, and what leaving takes, as the OpenAPI document tells of them."""

from __future__ import annotations

from typing import Final, get_args

import marshmallow as ma

from api.schemas.fields import Choice, Day, Id
from api.schemas.figures import Header, Share
from api.schemas.queries import Figures, Paged
from api.schemas.words import Told, days, integer, many, nested, text, truth, uuid, value
from projections.withdrawal.points import State

STATES: Final = get_args(State)


class PointsQuery(Figures, Paged):
    """The points of a partnership, the latest to open first."""

    organisation = Id("those of this partner")
    state = Choice("where they stand", STATES)


class WayOutQuery(Figures):
    """The way out of one partner."""

    organisation = Id("the partner; a member's own where it says none")
    on = Day("the day on which notice would be given (default: as_of); without as_of, also the day that is looked at")


class StandingFigures(Told):
    """What stands, in whole minutes: above 0 where more was given than got."""

    standing_minutes = integer("given less got, brought forward and disposed of included")
    turnover_minutes = integer("given and got")
    balance_index = nested(Share, "standing ÷ the larger of turnover and |standing|", required=False)


class Point(Told):
    """A point at which a partner may leave: an offer to think, with its reason."""

    point_id = text("kind:partnership:organisation:key; a notice names it")
    kind = text("what opens it")
    partnership_id = uuid("the partnership")
    organisation_id = uuid("the partner whose point it is")
    state = text("upcoming, open, passed or taken")
    opens_on = days("its first day")
    closes_on = days("its last day; null while nobody can tell it", required=False)
    notice_by = days("the last day for giving notice, where the point has a day of its own", required=False)
    earliest_leaving_on = days("for who answers it on the day asked; null once it has passed", required=False)
    because = ma.fields.List(ma.fields.Raw(), metadata={"description": "a sentence, and the ids of its facts"})
    rule_version = text("the rules by which it was worked out")
    way = text("of one_sided: gives or gets", required=False)
    made_up_elsewhere = truth("support outside this partnership makes up for it", required=False)
    inside = nested(StandingFigures, "of one_sided: in this partnership", required=False)
    elsewhere = nested(StandingFigures, "over all its support; to the partner itself alone", required=False)
    why = value("by name, why a day is null", required=False)


class Notice(Told):
    """A notice that was given."""

    organisation_id = uuid("who leaves")
    given_on = days("when it was given")
    leaves_on = days("the day it names")
    rescinded_on = days("when it was taken back", required=False)
    point_id = text("the point it names", required=False)
    point_was_open = truth("whether that point was open that day, by what was recorded then", required=False)
    event_id = uuid("its fact")


class Points(Header):
    """A page of points, and all notices."""

    items = many(Point, "the latest to open first")
    next = text("the cursor for what follows")
    has_more = truth("whether there is more now")
    notices = many(Notice, "in the order of recording")
    working = ma.fields.List(ma.fields.Dict(), metadata={"description": "?explain=true: each point step by step"})


class Leaving(Told):
    """When a partner may leave."""

    notice_days = integer("by the terms")
    allow_immediate = truth("whether the terms let a partner leave at once")
    earliest_leaving_on = days("if notice is given on `on`; the day of the notice that stands", required=False)
    end_of_term_on = days("of the term in which that falls, where a calendar is set", required=False)
    partner_since = days("its first day as a partner", required=False)
    left_on = days("its first day as none any more", required=False)
    notice = nested(Notice, "that stands", required=False)
    why = value("by name, why a day is null")


class StillOpen(Told):
    """What is open, each by its id; what ended with the membership is listed as that."""

    supports = ma.fields.List(ma.fields.Dict(), metadata={"description": "agreed, neither completed nor cancelled"})
    postings = ma.fields.List(ma.fields.Dict(), metadata={"description": "own offers and requests"})
    deliveries = ma.fields.List(ma.fields.Dict(), metadata={"description": "unanswered and disputed ones"})
    reviews = ma.fields.List(ma.fields.Dict(), metadata={"description": "reviews owed"})


class StandingWith(Told):
    """What stands with one other, and what may become of it."""

    organisation_id = uuid("the other")
    standing_minutes = integer("above 0 where the other got more")
    choices = ma.fields.List(
        ma.fields.Dict(), metadata={"description": "returned, passed_on, forgiven, carried, left_open: who must agree"}
    )
    proposed = ma.fields.List(ma.fields.Dict(), metadata={"description": "disposals that wait for a yes"})
    event_ids = many(None, "the facts that make it up")


class WayOut(Header):
    """What leaving takes."""

    organisation_id = uuid("the partner")
    on = days("the day on which notice would be given")
    leaving = nested(Leaving, "its dates")
    open = nested(StillOpen, "what is still open")
    standing = many(StandingWith, "with each other partner")
    depends = value("two_way, comes_round, one_way with and without it; and who got how much from it")
    lessons = value("supports with an outcome recorded, and those without")
    working = ma.fields.List(ma.fields.Dict(), metadata={"description": "?explain=true: each figure step by step"})
