"""The health of partnerships, as the OpenAPI document tells of it."""

from __future__ import annotations

import marshmallow as ma

from api.schemas.figures import Header, Share
from api.schemas.words import Open, Told, days, many, nested, text, truth, value


class DimensionFigures(Open):
    """One dimension; it also holds what it was counted from."""

    f = nested(Share, "0 to 1; null where it cannot be told, with `why`", required=False)
    score = nested(Share, "4 · f", required=False)
    why = text("why it cannot be told", required=False)
    event_ids = many(None, "the facts it rests on")


class Dimensions(Told):
    """The eight, by name."""

    purpose = nested(DimensionFigures, "aims with a measure, agreements with an aim, a review held")
    reciprocity = nested(DimensionFigures, "what was two-way or came round")
    tempo = nested(DimensionFigures, "days since the last confirmed support, against its own pace")
    follow_through = nested(DimensionFigures, "what was delivered of what was agreed")
    confirmation = nested(DimensionFigures, "what was answered in time")
    outcomes = nested(DimensionFigures, "what came of completed support, in the receiver's word")
    challenge = nested(DimensionFigures, "peer reviews beyond a friendly chat")
    resilience = nested(DimensionFigures, "does not rest on one school or one person")


class HealthFigures(Header):
    """How a partnership is doing."""

    dimensions = nested(Dimensions, "what the record shows")
    overall = nested(Share, "the mean of those known; null with fewer than three", required=False)
    band = text("of the mean: below_50, from_50, from_92 or unknown")
    low = many(None, "dimensions below 50/140, the lowest first")
    codes = many(None, "`cosy`: the latest two peer reviews found nothing to develop, are swaps, nobody from outside")
    confirmation_by_receiver = value("by receiver: `f`, deliveries, in_time, late, unanswered, waiting")
    said = value("what partners say in the latest review: ratings as ranges, their own by partner")
    instrument = value("the 35-item instrument, as partners recorded it: total, level and band")
    coverage = value("how many dimensions are known, of how many, and which are missing")
    next_review = value("the day on which the next review is due; null with `why`")
    benchmark = value("published figures to compare with, by dimension")
    told_as_of = value("the last day of a partnership that was closed by `as_of`", required=False)
    why = value("by name, why a figure is null", required=False)
    working = ma.fields.List(
        ma.fields.Dict(), metadata={"description": "?explain=true: how each figure comes about, step by step"}
    )


class HealthChange(Told):
    """What changed on a day."""

    on = days("the day")
    what = text("band, or the dimension")
    from_ = ma.fields.Nested(
        Share, data_key="from", allow_none=True, metadata={"description": "before; null where unknown"}
    )
    to = nested(Share, "after; null where unknown", required=False)
    from_band = text("below_50, from_50, from_92 or unknown")
    to_band = text("below_50, from_50, from_92 or unknown")
    why = text("why it cannot be told any more", required=False)
    event_ids = many(None, "the facts of that day, and those that came in or fell out of the last 365 days")


class HealthHistory(Header):
    """The days on which health changed."""

    items = many(HealthChange, "in order of days; a steady fall is told on its first day")
    next = text("the cursor for what follows")
    has_more = truth("whether there is more now")
