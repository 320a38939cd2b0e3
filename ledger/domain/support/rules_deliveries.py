"""Recording what was given, inside an agreement or without one, and taking it back."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from ledger.domain.categories import require_category
from ledger.domain.context import Context
from ledger.domain.fact import Claim
from ledger.domain.refusals import AlreadySaid, DayOutOfRange, NotNow, UnknownReference, require_sound
from ledger.domain.support.deliveries import Delivery
from ledger.domain.support.facts import Delivered, DeliveryReversed
from ledger.domain.support.partners import in_minutes, require_active, require_going_on, require_people
from ledger.domain.support.refusals import AlreadyReversed, StretchTooLong
from ledger.domain.support.shapes import Agreed, TwoSided
from ledger.errors import FieldError

LONGEST_STRETCH_DAYS: Final = 120  # an autumn term, the longest of a school year, with its half-term week
NEEDED_FIRST: Final = ("giver_id", "receiver_id", "category")
ONLY_FIRST: Final = (*NEEDED_FIRST, "partnership_id", "basis", "imported")


def admit_delivered_alone(state: None, claim: Claim[Delivered], context: Context) -> Delivered:
    """Support that nobody agreed beforehand: the confirmation will be the other side's yes."""
    data = claim.data
    require_sound(
        FieldError(f"/data/{name}", "missing", "is needed where nothing was agreed beforehand")
        for name in NEEDED_FIRST
        if getattr(data, name) is None
    )
    require_category(data.category or "", context)
    return delivered(data, (data.giver_id or "", data.receiver_id or ""), data.partnership_id, context)


def admit_delivered(state: TwoSided, claim: Claim[Delivered], context: Context) -> Delivered:
    """A delivery inside an agreement, which has said already what the first fact of a stream would say."""
    data = claim.data
    if not isinstance(state, Agreed):
        raise NotNow(state=type(state).__name__)
    require_sound(agreed_already(data))
    if data.delivery_id in state.deliveries:
        raise AlreadySaid("a delivery has this id", id=data.delivery_id)
    return delivered(data, state.sides, state.partnership_id, context)


def agreed_already(data: Delivered) -> Iterator[FieldError]:
    for name in ONLY_FIRST:
        if getattr(data, name) is not None:
            yield FieldError(f"/data/{name}", "agreed-already", "was agreed already; leave it out")


def delivered(data: Delivered, sides: tuple[str, str], partnership_id: str | None, context: Context) -> Delivered:
    context.happened(data.delivered_on, "/data/delivered_on")
    first = context.happened(data.delivered_from or data.delivered_on, "/data/delivered_from")
    days = (data.delivered_on - first).days + 1
    if days > LONGEST_STRETCH_DAYS:
        raise StretchTooLong(days=days, at_most=LONGEST_STRETCH_DAYS)
    require_going_on(sides, data.delivered_on, context)
    require_active(sides, partnership_id, [first, data.delivered_on], context)
    require_people(data.people, context)
    return replace(data, amount=in_minutes(data.amount, partnership_id, data.delivered_on, context)[0])


def require_delivery(state: TwoSided, delivery_id: str) -> Delivery:
    """The delivery with this id. Raises UnknownReference."""
    delivery = state.deliveries.get(delivery_id)
    if delivery is None:
        raise UnknownReference("no delivery has this id", id=delivery_id)
    return delivery


def admit_delivery_reversed(state: TwoSided, claim: Claim[DeliveryReversed], context: Context) -> DeliveryReversed:
    data = claim.data
    delivery = require_delivery(state, data.delivery_id)
    if delivery.status == "reversed":
        raise AlreadyReversed(delivery_id=data.delivery_id)
    context.happened(data.effective_on, "/data/effective_on")
    if data.effective_on < delivery.delivered_on:
        detail = f"lies before the delivery, {delivery.delivered_on}"
        errors = (FieldError("/data/effective_on", "day-out-of-range", detail),)
        raise DayOutOfRange(f"/data/effective_on {detail}", errors=errors, day=data.effective_on)
    return data
