"""Rows that look like one already told: the same support entered twice would count twice."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from typing import Any

from ledger.domain.fact import AnyFact, Speaker
from ledger.domain.terms import DEFAULTS, TariffGiven, minutes_of
from ledger.eventstore.searching import FactQuery
from ledger.service import Ledger


@dataclass(frozen=True, slots=True)
class Told:
    """What makes two deliveries alike; `minutes` is what the amount comes to, its words where that cannot be told."""

    giver_id: str
    receiver_id: str
    on: date
    minutes: int | str
    category: str


class Alike:
    """Knows the rows of one file so far, and the deliveries of other sources on the days of the file."""

    def __init__(self, ledger: Ledger, speaker: Speaker, source: str, days: set[date]) -> None:
        self._ledger = ledger
        self._speaker = speaker
        self._source = source
        self._days = days
        self._lines: dict[Told, int] = {}

    def place_of(self, told: Told, line: int) -> str | None:
        """Where the same was told before: an earlier line, or a position of the ledger."""
        first = self._lines.setdefault(told, line)
        if first != line:
            return f"line {first}"
        position = self._recorded.get(told)
        return None if position is None else f"position {position}"

    @cached_property
    def _recorded(self) -> dict[Told, int]:
        return {told: fact.position for fact in self._deliveries() if (told := self._told(fact)) is not None}

    def _deliveries(self) -> Iterator[AnyFact]:
        """The deliveries of other sources within the speaker's sight, on the days of the file."""
        if not self._days:
            return
        query = FactQuery(
            types=("support.delivered",),
            limit=1000,
            on_from=min(self._days),
            on_to=max(self._days),
            visible=self._ledger.visible(self._speaker),
        )
        while True:
            page = self._ledger.facts(query)
            yield from (one for one in page.facts if one.source != self._source and one.data.delivered_on in self._days)
            if not page.has_more:
                return
            query = replace(query, after=page.last_position)

    def _told(self, fact: AnyFact) -> Told | None:
        """What a recorded delivery says; None for one that was taken back."""
        state: Any = self._ledger.state("support", fact.stream.id)
        delivery = state.deliveries[fact.data.delivery_id]
        if delivery.status == "reversed":
            return None
        return Told(state.giver_id, state.receiver_id, delivery.delivered_on, delivery.minutes, state.category)


def tariff_on(ledger: Ledger, partnership_id: str | None, day: date) -> TariffGiven:
    """The tariff by which support of that day is counted."""
    state = None if partnership_id is None else ledger.state("partnership", partnership_id)
    return (DEFAULTS if state is None else state.terms_on(day)).tariff


def minutes_told(quantity: str, unit: Any, tariff: TariffGiven) -> int | str:
    """What an amount comes to; its words where the ledger will not take it."""
    try:
        return int(minutes_of(quantity, unit, tariff))
    except (ValueError, ZeroDivisionError, AttributeError, TypeError):
        return f"{quantity} {unit}"
