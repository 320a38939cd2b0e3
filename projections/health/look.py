"""One look at a partnership on one day: the last 365 days of its evidence, sorted out once for all dimensions."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, timedelta
from functools import cached_property
from itertools import chain
from typing import Final

from ledger.domain.calendar.counting import TermCalendar
from ledger.domain.terms import Terms
from projections.evidence.deliveries import Counted, Delivery
from projections.evidence.gathering import Evidence
from projections.evidence.supports import Support
from projections.evidence.supports import Terms as Agreed
from projections.health.dimension import Facts

WINDOW_DAYS: Final = 365


Agreement = tuple[Support, Agreed]
"""A support with what is agreed of it on the day."""


class Look:
    """What was known of a partnership's days up to `day`; `first` is the first of the last 365."""

    def __init__(self, evidence: Evidence, day: date) -> None:
        self.evidence = evidence
        self.partnership = evidence.partnership
        self.day = day
        self.first = day - timedelta(days=WINDOW_DAYS - 1)
        self._partners: dict[date, frozenset[str]] = {}
        self._in_time: dict[date, timedelta] = {}

    @cached_property
    def terms(self) -> Terms:
        """The terms in force on the day."""
        return self.partnership.terms_on(self.day)

    def surely_in_time(self, delivered_on: date) -> timedelta:
        """How long an answer to what was delivered on a day may take for sure: a moment that lies so much later than
        another falls on a day that lies at most two days more after that of the other, wherever clocks are changed."""
        if delivered_on not in self._in_time:
            within = self.partnership.terms_on(delivered_on).confirm_within_days
            self._in_time[delivered_on] = timedelta(days=within - 2)
        return self._in_time[delivered_on]

    @cached_property
    def calendar(self) -> TermCalendar:
        """By which days of the whole partnership are counted: its coordinator's."""
        return self.evidence.calendar_on(self.day)

    @cached_property
    def is_in_grace(self) -> bool:
        """Whether fewer days than `grace_days` have passed since it began."""
        passed = self.calendar.days_between(self.partnership.starts_on, self.day)
        return self.day < self.partnership.starts_on or passed < self.terms.grace_days

    def partners_on(self, day: date) -> frozenset[str]:
        """The active partners of any day."""
        if day not in self._partners:
            self._partners[day] = frozenset(self.partnership.partners_on(day))
        return self._partners[day]

    def covers(self, on: date) -> bool:
        """Whether a day is one of the last 365."""
        return self.first <= on <= self.day

    @cached_property
    def deliveries(self) -> list[Delivery]:
        """Those of the last 365 days, of every basis, in the order of the supports and of recording."""
        first, last, supports = self.first, self.day, self.evidence.supports.values()
        return [one for each in supports for one in each.deliveries.values() if first <= one.delivered_on <= last]

    @cached_property
    def confirmed(self) -> list[Counted]:
        """What both sides said yes to, of every basis, and however long ago."""
        return [one for support in self.evidence.supports.values() for one in support.counted_by(self.day)]

    @cached_property
    def exchanged(self) -> list[Counted]:
        """Confirmed exchange of the last 365 days, between two."""
        recent = [one for one in self.confirmed if one.on >= self.first]
        return [
            one for one in recent
            if one.delivery.basis == "exchange" and one.delivery.giver_id != one.delivery.receiver_id
        ]  # fmt: skip

    @cached_property
    def given(self) -> Mapping[tuple[str, str], int]:
        """The minutes of this exchange, by giver and receiver."""
        found: dict[tuple[str, str], int] = {}
        for delivery, minutes, _, _ in self.exchanged:
            pair = (delivery.giver_id, delivery.receiver_id)
            found[pair] = found.get(pair, 0) + minutes
        return found

    @cached_property
    def facts_of_exchanged(self) -> Facts:
        """The facts that say of each exchange that it counts."""
        return Facts(lambda: facts_of((one.delivery for one in self.exchanged), self.day))

    @cached_property
    def agreements(self) -> list[Agreement]:
        """Supports that are agreed by the day and whose support is an exchange, as last agreed."""
        every = ((one, one.terms_on(self.day)) for one in self.evidence.supports.values())
        return [(one, terms) for one, terms in every if terms is not None and terms.basis == "exchange"]


def facts_of(deliveries: Iterable[Delivery], day: date) -> Iterator[str]:
    """The facts that say of each delivery what became of it by a day."""
    return chain.from_iterable([one.event_ids(day) for one in deliveries])
