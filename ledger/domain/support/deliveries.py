"""One delivery inside a support: what the giver says it gave, and what became of it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Literal

from ledger.domain.fact import AnyFact, Fact
from ledger.domain.support.facts import Basis, Delivered, SettlementProposed

DeliveryStatus = Literal["claimed", "confirmed", "disputed", "attested", "settled", "reversed"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """`minutes` as the giver recorded them, `settled_minutes` as both sides settled them (None until then).

    `actor` is the principal who recorded it; `status_since` the moment at which its present status was recorded.
    """

    delivery_id: str
    minutes: int
    delivered_on: date
    basis: Basis
    people: frozenset[str]
    imported: bool
    actor: str
    recorded_at: datetime
    status: DeliveryStatus = "claimed"
    status_since: datetime
    settled_minutes: int | None = None
    reversed_on: date | None = None

    @property
    def counted_minutes(self) -> int:
        """The minutes both sides have said yes to: 0 until it is confirmed or settled, and again once reversed."""
        if self.status == "settled":
            return self.settled_minutes or 0
        return self.minutes if self.status == "confirmed" else 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Settlement:
    """What one side proposes to count of a disputed delivery. It lapses when the dispute ends in another way."""

    settlement_id: str
    delivery_id: str
    minutes: int
    voice: str
    actor: str
    open: bool = True


def recorded(fact: Fact[Delivered], basis: Basis) -> Delivery:
    data = fact.data
    return Delivery(
        delivery_id=data.delivery_id,
        minutes=data.amount.minutes or 0,
        delivered_on=data.delivered_on,
        basis=basis,
        people=frozenset(data.people or ()),
        imported=bool(data.imported),
        actor=fact.actor,
        recorded_at=fact.recorded_at,
        status_since=fact.recorded_at,
    )


def become(delivery: Delivery, status: DeliveryStatus, fact: AnyFact) -> Delivery:
    return replace(delivery, status=status, status_since=fact.recorded_at)


def settlement(fact: Fact[SettlementProposed]) -> Settlement:
    data = fact.data
    return Settlement(
        settlement_id=data.settlement_id,
        delivery_id=data.delivery_id,
        minutes=data.amount.minutes or 0,
        voice=fact.voice or "",
        actor=fact.actor,
    )
