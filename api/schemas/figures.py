"""Figures and directories, as the OpenAPI document tells of them. Amounts are whole minutes."""

from __future__ import annotations

from typing import Final

import marshmallow as ma

from api.door import Answer
from api.schemas.words import Told, days, integer, many, nested, text, truth, uuid, value

CSV_TOO: Final = Answer(200, types=("text/csv",))


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


class Minutes(Told):
    """What passed, in whole minutes; what cannot be told is null, with the reason in `why`."""

    given_minutes = integer("confirmed exchange minutes given")
    received_minutes = integer("confirmed exchange minutes received")
    net_minutes = integer("given less received")
    turnover_minutes = integer("given and received")
    balance_index = nested(Share, "net out of turnover", required=False)
    exchange_ratio = nested(Share, "given out of received", required=False)
    concordance = nested(Share, "confirmed out of what was said to be given", required=False)
    why = value("by name, why a figure is null", required=False)


class Header(Told):
    """What every figure repeats of its question."""

    scope = value("whose figures")
    as_of = days("the business date")
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
    status = text("of the delivery")
    basis = text("exchange, gift, paid or funded")
    minutes = integer("what it says")
    gave_minutes = integer("what it counts for as given")
    got_minutes = integer("what it counts for as received")
    balance_minutes = integer("what stands after it")
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
