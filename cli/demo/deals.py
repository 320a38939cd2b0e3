"""How two schools come to an agreement: asked or offered, to one or to many, and what the other side says."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final, Literal

from cli.demo.stage import Cluster, Organisation, Stage
from cli.demo.words import TOPICS

Route = Literal["asked-of-one", "offered-to-one", "asked-of-all", "offered-to-all"]
UNIT_MINUTES: Final = {"hour": 60, "lesson": 60, "twilight": 90, "session": 195, "half_day": 195, "day": 390}


@dataclass(frozen=True, slots=True, kw_only=True)
class Deal:
    """One piece of support as it is meant: `visits` times `quantity` of `unit`. No `cluster`: across the network."""

    giver: Organisation
    receiver: Organisation
    cluster: Cluster | None
    category: str
    quantity: int
    unit: str
    visits: int
    route: Route
    opened_on: date
    basis: str = "exchange"
    paid_by: str | None = None
    pence_per_day: int | None = None
    confidential: bool | None = None
    aim_id: str | None = None
    arising_from: dict[str, str] | None = None
    third: Organisation | None = None

    @property
    def amount(self) -> dict[str, str]:
        return amount(self.quantity * self.visits, self.unit)

    @property
    def minutes(self) -> int:
        return self.quantity * self.visits * UNIT_MINUTES[self.unit]

    @property
    def partnership_id(self) -> str | None:
        return None if self.cluster is None else self.cluster.id

    @property
    def maker(self) -> Organisation:
        return self.receiver if self.route.startswith("asked") else self.giver

    @property
    def other(self) -> Organisation:
        return self.giver if self.maker is self.receiver else self.receiver


def amount(quantity: int | str, unit: str) -> dict[str, str]:
    return {"quantity": str(quantity), "unit": unit}


def strike(stage: Stage, deal: Deal, ends_on: date | None = None) -> tuple[str, date]:
    """Leads to an agreement; answers its stream and the day on which it was made."""
    posted, day = post(stage, deal)
    if deal.route.endswith("one"):
        agreed_on = stage.desk(deal.other, day)
        agree(stage, deal, posted, agreed_on, deal.other, ends_on)
        return posted, agreed_on
    shown_on = stage.desk(deal.other, day)
    show_interest(stage, deal, posted, shown_on, deal.other, "i1")
    if deal.third is not None:
        shown_on = max(shown_on, later := stage.desk(deal.third, day))
        show_interest(stage, deal, posted, later, deal.third, "i2")
    agreed_on = stage.desk(deal.maker, shown_on)
    support = stage.new_id("support")
    answers = {"support_id": posted, "interest_id": "i1"}
    agree(stage, deal, support, agreed_on, deal.maker, ends_on, answers=answers)
    return support, agreed_on


def post(stage: Stage, deal: Deal) -> tuple[str, date]:
    """The offer or request: its stream and its day."""
    day = stage.desk(deal.maker, deal.opened_on)
    support = stage.new_id("support")
    open_to: dict[str, Any] = {"to": "partnership" if deal.cluster else "pool"}
    if deal.route.endswith("one"):
        open_to = {"to": "organisation", "organisation_id": deal.other.id}
    said: dict[str, Any] = {"partnership_id": deal.partnership_id, "category": deal.category, "open_to": open_to}
    said["amount"] = deal.amount
    topic = TOPICS[deal.category]
    until = day + timedelta(days=150)
    if deal.maker is deal.receiver:
        more: dict[str, Any] = {
            "receiver_id": deal.receiver.id, "need": topic.need, "confidential": deal.confidential,
            "named": True if deal.cluster is None and not deal.confidential else None, "needed_by": until,
            "arising_from": deal.arising_from,
        }  # fmt: skip
        stage.note(day, deal.receiver.voice, "support.requested", support, **said, **more)
    else:
        more = {
            "giver_id": deal.giver.id, "summary": topic.offer, "available_from": day, "available_until": until,
            "basis": deal.basis if deal.basis != "exchange" else None, "paid_by": deal.paid_by,
            "pence_per_day": deal.pence_per_day,
        }  # fmt: skip
        stage.note(day, deal.giver.voice, "support.offered", support, **said, **more)
    return support, day


def show_interest(stage: Stage, deal: Deal, support: str, day: date, who: Organisation, interest_id: str) -> None:
    giving = deal.maker is deal.receiver
    stage.note(
        day,
        who.voice,
        "support.interest_shown",
        support,
        interest_id=interest_id,
        organisation_id=who.id,
        amount=deal.amount,
        basis=deal.basis if giving and deal.basis == "gift" else None,
        note="We could begin after half-term" if giving else "This would help us a great deal",
    )


def agree(
    stage: Stage,
    deal: Deal,
    support: str,
    day: date,
    who: Organisation,
    ends_on: date | None = None,
    answers: dict[str, str] | None = None,
) -> None:
    stage.note(
        day,
        who.voice,
        "support.agreed",
        support,
        giver_id=deal.giver.id,
        receiver_id=deal.receiver.id,
        partnership_id=deal.partnership_id,
        category=deal.category,
        amount=deal.amount,
        starts_on=day + timedelta(days=3),
        ends_on=ends_on or day + timedelta(days=20 + 21 * deal.visits),
        aim_id=deal.aim_id,
        basis=deal.basis,
        paid_by=deal.paid_by,
        pence_per_day=deal.pence_per_day,
        answers=answers,
    )
