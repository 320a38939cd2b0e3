"""The programme report and the one side for governors: what is asked, and what is answered. Money is whole pence."""

from __future__ import annotations

from typing import Any, Final

import marshmallow as ma

from api.schemas.fields import Id, Whole, Words
from api.schemas.figures import Header, Share
from api.schemas.queries import Windowed
from api.schemas.words import Told, days, integer, many, nested, text, uuid, value
from projections.programme.giving import Rate

MOST_PARTNERSHIPS: Final = 200
MOST_PENCE: Final = 10_000_000
RATE: Final = Rate()


class ProgrammeQuery(Windowed):
    """Which partnerships, and at which rate a day is reckoned."""

    partnership = Words(Id("partnerships, by id; without any, all that are in sight"), MOST_PARTNERSHIPS)
    coordinator = Id("those of this coordinator")
    trust = Id("those with a school of this trust among their partners")
    pence_per_day = Whole("the value of a day of support", 0, MOST_PENCE, load_default=RATE.pence)
    supplier_pence_per_day = Whole("of it, for the school that gives", 0, MOST_PENCE, load_default=RATE.supplier_pence)

    @ma.validates_schema
    def check(self, data: dict[str, Any], **_: Any) -> None:
        if data["supplier_pence_per_day"] > data["pence_per_day"]:
            raise ma.ValidationError("must be at most pence_per_day", "supplier_pence_per_day")


class ProgrammeTotals(Told):
    """Time and deliveries, confirmed told from unconfirmed."""

    confirmed_minutes = integer("both sides have said yes to")
    claimed_minutes = integer("recorded, not yet confirmed")
    disputed_minutes = integer("queried")
    attested_minutes = integer("attested by a coordinator; counted nowhere")
    confirmed_deliveries = integer("how many")
    unconfirmed_deliveries = integer("how many")


class ProgrammePartnership(ProgrammeTotals):
    """One partnership. Schools are counted, never listed or compared."""

    partnership_id = uuid("its id")
    coordinator_id = uuid("who coordinates it")
    starts_on = days("its first day")
    ends_on = days("its last day", required=False)
    ending = text("running, completed or withdrawn")
    closed_on = days("when it was closed", required=False)
    schools = integer("partners on some day of the window")
    aims_open = integer("aims still open")
    aims_met = integer("aims met")
    aims_dropped = integer("aims dropped")
    value_pence = integer("confirmed time at the rate")
    supplier_pence = integer("of it, for the schools that gave")
    savings_by_receivers_pence = integer("what receivers recorded as saved")
    engagements = integer("supports of which something was confirmed")
    without_receivers_word = integer("of them, without an outcome by the receiver")
    two_way = nested(Share, "returned by the same partner", required=False)
    comes_round = nested(Share, "come round through others", required=False)
    one_way = nested(Share, "gone one way", required=False)
    health_on = days("the day of which the health is")
    health = nested(Share, "the mean of the dimensions known", required=False)
    band = text("its code")
    why = value("by name, why a figure is null", required=False)
    health_known = integer("dimensions known")
    health_of = integer("of so many")


class ProgrammeAim(Told):
    """An aim as it was set out."""

    aim_id = text("its id")
    statement = text("what is to be reached")
    success_measure = text("how one will see it", required=False)
    due_on = days("by when")
    state = text("open, met or dropped")


class SetOut(Told):
    """What a partnership was formed for."""

    partnership_id = uuid("its id")
    purpose = text("its purpose")
    aims = many(ProgrammeAim, "its aims")


class ProgrammeSupport(ProgrammeTotals):
    """Support of one category on one basis."""

    category = text("its category; confidential support is other")
    basis = text("exchange, gift, paid or funded")


class ProgrammeFigures(Header):
    """The report over a set of partnerships."""

    partnerships = many(ProgrammePartnership, "by name")
    counts = value("how many partnerships and schools")
    set_out = many(SetOut, "purposes and aims")
    support = many(ProgrammeSupport, "by category and basis")
    totals = nested(ProgrammeTotals, "all together")
    value_ = ma.fields.Raw(
        required=True, data_key="value", metadata={"type": "object", "description": "at the rate, in pence"}
    )
    savings = value("recorded by receivers and by givers, apart, in pence")
    outcomes = value("by receivers and by givers, apart; how many engagements have none")
    reciprocity = value("two_way, comes_round and one_way of all together")
    health = value("partnerships by band, in words, and how much is known")
    endings = value("completed and withdrawn apart; partners that left; supports completed and cancelled")
    benchmarks = ma.fields.List(ma.fields.Dict(), metadata={"description": "published lines to read ours by"})
    method = many(None, "how it was reckoned")
    limits = many(None, "what it does not say")


class GovernorsSupport(Told):
    """What was given to or got from one partner."""

    side = text("gave or got")
    partner_id = uuid("the partner")
    category = text("its category")
    basis = text("exchange, gift, paid or funded")
    confirmed_minutes = integer("both sides have said yes to")
    unconfirmed_minutes = integer("recorded, not yet confirmed, queried or attested")


class GovernorsOutcome(Told):
    """What came of one support."""

    support_id = uuid("the support")
    partner_id = uuid("the partner")
    side = text("gave or got")
    category = text("its category")
    impact = integer("the receiver's latest word; absent where it has not said any", required=False)
    says = text("the same in words")
    event_ids = many(None, "its fact")


class GovernorsFigures(Header):
    """One side for governors."""

    title = text("of whom, and for which days")
    support = many(GovernorsSupport, "by side, partner, category and basis")
    said = many(None, "the same in words")
    outcomes = many(GovernorsOutcome, "what came of it, in the receiver's word")
    reviews = ma.fields.List(ma.fields.Dict(), metadata={"description": "held in these days"})
    next_dates = ma.fields.List(ma.fields.Dict(), metadata={"description": "what is due, by day"})
    ask = many(None, "what we ask of the board")
