"""Peer reviews, as the OpenAPI document tells of them."""

from __future__ import annotations

from typing import Final

import marshmallow as ma

from api.schemas.fields import Choice, Id
from api.schemas.figures import Header, Share
from api.schemas.queries import Figures, Paged, Windowed
from api.schemas.words import Told, days, integer, many, nested, text, truth, uuid, value

STATES: Final = ("scheduled", "completed", "answered", "withdrawn")


class ReviewsQuery(Windowed, Paged):
    """Peer reviews; the window is that of the day each was held, or is planned for."""

    organisation = Id("reviews in which it takes part")
    partnership = Id("reviews that count for it")
    state = Choice("where they stand", STATES)


class ReviewQuery(Figures):
    """One peer review."""


class Rigour(Told):
    """The four questions that a review's rigour is made of."""

    held_in_time = truth("held within 14 days of its date")
    has_to_develop = truth("found something to develop")
    no_swap = truth("the reviewed did not review a reviewer within 365 days either side")
    from_outside = truth("moderated, or led from outside the partnership")


class ReviewInShort(Told):
    """A peer review as lists show it."""

    id = uuid("its id")
    state = text("scheduled, completed, answered or withdrawn")
    reviewed_id = uuid("who is reviewed")
    reviewer_ids = many(None, "who reviews")
    lead_id = uuid("who leads")
    moderator_id = uuid("who moderates", required=False)
    partnership_id = uuid("the partnership it names", required=False)
    framework_id = uuid("the framework it follows", required=False)
    support_id = uuid("the support by which it is given", required=False)
    planned_on = days("the day it is planned for")
    held_on = days("the day it was held", required=False)
    overdue = truth("more than 14 days past its date and not held")
    swap = truth("the reviewed reviewed a reviewer within 365 days either side")
    swap_review_ids = many(None, "the reviews that make it one, as far as they are in sight")
    in_ring = truth("stands in a ring of schools that review each other in turn")
    moderated = truth("a moderator gave a verdict")
    lead_from_outside = truth("its lead came from outside the partnership")
    same_trust_ids = many(None, "reviewers of the same trust as the reviewed")
    parts = many(None, "what this reader may have: full, all, summary, strengths, outline")
    judgements = value("how many findings of each judgement", required=False)
    rigour = nested(Share, "how many of the four hold; null where that is not known, with `why`", required=False)
    holds = nested(Rigour, "the four", required=False)
    why = value("by name, why a figure is null", required=False)


class ReviewPair(Told):
    """Who reviewed whom."""

    reviewer_id = uuid("who reviewed")
    reviewed_id = uuid("whom")
    reviews = integer("how often")


class ReviewRing(Told):
    """Schools that review each other in turn."""

    organisation_ids = many(None, "each reviewed the next, the last the first")
    review_ids = many(None, "the reviews it is made of")


class Explained(Header):
    """What says how its figures come about."""

    working = ma.fields.List(
        ma.fields.Dict(), metadata={"description": "?explain=true: how each figure comes about, step by step"}
    )


class Reviews(Explained):
    """A page of peer reviews, and figures over all that were asked for."""

    reviews = integer("how many")
    held = integer("how many of them were held")
    overdue = integer("how many are overdue")
    swaps = integer("how many of those held are swaps")
    rigour = nested(Share, "the mean over those whose report this reader may know", required=False)
    why = value("by name, why a figure is null", required=False)
    codes = many(None, "`cosy`: the latest two found nothing to develop, are swaps, had nobody from outside")
    pairs = many(ReviewPair, "who reviewed whom")
    rings = many(ReviewRing, "the rings among them")
    items = many(ReviewInShort, "in order of the day they are planned for")
    next = text("the cursor for what follows")
    has_more = truth("whether there is more now")


class ReviewLink(Told):
    """One step from a finding to what came of it."""

    step = text("found, accepted, not_accepted, asked, agreed, recorded, delivered or outcome")
    on = days("its business date")
    event_ids = many(None, "its facts")
    support_id = uuid("the support", required=False)
    category = text("its category", required=False)
    giver_id = uuid("who gives", required=False)
    minutes = integer("asked for, agreed, recorded or confirmed", required=False)
    impact = integer("of an outcome, from -1 to 3", required=False)
    voice_id = uuid("in whose word", required=False)


class ReviewFinding(Told):
    """A finding, as far as the reader may have it."""

    finding_id = text("its id in the review")
    area = text("what it is about")
    judgement = text("strength, sound or to_develop")
    evidence = text("what it rests on", required=False)
    next_step = text("what might come next", required=False)
    accepted = truth("whether the reviewed accepts it", required=False)
    comment = text("what the reviewed says to it", required=False)
    reached = text("how far it has come: the last step of its chain", required=False)
    chain = many(ReviewLink, "what came of it", required=False)


class Review(Explained, ReviewInShort):
    """A peer review as far as this reader may have it."""

    findings = many(ReviewFinding, "in their order")
    answer = value("the right of reply", required=False)
    moderation = value("the moderator's verdict", required=False)
    opened = ma.fields.List(ma.fields.Dict(), metadata={"description": "to whom the report was opened"})
    event_ids = many(None, "its facts", required=False)
