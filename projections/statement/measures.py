"""The lines of an account: what each does to the balance. Pure arithmetic on entries; minutes are whole.

Only here may an amount be negative: a reversal is a counter-entry on the day on which it takes effect.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final, Literal, NamedTuple

from ledger.domain.support.deliveries import DeliveryStatus
from ledger.domain.support.facts import Basis
from ledger.domain.values import moment
from projections.reciprocity.measures import COUNTED
from projections.reciprocity.rows import EntryKind

LATE_AFTER: Final = timedelta(days=28)
"""A line is marked as late when it was recorded more than four weeks after the day it is about."""

Side = Literal["gave", "got"]
What = Literal["delivery", "reversal", "brought_forward", "disposal"]


class Effect(NamedTuple):
    """What lines do to the two columns of an account, in minutes."""

    gave: int
    got: int

    @property
    def change(self) -> int:
        return self.gave - self.got


class Written(NamedTuple):
    """What decides what a line counts for; `minutes` may be those of several lines that agree in the rest."""

    side: Side
    kind: EntryKind
    basis: Basis
    status: DeliveryStatus
    was: DeliveryStatus | None
    minutes: int

    @property
    def counts(self) -> bool:
        """Whether it touches the balance: confirmed or settled exchange, taking it back, or something agreed."""
        if self.kind != "delivery":
            return True
        status = self.was if self.status == "reversed" else self.status
        return self.basis == "exchange" and status in COUNTED

    @property
    def effect(self) -> Effect:
        """In the column of its side; a reversal takes the same out of the same column."""
        minutes = 0 if not self.counts else -self.minutes if self.status == "reversed" else self.minutes
        return Effect(minutes, 0) if self.side == "gave" else Effect(0, minutes)


def total(written: Iterable[Written]) -> Effect:
    """What all of them do together."""
    effects = [one.effect for one in written]
    return Effect(sum(one.gave for one in effects), sum(one.got for one in effects))


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One line of a statement. `minutes` is what it says, `gave`, `got` what it counts for, `balance` what then stands.

    `on` is the business date, `recorded_at` the moment of recording (UTC). `said_minutes` is what the giver recorded,
    where a settlement came to something else.
    """

    on: date
    recorded_at: datetime
    position: int
    part: int
    written: Written
    counterpart_id: str
    partnership_id: str | None
    category: str | None
    support_id: str | None
    delivery_id: str | None
    disposal: str | None
    said_minutes: int
    events: tuple[str, ...]
    is_late: bool
    is_after_closing: bool
    balance: int

    @property
    def what(self) -> What:
        return "reversal" if self.written.status == "reversed" else self.written.kind

    def to_json(self) -> dict[str, Any]:
        """Every member by name; ids that do not apply are left out."""
        written, effect = self.written, self.written.effect
        ids = {
            "partnership_id": self.partnership_id,
            "category": self.category,
            "support_id": self.support_id,
            "delivery_id": self.delivery_id,
            "disposal": self.disposal,
            "was": written.was,
        }
        return {
            "on": self.on.isoformat(),
            "recorded_at": moment(self.recorded_at),
            "position": self.position,
            "what": self.what,
            "side": written.side,
            "counterpart_id": self.counterpart_id,
            **{name: value for name, value in ids.items() if value is not None},
            "basis": written.basis,
            "status": written.status,
            "minutes": written.minutes,
            "said_minutes": self.said_minutes,
            "counts": written.counts,
            "gave_minutes": effect.gave,
            "got_minutes": effect.got,
            "balance_minutes": self.balance,
            "late": self.is_late,
            "after_closing": self.is_after_closing,
            "event_ids": list(self.events),
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Totals:
    """`opening` is the balance before the first line asked for, `closing` after the last; `moved` what lies between."""

    opening: int
    moved: Effect

    @property
    def closing(self) -> int:
        return self.opening + self.moved.change
