"""One partner's time in the partnership, seen on a day, and what every rule needs to make a point of it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from projections.evidence.gathering import Evidence
from projections.withdrawal.points import Kind, Point
from projections.withdrawal.spells import Spell

DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Seat:
    """A membership from `since` on. `until` is its last day, None while, as of `day`, nobody has ended it."""

    evidence: Evidence
    organisation_id: str
    since: date
    until: date | None
    day: date

    @property
    def last(self) -> date:
        """The last day of it that has come."""
        return self.day if self.until is None else self.until

    def point(self, kind: Kind, key: str, opens_on: date, closes_on: date | None, **more: Any) -> Point | None:
        """A point of this partner, ended at the latest with its membership; None where that leaves no day of it."""
        if self.until is not None and (closes_on is None or closes_on > self.until):
            closes_on = self.until
        if closes_on is not None and closes_on < opens_on:
            return None
        return Point(
            kind=kind, partnership_id=self.evidence.partnership.partnership_id, organisation_id=self.organisation_id,
            key=key, opens_on=opens_on, closes_on=closes_on, **more,
        )  # fmt: skip

    def of_state(self, kind: Kind, spell: Spell, **more: Any) -> Point | None:
        """A point of a state that lasted for a spell of days; it goes on while its last day is the one looked from."""
        first, last = map(date.fromordinal, spell)
        goes_on = last == self.day and self.until is None
        return self.point(kind, first.isoformat(), first, None if goes_on else last, **more)


def seats_of(evidence: Evidence, day: date) -> Iterator[Seat]:
    """Every membership that has begun by a day, by organisation and in order. An end that lies ahead is not seen."""
    for organisation_id, spans in sorted(evidence.partnership.spans.items()):
        for span in spans:
            over = span.until is not None and span.until <= day
            until = span.until - DAY if over and span.until is not None else None
            if span.since <= day and (until is None or until >= span.since):
                yield Seat(evidence=evidence, organisation_id=organisation_id, since=span.since, until=until, day=day)
