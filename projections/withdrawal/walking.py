"""All points of a partnership as of a day, walked through from its beginning. Pure: projections.md, section 3.

No state of an earlier look is kept: whichever day one asks from, a point that lasts has the same id and the same days.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cached_property
from typing import Final

from projections.evidence.gathering import Evidence
from projections.withdrawal.accounts import Accounts
from projections.withdrawal.answered import Then, with_answers
from projections.withdrawal.dated import InForce, dated_points, terms_in_force
from projections.withdrawal.measured import Cosy, cosy, cosy_spells, health_low, low_spells
from projections.withdrawal.one_sided import one_sided
from projections.withdrawal.points import Kind, Point, State
from projections.withdrawal.quiet import Silence, quiet
from projections.withdrawal.reviews_due import Awaited, awaited_reviews, review_points
from projections.withdrawal.seat import Seat, seats_of
from projections.withdrawal.spells import Spell
from projections.withdrawal.states import Dispute, disputes, disputes_open, key_person_left, purpose_met, structural

NOBODY: Final[Then] = {}


def points_on(evidence: Evidence, accounts: Accounts, day: date, then: Then = NOBODY) -> tuple[Point, ...]:
    """Every point of every partner, present and former, as of a day: the latest to open first, ties by id.

    `then` holds, by the event of a notice, the point it named as it stood when the notice was recorded.
    """
    walk = Walk(evidence, accounts, day)
    found = [point for seat in seats_of(evidence, day) for point in walk.points(seat) if point is not None]
    answered = with_answers(numbered(found), evidence, day, then)
    ready = (with_state(point, evidence, day) for point in answered)
    return tuple(sorted(ready, key=lambda point: (-point.opens_on.toordinal(), point.point_id)))


@dataclass(frozen=True)
class Walk:
    """What is the same for all partners, worked out once."""

    evidence: Evidence
    accounts: Accounts
    day: date

    def points(self, seat: Seat) -> Iterator[Point | None]:
        yield from dated_points(seat, self.stretches)
        yield from review_points(seat, self.reviews)
        yield from purpose_met(seat)
        yield from one_sided(seat, self.accounts, self.stretches)
        yield from quiet(seat, self.silence, self.silent)
        yield from health_low(seat, self.low)
        yield from cosy(seat, self.cosy)
        yield from disputes_open(seat, self.disputes)
        yield from key_person_left(seat)
        yield from structural(seat)

    @cached_property
    def stretches(self) -> list[InForce]:
        return terms_in_force(self.evidence.partnership, self.day)

    @cached_property
    def reviews(self) -> list[Awaited]:
        return awaited_reviews(self.evidence, self.day, self.stretches)

    @cached_property
    def silence(self) -> Silence:
        return Silence(self.evidence, self.day, self.stretches)

    @cached_property
    def silent(self) -> list[Spell]:
        return self.silence.spells()

    @cached_property
    def low(self) -> list[Spell]:
        return low_spells(self.evidence, self.day)

    @cached_property
    def cosy(self) -> list[Cosy]:
        return cosy_spells(self.evidence, self.day)

    @cached_property
    def disputes(self) -> list[Dispute]:
        return disputes(self.evidence)


def numbered(points: Iterable[Point]) -> list[Point]:
    """The points in order of opening, each with an id of its own: the second with the same key is `…:2`, and so on.

    It happens where deliveries of two supports bear the same id, or one is queried twice.
    """
    seen: Counter[tuple[Kind, str, str]] = Counter()
    found = []
    for point in sorted(points, key=lambda point: point.opens_on):
        same = (point.kind, point.organisation_id, point.key)
        seen[same] += 1
        found.append(point if seen[same] == 1 else replace(point, key=f"{point.key}:{seen[same]}"))
    return found


def with_state(point: Point, evidence: Evidence, day: date) -> Point:
    """The point with its state on a day, and the earliest day of leaving for who gives notice then, or as it opens."""
    if point.state == "taken":
        return point
    state = state_of(point, day)
    if state == "passed":
        return replace(point, state=state)
    terms = evidence.partnership.terms_on(day)
    notice = timedelta(days=0 if terms.allow_immediate else terms.notice_days)
    return replace(point, state=state, earliest_leaving_on=max(day, point.opens_on) + notice)


def state_of(point: Point, day: date) -> State:
    if point.closes_on is not None and point.closes_on < day:
        return "passed"
    if point.opens_on > day or point.elsewhere is not None:
        return "upcoming"
    return "open"
