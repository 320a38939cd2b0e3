"""Figures and directories, as the OpenAPI document tells of them. Amounts are whole minutes."""

from __future__ import annotations

from typing import Final

import marshmallow as ma

from api.answers import TABLES
from api.door import Answer
from api.schemas.words import Told, days, integer, many, nested, text, truth, uuid, value

CSV_TOO: Final = Answer(200, types=TABLES)


class Organisation(Told):
    """An organisation of the directory."""

    id = uuid("its id")
    name = text("its name")
    kind = text("school, trust, federation, local_authority, hub, diocese or other")
    phase = text("the phase of a school", required=False)
    region = text("the region", required=False)
    local_authority = text("the three-digit code", required=False)
    pupils = integer("how many pupils", required=False)
    identifiers = ma.fields.List(ma.fields.Dict(), metadata={"description": "scheme and value of each"})
    trust_id = uuid("the trust it belongs to today", required=False)
    opened_on = days("when it opened", required=False)
    closed_on = days("when it closed", required=False)
    successor_id = uuid("the organisation that goes on in its place", required=False)
    duplicate_of = uuid("the organisation it is read as", required=False)
    version = integer("of its stream", required=False)
    position = integer("of the ledger", required=False)


class Page(Told):
    """A page of a list."""

    next = text("the cursor for what follows")
    has_more = truth("whether there is more now")
    position = integer("the position up to which this page is complete")


class Organisations(Page):
    """Organisations by name."""

    items = many(Organisation, "on this page")


class Partnership(Told):
    """A partnership."""

    id = uuid("its id")
    name = text("its name")
    purpose = text("what it is for")
    shape = text("running or ended")
    coordinator_id = uuid("the organisation that coordinates it")
    partners = many(None, "the ids of its partners of today")
    starts_on = days("its first day")
    ends_on = days("its last day", required=False)
    closed_on = days("when it was closed", required=False)
    version = integer("of its stream", required=False)
    position = integer("of the ledger", required=False)
    state = value("everything that is known of it", required=False)


class Partnerships(Page):
    """Partnerships in the order in which they were formed."""

    items = many(Partnership, "on this page")


class Share(Told):
    """A share or ratio."""

    fraction = text("exact")
    value = ma.fields.Float(metadata={"description": "to six places"})


class Exchanged(Told):
    """What was exchanged, in whole minutes; what cannot be told is null, with the reason in `why`."""

    given_minutes = integer("confirmed exchange minutes given")
    received_minutes = integer("confirmed exchange minutes received")
    net_minutes = integer("given less received")
    balance_index = nested(Share, "net out of turnover", required=False)
    why = value("by name, why a figure is null", required=False)


class Minutes(Exchanged):
    """What passed, in whole minutes; what cannot be told is null, with the reason in `why`."""

    claimed_minutes = integer("said to be given, not yet confirmed")
    claimed_received_minutes = integer("the same, of what others say they gave it")
    disputed_minutes = integer("given, queried")
    disputed_received_minutes = integer("received, queried")
    attested_minutes = integer("given, attested by a coordinator; counted nowhere")
    attested_received_minutes = integer("received, attested by a coordinator; counted nowhere")
    gifts_given_minutes = integer("confirmed gifts given")
    gifts_received_minutes = integer("confirmed gifts received")
    paid_given_minutes = integer("confirmed paid support given")
    paid_received_minutes = integer("confirmed paid support received")
    funded_given_minutes = integer("confirmed funded support given")
    funded_received_minutes = integer("confirmed funded support received")
    gifts_claimed_minutes = integer("gifts said to be given, not confirmed")
    paid_claimed_minutes = integer("paid support said to be given, not confirmed")
    funded_claimed_minutes = integer("funded support said to be given, not confirmed")
    brought_forward_minutes = integer("given less received before the record, as both agreed")
    disposed_minutes = integer("what became of what was open, as those concerned agreed")
    turnover_minutes = integer("given and received")
    standing_minutes = integer("net, brought forward and disposed of together")
    exchange_ratio = nested(Share, "given out of received", required=False)
    concordance = nested(Share, "confirmed out of what was said to be given", required=False)
    independent = value("the same on independent minutes alone, where it differs by more than 0.1", required=False)
    warnings = many(None, "gives_beyond_tolerance or gets_beyond_tolerance")


class Header(Told):
    """What every figure repeats of its question."""

    scope = value("whose figures")
    as_of = days("the business date")
    from_ = days("the first day, where the question named it", required=False, data_key="from")
    to = days("the last day, where the question named it", required=False)
    known_at = integer("the position up to which facts count")
    position = integer("how far the views had come")
    rule_version = text("the rules by which it was worked out")
    missing = ma.fields.List(ma.fields.String(), data_key="unknown", metadata={"description": "what is missing"})
    names = value("the names of the ids in it")
    explained = ma.fields.List(
        ma.fields.Dict(), metadata={"description": "?explain=true: the entries behind it, with the ids of their facts"}
    )
    working = ma.fields.List(
        ma.fields.Dict(), metadata={"description": "?explain=true: how each figure comes about, step by step"}
    )


IDENTITIES: Final = "the other identities of the organisation, each with figures of its own: see its history"


class BalanceFigures(Header, Minutes):
    """One balance."""

    identities = ma.fields.List(ma.fields.Dict(), metadata={"description": IDENTITIES})


class PartnerFigures(Minutes):
    """The balance with one other."""

    organisation_id = uuid("the other")


class PartnersFigures(Header):
    """The balance with each other."""

    items = many(PartnerFigures, "by id")
    next = text("the cursor for what follows")
    has_more = truth("whether there is more now")


class Passed(Told):
    """Confirmed exchange minutes from one to another."""

    giver_id = uuid("who gave")
    receiver_id = uuid("who got")
    minutes = integer("how much")


class ScopeFigures(Header):
    """The balances of a scope."""

    members = many(PartnerFigures, "each member's")
    whole = nested(Minutes, "all together")
    pairs = many(Passed, "who gave whom")


class StatementLine(Told):
    """One line of an account."""

    on = days("the business date")
    recorded_at = text("when it was recorded")
    position = integer("of its fact")
    what = text("delivery, reversal, brought_forward or disposal")
    side = text("gave or got")
    counterpart_id = uuid("the other")
    partnership_id = uuid("the partnership it counts in", required=False)
    category = text("of the support", required=False)
    support_id = uuid("the support", required=False)
    delivery_id = text("the delivery in it", required=False)
    disposal = text("of what was disposed of: how", required=False)
    was = text("of what was reversed: its status before", required=False)
    basis = text("exchange, gift, paid or funded")
    status = text("of the delivery")
    minutes = integer("what it comes to")
    said_minutes = integer("what the giver recorded")
    counts = truth("whether it counts in the balance")
    gave_minutes = integer("what it counts for as given")
    got_minutes = integer("what it counts for as received")
    balance_minutes = integer("what stands after it")
    late = truth("recorded more than 28 days after its day")
    after_closing = truth("recorded while a closed period covered its day")
    event_ids = many(None, "its facts")


class StatementPage(Header):
    """A page of an account."""

    opening_minutes = integer("before the window")
    gave_minutes = integer("given in the window")
    got_minutes = integer("received in the window")
    closing_minutes = integer("after the window")
    items = many(StatementLine, "in order of business date and position")
    identities = ma.fields.List(ma.fields.Dict(), metadata={"description": IDENTITIES})
    next = text("the cursor for what follows")
    has_more = truth("whether there is more now")
