"""What was recorded as given and has not found its end: to confirm, queried, to settle, nobody's answer for long."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any, Final
from zoneinfo import ZoneInfo

from ledger.domain.support import facts as said
from ledger.domain.support.deliveries import Delivery, Settlement
from ledger.domain.support.shapes import TwoSided
from projections.inbox.desk import Desk
from projections.inbox.items import Action, Item, Kind, WhyNot, called
from projections.inbox.supports import Spoken, answering_side
from projections.wording import amount, day

UNANSWERED: Final = frozenset({"claimed", "attested"})
ATTESTED_AFTER: Final = 2
"""A coordinator may attest what nobody has answered for so many times `confirm_within_days`."""


def delivery_items(desk: Desk, one: Spoken, zone: ZoneInfo) -> Iterator[Item]:
    """What the deliveries of a support wait for."""
    state = one.state
    if not isinstance(state, TwoSided):
        return
    for delivery in state.deliveries.values():
        if delivery.delivered_on > desk.day:
            continue
        if delivery.status in UNANSWERED:
            yield from to_answer(desk, one, state, delivery, zone)
        elif delivery.status == "disputed":
            yield from queried(desk, one, state, delivery)
    for settlement_id, settlement in state.settlements.items():
        if settlement.open:
            yield from to_settle(desk, one, state, settlement_id, settlement)


def limit_of(desk: Desk, state: TwoSided, delivery: Delivery, zone: ZoneInfo, times: int = 1) -> date:
    """The last day on which an answer is in time: so many days that count for the receiver, from the later of the
    delivery and its recording (or from the day a confirmation of it was withdrawn)."""
    waits_since = delivery.status_since if delivery.status == "claimed" else delivery.recorded_at
    begins = max(delivery.delivered_on, waits_since.astimezone(zone).date())
    days = desk.terms(state.partnership_id, delivery.delivered_on).confirm_within_days
    return desk.calendar(state.receiver_id).add(begins, days * times)


def to_answer(desk: Desk, one: Spoken, state: TwoSided, delivery: Delivery, zone: ZoneInfo) -> Iterator[Item]:
    """The receiver's yes or no; who runs the partnership sees that it is missing."""
    due = limit_of(desk, state, delivery, zone)
    data = {"delivery_id": delivery.delivery_id}
    own = desk.mine.get(state.receiver_id)
    if own is not None and desk.mine.get(state.giver_id) != own:
        yield item_of(
            "delivery", one, state, delivery, own,
            due=due,
            says=recorded(desk, state, delivery, due),
            action=Action(type="support.delivery_confirmed", subject=one.support_id, voice=own, data=data),
            why_not=desk.another(delivery.actor, people=delivery.people),
        )  # fmt: skip
    elif desk.runs(state.partnership_id) and state.giver_id not in desk.mine:
        attest = attesting(desk, one, state, delivery, zone)
        yield item_of(
            "unanswered", one, state, delivery, state.receiver_id,
            due=due,
            says=recorded(desk, state, delivery, due),
            action=attest,
            why_not="only-the-receiver-confirms" if attest is None else desk.another(delivery.actor),
        )  # fmt: skip


def recorded(desk: Desk, state: TwoSided, delivery: Delivery, due: date) -> str:
    """The giver's word, told as such, and that nobody has answered it."""
    told = f"{called(state.giver_id)} recorded that it gave {called(state.receiver_id)} {amount(delivery.minutes)}"
    vouched = " A coordinator has vouched for it." if delivery.status == "attested" else ""
    late = f" It was to be answered by {day(due)}." if due < desk.day else ""
    return f"{told} on {day(delivery.delivered_on)}; that is not yet confirmed.{vouched}{late}"


def attesting(desk: Desk, one: Spoken, state: TwoSided, delivery: Delivery, zone: ZoneInfo) -> Action | None:
    """What a coordinator of neither side may do once nobody has answered for long enough."""
    long_ago = limit_of(desk, state, delivery, zone, ATTESTED_AFTER) < desk.day
    voice = min(desk.reader.organisations, default=None)
    if voice is None or delivery.status != "claimed" or not long_ago or voice in state.sides:
        return None
    data = {"delivery_id": delivery.delivery_id}
    return Action(type="support.delivery_attested", subject=one.support_id, voice=voice, data=data)


def queried(desk: Desk, one: Spoken, state: TwoSided, delivery: Delivery) -> Iterator[Item]:
    """Both sides are to find what should count; nothing waits where one of them has proposed it already."""
    if any(each.open and each.delivery_id == delivery.delivery_id for each in state.settlements.values()):
        return
    data = {"delivery_id": delivery.delivery_id}
    sides = dict.fromkeys(desk.mine[each] for each in state.sides if each in desk.mine)
    for own in sides:
        action = Action(type="support.settlement_proposed", subject=one.support_id, voice=own, data=data)
        yield query(one, state, delivery, own, action, None)
    if not sides and desk.runs(state.partnership_id):
        yield query(one, state, delivery, state.receiver_id, None, "speaks-for-itself")


def query(
    one: Spoken, state: TwoSided, delivery: Delivery, whose: str, action: Action | None, why_not: WhyNot | None
) -> Item:
    noted = one.noted(said.DeliveryDisputed, delivery.delivery_id)
    return item_of(
        "dispute", one, state, delivery, whose,
        says=f"{called(state.receiver_id)} queried the {amount(delivery.minutes)} that {called(state.giver_id)}"
        f" recorded for {day(delivery.delivered_on)}.",
        action=action,
        why_not=why_not,
        since=noted.on,
        event_ids=(one.noted(said.Delivered, delivery.delivery_id).fact.event_id, noted.fact.event_id),
    )  # fmt: skip


def item_of(kind: Kind, one: Spoken, state: TwoSided, delivery: Delivery, whose: str, **given: Any) -> Item:
    """An item about a delivery, seen from `whose` side."""
    noted = one.noted(said.Delivered, delivery.delivery_id)
    usual = {
        "key": f"{one.support_id}:{delivery.delivery_id}",
        "organisation_id": whose,
        "partnership_id": state.partnership_id,
        "since": noted.on,
        "due": None,
        "counterpart_id": state.receiver_id if whose == state.giver_id else state.giver_id,
        "minutes": delivery.minutes,
        "event_ids": (noted.fact.event_id,),
    }
    return Item(kind=kind, **usual | given)


def to_settle(desk: Desk, one: Spoken, state: TwoSided, settlement_id: str, settlement: Settlement) -> Iterator[Item]:
    """What the other side proposes to count of a queried delivery."""
    own, other = answering_side(desk, state, settlement.voice)
    if own is None:
        return
    noted = one.noted(said.SettlementProposed, settlement_id)
    delivery = state.deliveries[settlement.delivery_id]
    yield Item(
        kind="settlement",
        key=f"{one.support_id}:{settlement_id}",
        organisation_id=own,
        partnership_id=state.partnership_id,
        since=noted.on,
        due=None,
        says=f"{called(other)} proposes to count {amount(settlement.minutes)} of the {amount(delivery.minutes)} of"
        f" {day(delivery.delivered_on)} that was queried.",
        action=Action(
            type="support.dispute_settled", subject=one.support_id, voice=own, data={"settlement_id": settlement_id}
        ),
        event_ids=(one.noted(said.Delivered, settlement.delivery_id).fact.event_id, noted.fact.event_id),
        counterpart_id=other,
        minutes=settlement.minutes,
        why_not=desk.another(settlement.actor),
    )
