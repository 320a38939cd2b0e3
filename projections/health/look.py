"""One look at a partnership on one day: the last 365 days of its evidence, sorted out once for all dimensions."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from functools import cached_property
from typing import Final, NamedTuple

from ledger.domain.calendar.counting import TermCalendar
from ledger.domain.terms import Terms
from projections.evidence.deliveries import Delivery
from projections.evidence.gathering import Evidence
from projections.evidence.supports import Support

WINDOW_DAYS: Final = 365


class Counted(NamedTuple):
    """A delivery that both sides said yes to, with the minutes that count of it (more than none)."""

    delivery: Delivery
    minutes: int


class Look:
    """What was known of a partnership's days up to `day`; `first` is the first of the last 365."""

    def __init__(self, evidence: Evidence, day: date) -> None:
        self.evidence = evidence
        self.partnership = evidence.partnership
        self.day = day
        self.first = day - timedelta(days=WINDOW_DAYS - 1)
        self._partners: dict[date, frozenset[str]] = {}

    @cached_property
    def terms(self) -> Terms:
        """The terms in force on the day."""
        return self.partnership.terms_on(self.day)

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
        """All whose day has come, of every basis, in the order of the supports and of recording."""
        return [one for support in self.evidence.supports.values() for one in support.given_by(self.day)]

    @cached_property
    def confirmed(self) -> list[Counted]:
        """Of every basis, and however long ago."""
        found = (Counted(one, one.counted_minutes(self.day)) for one in self.deliveries)
        return [one for one in found if one.minutes > 0]

    @cached_property
    def exchanged(self) -> list[Counted]:
        """Confirmed exchange of the last 365 days, between two."""
        return [
            one for one in self.confirmed
            if one.delivery.basis == "exchange" and self.covers(one.delivery.delivered_on)
            and one.delivery.giver_id != one.delivery.receiver_id
        ]  # fmt: skip

    @cached_property
    def agreements(self) -> list[Support]:
        """Supports that are agreed by the day and whose support is an exchange, as last agreed."""
        return [
            one for one in self.evidence.supports.values()
            if (terms := one.terms_on(self.day)) is not None and terms.basis == "exchange"
        ]  # fmt: skip


def facts_of(counted: Iterable[Counted], day: date) -> Iterable[str]:
    """The facts that say of each delivery that it counts."""
    return (event_id for one in counted for event_id in one.delivery.event_ids(day))
