"""The shapes of a support: on offer or asked for by one side, then one giver's word and one receiver's."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from types import MappingProxyType
from typing import Final

from ledger.domain.support.deliveries import Delivery, Settlement
from ledger.domain.support.facts import Answers, Audience, Basis

NO_DELIVERIES: Final[Mapping[str, Delivery]] = MappingProxyType({})
NO_DAYS: Final[Mapping[str, date]] = MappingProxyType({})


@dataclass(frozen=True, slots=True, kw_only=True)
class Payment:
    """On what basis support is given; who pays, and how much, where it is paid or funded."""

    basis: Basis = "exchange"
    paid_by: str | None = None
    pence_per_day: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Interest:
    """An organisation would take an offer up, or meet a request, for so many minutes; `actor` recorded it."""

    organisation_id: str
    minutes: int
    basis: Basis
    actor: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Posted:
    """What one organisation offers or asks for. It runs out after the day `until`; `actor` recorded it."""

    maker_id: str
    partnership_id: str | None
    category: str
    minutes: int
    to: Audience
    addressed_to: str | None
    until: date | None
    actor: str
    interests: Mapping[str, Interest] = field(default_factory=dict)

    @property
    def deliveries(self) -> Mapping[str, Delivery]:
        return NO_DELIVERIES

    @property
    def entry_days(self) -> Mapping[str, date]:
        return NO_DAYS

    @property
    def is_agreed_and_open(self) -> bool:
        return False

    @property
    def is_offer_or_request_open(self) -> bool:
        """Whether its maker has not withdrawn it; it may have run out (`has_run_out`)."""
        return isinstance(self, Offered | Requested)

    @property
    def concerned(self) -> frozenset[str]:
        return frozenset({self.maker_id} if self.addressed_to is None else {self.maker_id, self.addressed_to})

    def has_run_out(self, today: date) -> bool:
        return self.until is not None and self.until < today

    def delivery_of_settlement(self, settlement_id: str) -> str | None:
        return None


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer(Posted):
    """What a giver offers, open or withdrawn; who receives it is not known yet."""

    payment: Payment

    @property
    def giver_id(self) -> str:
        return self.maker_id

    @property
    def receiver_id(self) -> None:
        return None

    @property
    def basis(self) -> Basis:
        return self.payment.basis


@dataclass(frozen=True, slots=True, kw_only=True)
class Request(Posted):
    """What a receiver asks for, open or withdrawn; who gives it is not known yet."""

    confidential: bool

    @property
    def giver_id(self) -> None:
        return None

    @property
    def receiver_id(self) -> str:
        return self.maker_id

    @property
    def basis(self) -> None:
        return None


@dataclass(frozen=True, slots=True, kw_only=True)
class Offered(Offer):
    """May be taken up until it is withdrawn, has run out or is used up."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Requested(Request):
    """May be met until it is withdrawn, has run out or is used up."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WithdrawnOffer(Offer):
    """Its maker took it back; what was agreed from it goes on."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WithdrawnRequest(Request):
    """Its maker took it back; what was agreed from it goes on."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreement:
    """What was agreed, as last varied. `answers` is the offer or request in another stream that it takes up."""

    minutes: int
    starts_on: date
    ends_on: date
    answers: Answers | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Variation:
    """A change that one side proposes; None stands for what stays as it is."""

    minutes: int | None
    starts_on: date | None
    ends_on: date | None
    payment: Payment | None
    confidential: bool | None
    voice: str
    actor: str
    open: bool = True

    @property
    def only_confidence(self) -> bool:
        return all(one is None for one in (self.minutes, self.starts_on, self.ends_on, self.payment))


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """An outcome or a missed visit, which its voice may withdraw; `on` is its business date."""

    voice: str
    on: date
    withdrawn: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class TwoSided:
    """Support between one giver and one receiver. Mappings are by the ids that the facts gave, entries by their facts.

    `payment` is the basis of what is delivered from now on.
    """

    giver_id: str
    receiver_id: str
    partnership_id: str | None
    category: str
    payment: Payment
    confidential: bool = False
    deliveries: Mapping[str, Delivery] = field(default_factory=dict)
    settlements: Mapping[str, Settlement] = field(default_factory=dict)
    variations: Mapping[str, Variation] = field(default_factory=dict)
    entries: Mapping[str, Entry] = field(default_factory=dict)

    @property
    def basis(self) -> Basis:
        return self.payment.basis

    @property
    def sides(self) -> tuple[str, str]:
        return self.giver_id, self.receiver_id

    @property
    def concerned(self) -> frozenset[str]:
        return frozenset(self.sides)

    @property
    def entry_days(self) -> Mapping[str, date]:
        return {event_id: entry.on for event_id, entry in self.entries.items()}

    @property
    def delivered_minutes(self) -> int:
        """What the giver says it gave, answered or not, without what was reversed."""
        return sum(one.minutes for one in self.deliveries.values() if one.status != "reversed")

    @property
    def is_agreed_and_open(self) -> bool:
        return False

    @property
    def is_offer_or_request_open(self) -> bool:
        return False

    def delivery_of_settlement(self, settlement_id: str) -> str | None:
        settlement = self.settlements.get(settlement_id)
        return None if settlement is None else settlement.delivery_id


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivered(TwoSided):
    """Support that nobody agreed beforehand: one delivery, to which the receiver says yes or no."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AgreedOnce(TwoSided):
    """Support that both sides agreed, in whatever state it is now."""

    agreement: Agreement

    @property
    def taken_minutes(self) -> int:
        """What it takes up of the offer or request that it answers."""
        return self.agreement.minutes


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreed(AgreedOnce):
    @property
    def is_agreed_and_open(self) -> bool:
        return True


@dataclass(frozen=True, slots=True, kw_only=True)
class Completed(AgreedOnce):
    """Ended by either side as done; its deliveries can still be answered."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cancelled(AgreedOnce):
    """Ended by either side before it was done; its deliveries can still be answered."""

    @property
    def taken_minutes(self) -> int:
        """What was not delivered is free again."""
        return min(self.agreement.minutes, self.delivered_minutes)


SupportState = Offered | Requested | WithdrawnOffer | WithdrawnRequest | Delivered | Agreed | Completed | Cancelled
