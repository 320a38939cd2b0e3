"""The days on which a partnership's health changed, worked out from the evidence day by day; nothing is stored."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from fractions import Fraction
from typing import Any, Final, Literal, NamedTuple, Self

from projections.evidence.gathering import Evidence
from projections.health.bands import band_or_unknown
from projections.health.dimension import NAMES, Dimension, Name
from projections.health.measures import Health, health_on
from projections.shares import to_json

ONE_DAY = timedelta(days=1)
ORDER: Final = ("band", *NAMES)
"""The changes of a day: the whole first, then the dimensions."""


class Place(NamedTuple):
    """A place among the changes."""

    on: date
    rank: int

    @classmethod
    def of(cls, text: str) -> Self:
        """The place a text names. Raises ValueError."""
        on, _, what = text.partition(" ")
        return cls(date.fromisoformat(on), ORDER.index(what))

    def text(self) -> str:
        return f"{self.on.isoformat()} {ORDER[self.rank]}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """What a dimension (or `band`: the whole) came from and to on a day; `event_ids` are the facts of that day, and
    those of the dimension that came in or fell out of the last 365 days."""

    on: date
    what: Name | Literal["band"]
    before: Fraction | None
    after: Fraction | None
    why: str | None
    event_ids: tuple[str, ...]

    @property
    def place(self) -> Place:
        return Place(self.on, ORDER.index(self.what))

    def to_json(self) -> dict[str, Any]:
        bands = {"from_band": band_or_unknown(self.before), "to_band": band_or_unknown(self.after)}
        shares = {"from": to_json(self.before), "to": to_json(self.after)}
        reason = {} if self.why is None else {"why": self.why}
        return {
            "on": self.on.isoformat(), "what": self.what, **shares, **bands, **reason,
            "event_ids": list(self.event_ids),
        }  # fmt: skip


def history(evidence: Evidence, first: date, last: date, facts: Mapping[date, tuple[str, ...]]) -> list[Change]:
    """The changes of each day from `first` to `last`, both included; `facts` are the partnership's, by business date.

    A dimension changes when its share does, or becomes known or unknown. While it falls or rises by the same step
    day after day, the first of these days and the last at 0 or 1 are told, and those on which its band changes.
    """
    found: list[Change] = []
    steps: dict[Name, Fraction | None] = {}
    before = health_on(evidence, first - ONE_DAY)
    for day in days(first, last):
        now = health_on(evidence, day)
        found.extend(changes(before, now, steps, facts.get(day, ())))
        before = now
    return found


def days(first: date, last: date) -> Iterator[date]:
    return (date.fromordinal(number) for number in range(first.toordinal(), last.toordinal() + 1))


def changes(
    before: Health, now: Health, steps: dict[Name, Fraction | None], facts: tuple[str, ...]
) -> Iterator[Change]:
    """The whole first, then the dimensions in their order. `steps` are those of the day before, by dimension."""
    told: list[Change] = []
    for name, dimension in now.dimensions.items():
        change, last_step = changed(before.dimensions[name], dimension, now.day), steps.get(name)
        steps[name] = None if change is None else step_of(change)
        if change is not None and not goes_on(change, last_step):
            told.append(replace(change, event_ids=tuple(dict.fromkeys((*change.event_ids, *facts)))))
    if before.band != now.band:
        event_ids = tuple(dict.fromkeys((*(one for change in told for one in change.event_ids), *facts)))
        why = "fewer than three dimensions are known" if now.overall is None else None
        yield Change(on=now.day, what="band", before=before.overall, after=now.overall, why=why, event_ids=event_ids)
    yield from told


def changed(before: Dimension, now: Dimension, day: date) -> Change | None:
    if before.f == now.f:
        return None
    moved = set(before.event_ids) ^ set(now.event_ids)
    event_ids = tuple(one for one in (*now.event_ids, *before.event_ids) if one in moved)
    return Change(on=day, what=now.name, before=before.f, after=now.f, why=now.why, event_ids=event_ids)


def step_of(change: Change) -> Fraction | None:
    if change.before is None or change.after is None:
        return None
    return change.after - change.before


def goes_on(change: Change, last_step: Fraction | None) -> bool:
    """Whether it is one more day of a steady fall or rise inside a band, and not its end."""
    same_band = band_or_unknown(change.before) == band_or_unknown(change.after)
    return last_step is not None and step_of(change) == last_step and same_band and change.after not in (0, 1)
