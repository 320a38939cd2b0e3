"""Reciprocity, as the OpenAPI document tells of it: what is asked, and what is answered. Amounts are whole minutes."""

from __future__ import annotations

import marshmallow as ma

from api.schemas.fields import Choice
from api.schemas.figures import Exchanged, Header, Minutes, PartnerFigures, Passed, Share
from api.schemas.queries import Windowed
from api.schemas.words import Told, integer, many, nested, text, truth, uuid, value
from projections.reciprocity.windows import WINDOWS


class Reciprocal(Windowed):
    """Reciprocity over all that ever passed, or over a window."""

    window = Choice("`all`, or the `academic_year` or `term` in which as_of falls (not with from, to)", WINDOWS)


class ThreeWays(Told):
    """What became of what was given: the three shares add up to 1; null where nothing was given."""

    minutes = integer("confirmed exchange minutes")
    two_way = nested(Share, "what came back from those it was given to", required=False)
    comes_round = nested(Share, "what came back from others, in rings of three and more", required=False)
    one_way = nested(Share, "what did not come back", required=False)


class Category(ThreeWays):
    """One category of support."""

    category = text("of the support")


class Left(ThreeWays):
    """What would be left."""

    giver_id = uuid("who gave most", required=False)
    why = value("by name, why a figure is null", required=False)


class Concentrated(Told):
    """On how few the giving rests."""

    gini = nested(Share, "0: all give alike; 1: one gives all", required=False)
    gini_raw = nested(Share, "the same before it is scaled by n/(n − 1)", required=False)
    hhi = nested(Share, "the sum of the squared shares", required=False)
    effective_givers = nested(Share, "1 / HHI", required=False)
    largest_share = nested(Share, "what the largest giver gave of all", required=False)
    why = value("by name, why a figure is null", required=False)


class ConcentratedPeople(Concentrated):
    """On how few people the giving rests."""

    people = integer("how many are named")
    named_minutes = integer("minutes of deliveries that name somebody")
    unnamed_minutes = integer("minutes of the others")
    without_largest = nested(Left, "without the deliveries of the person who gave most", required=False)


class Organised(Exchanged):
    """One organisation of a network."""

    organisation_id = uuid("its id")
    felt_given_minutes = integer("what is felt of what it gave")
    felt_received_minutes = integer("what is felt of what it got")
    felt_net_minutes = integer("the one less the other")
    pupils = integer("how many pupils, where known", required=False)
    given_minutes_per_100_pupils = nested(Share, "given for each 100 pupils", required=False)
    received_minutes_per_100_pupils = nested(Share, "received for each 100 pupils", required=False)


class FeltPair(Passed):
    """From one to another."""

    felt_minutes = integer("what is felt of it")


class Network(ThreeWays):
    """The figures of a network; what cannot be told is null, with the reason in `why`."""

    cleared = nested(Share, "two-way and comes-round: what settling among those who deal with each other takes away",
                     required=False)  # fmt: skip
    cleared_pairs = nested(Share, "what settling in pairs takes away", required=False)
    cleared_centrally = nested(Share, "what settling through one centre takes away", required=False)
    members = integer("active members, and whoever gave or got")
    arcs = integer("who gave whom: ordered pairs")
    reciprocated_arcs = integer("those of them that go the other way as well")
    reciprocity_arcs = nested(Share, "reciprocated arcs out of all", required=False)
    reciprocity_dyads = nested(Share, "pairs that give each other out of all pairs that give", required=False)
    density = nested(Share, "arcs out of all that could be", required=False)
    rho = nested(Share, "reciprocity beyond chance, 0 as among strangers, 1 always", required=False)
    weighted_reciprocity = nested(Share, "the same as two_way", required=False)
    concentration = nested(Concentrated, "of giving, over all members")
    without_largest_giver = nested(Left, "what would be left without the largest giver", required=False)
    rings = ma.fields.List(
        ma.fields.List(ma.fields.String()),
        metadata={"description": "ids: each gave the next more than it got from it, the last gave the first"},
    )
    rings_complete = truth("whether everybody in a ring is in one of these")
    organisations = many(Organised, "in order of id, at most 1,000")
    pairs = many(FeltPair, "who gave whom, in order of ids, at most 1,000")
    left_out = value("how many organisations and pairs are not listed")
    by_person = nested(ConcentratedPeople, "the same by people")
    categories = many(Category, "by category")
    felt = value("the half-life in days, and what is felt in all")
    independent = value("the same on independent minutes alone, where it differs by more than 0.1", required=False)
    working = ma.fields.List(
        ma.fields.Dict(), metadata={"description": "?explain=true: each figure step by step, with the ids of its facts"}
    )
    why = value("by name, why a figure is null", required=False)


class ReciprocityFigures(Header, Network):
    """Whether giving goes both ways."""


class TrustPartnership(Told):
    """A partnership that members of a trust are in."""

    partnership_id = uuid("its id")
    name = text("its name")


class Crossing(PartnerFigures):
    """A member of a trust."""

    outside_given_minutes = integer("given to others than the trust's")
    outside_received_minutes = integer("received from others than the trust's")


class WholeTrust(Minutes):
    """All members of a trust together."""

    outside_given_minutes = integer("given to others than the trust's")
    outside_received_minutes = integer("received from others than the trust's")


class TrustOverview(Header):
    """A trust: balances inside, what crosses its edge, and whether giving inside goes both ways."""

    members = many(Crossing, "each member's")
    whole = nested(WholeTrust, "all together")
    pairs = many(Passed, "who gave whom")
    reciprocity = nested(Network, "whether giving inside goes both ways")
    partnerships = many(TrustPartnership, "that its members are in, by name")
    working = ma.fields.List(
        ma.fields.Dict(), metadata={"description": "?explain=true: each figure step by step, with the ids of its facts"}
    )
