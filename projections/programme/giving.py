"""What was given in a partnership and a window: deliveries by category and basis, confirmed told from unconfirmed."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction
from typing import Any, Final, NamedTuple

from ledger.domain.support.deliveries import DeliveryStatus
from ledger.domain.support.facts import Basis
from projections.confidence import CATEGORY
from projections.evidence.deliveries import COUNTED, Delivery
from projections.evidence.supports import Support
from projections.wording import DAY_MINUTES

UNCONFIRMED: Final = ("claimed", "disputed", "attested")


class Given(NamedTuple):
    """One delivery that stands on the day: what counts of it, and what was said of it."""

    delivery: Delivery
    category: str
    status: DeliveryStatus
    minutes: int

    @property
    def is_confirmed(self) -> bool:
        return self.status in COUNTED

    @property
    def is_exchanged(self) -> bool:
        """Whether it counts in whether giving goes both ways."""
        return self.is_confirmed and self.delivery.basis == "exchange"


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """The days from `first` to `last`, either open; figures are as of `day`."""

    first: date | None
    last: date | None
    day: date

    def covers(self, on: date) -> bool:
        """Whether a day lies in the window and had come by `day`."""
        return on <= self.day and (self.first is None or self.first <= on) and (self.last is None or on <= self.last)

    @property
    def until(self) -> date:
        """The last day that had come."""
        return self.day if self.last is None else min(self.day, self.last)


def given_in(supports: Iterable[Support], window: Window, *, own: bool = False) -> list[Given]:
    """The deliveries of the window that were not reversed by the day, in the order of supports and of recording.

    `own` says that a side of all of them reads it: confidential support is under its own category then.
    """
    return [one for support in supports for one in _of(support, window, own)]


def in_confidence(support: Support) -> Support:
    """A support as those read it who speak for neither side: confidential support has no category of its own."""
    return replace(support, category=CATEGORY) if support.confidential else support


def _of(support: Support, window: Window, own: bool) -> Iterator[Given]:
    category = support.category if own else in_confidence(support).category
    for delivery in support.deliveries.values():
        status = delivery.status(window.day)
        if window.covers(delivery.delivered_on) and status != "reversed" and delivery.giver_id != delivery.receiver_id:
            counted = delivery.counted_minutes(window.day) if status in COUNTED else delivery.minutes
            yield Given(delivery, category, status, counted)


@dataclass(frozen=True, slots=True, kw_only=True)
class Totals:
    """Minutes and deliveries, those both sides have said yes to and, by status, those they have not."""

    confirmed: int
    unconfirmed: Mapping[str, int]
    confirmed_deliveries: int
    unconfirmed_deliveries: int

    def to_json(self) -> dict[str, int]:
        return {
            "confirmed_minutes": self.confirmed,
            **{f"{status}_minutes": self.unconfirmed.get(status, 0) for status in UNCONFIRMED},
            "confirmed_deliveries": self.confirmed_deliveries,
            "unconfirmed_deliveries": self.unconfirmed_deliveries,
        }


def totals(given: Iterable[Given]) -> Totals:
    unconfirmed: Counter[str] = Counter()
    confirmed = count = others = 0
    for one in given:
        if one.is_confirmed:
            confirmed, count = confirmed + one.minutes, count + 1
        else:
            unconfirmed[one.status] += one.minutes
            others += 1
    return Totals(
        confirmed=confirmed, unconfirmed=unconfirmed, confirmed_deliveries=count, unconfirmed_deliveries=others
    )


def by_kind(given: Iterable[Given]) -> list[tuple[str, Basis, Totals]]:
    """The totals of each category and basis, in their alphabetical order."""
    found: dict[tuple[str, Basis], list[Given]] = defaultdict(list)
    for one in given:
        found[one.category, one.delivery.basis].append(one)
    return [(category, basis, totals(found[category, basis])) for category, basis in sorted(found)]


def exchanged(given: Iterable[Given]) -> dict[tuple[str, str], int]:
    """w: confirmed exchange minutes by (giver, receiver)."""
    found: Counter[tuple[str, str]] = Counter()
    for one in given:
        if one.is_exchanged:
            found[one.delivery.giver_id, one.delivery.receiver_id] += one.minutes
    return {pair: minutes for pair, minutes in sorted(found.items()) if minutes}


@dataclass(frozen=True, slots=True, kw_only=True)
class Rate:
    """What a day of support (6.5 hours) is reckoned at, in pence; `supplier_pence` of it for the school that gives."""

    pence: int = 35_000
    supplier_pence: int = 30_000

    def value_of(self, minutes: int) -> tuple[int, int]:
        """The value of so many minutes and the supplier's part of it, in whole pence, half to even."""
        return round(Fraction(minutes * self.pence, DAY_MINUTES)), round(
            Fraction(minutes * self.supplier_pence, DAY_MINUTES)
        )

    def to_json(self, confirmed: int, unconfirmed: int) -> dict[str, Any]:
        value, supplier = self.value_of(confirmed)
        return {
            "pence_per_day": self.pence,
            "supplier_pence_per_day": self.supplier_pence,
            "day_minutes": DAY_MINUTES,
            "confirmed_minutes": confirmed,
            "value_pence": value,
            "supplier_pence": supplier,
            "other_pence": value - supplier,
            "unconfirmed_value_pence": self.value_of(unconfirmed)[0],
        }


def facts_of(given: Sequence[Given], day: date) -> tuple[str, ...]:
    """The facts of these deliveries, each once."""
    return tuple(dict.fromkeys(event_id for one in given for event_id in one.delivery.event_ids(day)))
