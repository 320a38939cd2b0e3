"""The business date of a fact: the day on which it counts, as against the moment at which it was recorded."""

from __future__ import annotations

from datetime import date
from typing import Any, Final
from zoneinfo import ZoneInfo

from ledger.domain.fact import AnyFact
from ledger.domain.partnership import facts as partnership
from ledger.domain.review import facts as review
from ledger.domain.review.state import entries as review_entries
from ledger.domain.support import facts as support

OWN_DAYS: Final = ("delivered_on", "effective_on", "assessed_on", "on")
OF_ITS_DELIVERY: Final = (
    support.DeliveryConfirmed,
    support.ConfirmationWithdrawn,
    support.DeliveryDisputed,
    support.SettlementProposed,
    support.DeliveryAttested,
)
WITHDRAWS_AN_ENTRY: Final = (support.EntryWithdrawn, partnership.EntryWithdrawn, review.EntryWithdrawn)


def business_date(state: Any, fact: AnyFact, zone: ZoneInfo) -> date:
    """The day on which a fact counts; `state` is that of its stream after the fact.

    What says whether a delivery counts takes the delivery's day. What only announces takes the earlier of its day and
    the day it was said on, so that a plan is seen as of today.
    """
    said_on = fact.occurred_at.astimezone(zone).date()
    data = fact.data
    if isinstance(data, OF_ITS_DELIVERY):
        return day_of_delivery(state, data.delivery_id) or said_on
    if isinstance(data, support.DisputeSettled):
        return day_of_delivery(state, state.delivery_of_settlement(data.settlement_id)) or said_on
    if isinstance(data, review.Scheduled):
        return min(said_on, data.on)
    if isinstance(data, partnership.Formed | support.Agreed):
        return min(said_on, data.starts_on)
    if isinstance(data, WITHDRAWS_AN_ENTRY):
        return entry_day(state, data, zone) or said_on
    for name in OWN_DAYS:
        day = getattr(data, name, None)
        if isinstance(day, date):
            return day
    return said_on


def day_of_delivery(state: Any, delivery_id: str | None) -> date | None:
    delivery = None if delivery_id is None else state.deliveries.get(delivery_id)
    return None if delivery is None else delivery.delivered_on


def entry_day(state: Any, data: Any, zone: ZoneInfo) -> date | None:
    """The day on which the entry that is taken back counted."""
    if isinstance(data, support.EntryWithdrawn):
        day: date | None = state.entry_days.get(data.event_id)
        return day
    entries = review_entries(state) if isinstance(data, review.EntryWithdrawn) else state.entries
    entry = entries.get(data.event_id)
    return None if entry is None else entry.business_date(zone)
