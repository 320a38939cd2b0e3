"""Points that the health of the partnership opens: low on two reviews in a row, or peer reviews that found little."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from datetime import date
from functools import cache
from typing import NamedTuple

from projections.evidence.gathering import Evidence
from projections.health.bands import FROM_50
from projections.health.challenge import COSY, codes_of, reviews_counting
from projections.health.look import Look
from projections.health.measures import is_below
from projections.reviews.measures import latest_held
from projections.reviews.records import PeerReview
from projections.withdrawal.points import Point
from projections.withdrawal.reviews_due import held_days
from projections.withdrawal.seat import Seat
from projections.withdrawal.spells import Spell, spells
from projections.wording import day as spoken
from projections.wording import listing

LOW_REVIEWS = 2


def low_spells(evidence: Evidence, day: date) -> list[Spell]:
    """The days on which the whole was below 50/140 on the latest two days on which a review was held."""
    held = [on.toordinal() for on in held_days(evidence, day)]
    if len(held) < LOW_REVIEWS:
        return []

    @cache
    def is_low(on: int) -> bool:
        return is_below(evidence, date.fromordinal(on), FROM_50)

    def holds(today: int) -> bool:
        """Of two in a row every second one is asked about first: where it is not low, two pairs are told by it."""
        seen = bisect_right(held, today)
        latest = sorted(range(seen - LOW_REVIEWS, seen), key=lambda index: -(index % 2))
        return seen >= LOW_REVIEWS and all(is_low(held[index]) for index in latest)

    return list(spells(holds, held, held[0], day.toordinal()))


def health_low(seat: Seat, low: list[Spell]) -> Iterator[Point | None]:
    for first, last in low:
        spell = Spell(max(first, seat.since.toordinal()), min(last, seat.last.toordinal()))
        if spell.first <= spell.last:
            by = date.fromordinal(spell.first)
            latest = seat.evidence.partnership.held_reviews(by)[-LOW_REVIEWS:]
            on = listing([spoken(held) for held, _ in latest])
            says = f"When the partners looked at their partnership on {on} it was worth asking whether to go on."
            ids = tuple(answer.event_id for _, review in latest for answer in review.answers_by(by))
            yield seat.of_state("health_low", spell, says=says, event_ids=ids)


class Cosy(NamedTuple):
    """Days on which the latest two peer reviews found little to work on, and who took part in them."""

    spell: Spell
    reviews: tuple[PeerReview, ...]

    @property
    def organisations(self) -> frozenset[str]:
        return frozenset().union(*(review.sides for review in self.reviews))


def cosy_spells(evidence: Evidence, day: date) -> list[Cosy]:
    """One for each stretch during which the latest two reviews stay the same."""
    reviews = [one for one in evidence.peer_reviews if one.held_on is not None and one.held_on <= day]
    days = {one.held_on for one in reviews if one.held_on is not None}
    days |= {one.moderated.on for one in reviews if one.moderated is not None and one.moderated.on <= day}
    found: list[Cosy] = []
    ends = [*sorted(on.toordinal() for on in days)[1:], day.toordinal() + 1]
    for on, until in zip(sorted(days), ends, strict=False):
        look = Look(evidence, on)
        counting = reviews_counting(look)
        if COSY in codes_of(look, counting):
            latest = tuple(latest_held(counting, on))
            found.append(Cosy(Spell(on.toordinal(), until - 1), latest))
    return found


def cosy(seat: Seat, every: list[Cosy]) -> Iterator[Point | None]:
    """For the organisations of the two reviews, as long as it is one of theirs."""
    own = [one for one in every if seat.organisation_id in one.organisations]

    def holds(day: int) -> bool:
        return any(one.spell.first <= day <= one.spell.last for one in own)

    changes = [day for one in own for day in (one.spell.first, one.spell.last + 1)]
    for spell in spells(holds, changes, seat.since.toordinal(), seat.last.toordinal()):
        by = next(one for one in own if one.spell.first <= spell.first <= one.spell.last)
        ids = tuple(review.held_event for review in by.reviews if review.held_event is not None)
        says = "The last two reviews found little to work on, went both ways, and had nobody from outside."
        yield seat.of_state("cosy", spell, says=says, event_ids=ids)
