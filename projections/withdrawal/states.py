"""Points of states that the record shows: aims met, a dispute nobody settles, somebody left, the school itself changed.

A state that lasts until the next review closes on the day before that is held: then everybody has looked at it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Final, NamedTuple

from projections.evidence.deliveries import Delivery
from projections.evidence.gathering import Change, Changed, Evidence
from projections.withdrawal.points import Point
from projections.withdrawal.reviews_due import day_before_next_review, held_days
from projections.withdrawal.seat import DAY, Seat
from projections.withdrawal.spells import spells
from projections.wording import day as spoken
from projections.wording import listing

UNSETTLED_DAYS: Final = 30
"""How long a dispute may wait, every day counted, from the day it was recorded."""

LATELY: Final = timedelta(days=364)
"""The last 365 days are a day and so many before it."""


def purpose_met(seat: Seat) -> Iterator[Point | None]:
    """Every aim that was not dropped is met, and one is: a good ending."""
    aims = seat.evidence.partnership.aims.values()
    days = [on for aim in aims for on in (aim.added_on, aim.met_on, aim.dropped_on) if on is not None]

    def holds(day: int) -> bool:
        states = {aim.state_on(date.fromordinal(day)) for aim in aims}
        return "met" in states and "open" not in states

    for spell in spells(holds, (on.toordinal() for on in days), seat.since.toordinal(), seat.last.toordinal()):
        by = date.fromordinal(spell.first)
        event_ids = tuple(aim.event_ids[-1] for aim in aims if aim.state_on(by) == "met")
        says = "Done: the aims are met. A good moment to close or to agree new ones."
        yield seat.of_state("purpose_met", spell, says=says, event_ids=event_ids)


class Dispute(NamedTuple):
    """A query of a delivery from the day it was recorded; `settled_on` the day from which it is one no longer."""

    delivery: Delivery
    position: int
    event_id: str
    recorded_on: date
    settled_on: date | None


def disputes(evidence: Evidence) -> list[Dispute]:
    """Every dispute in the order of recording, by the days on which the ledger learnt of it and of its end.

    A reversal that takes effect later ends it then.
    """
    deliveries = [one for support in evidence.supports.values() for one in support.deliveries.values()]
    disputed = [(one, index) for one in deliveries for index, step in enumerate(one.steps) if step.kind == "disputed"]
    found = []
    for delivery, index in disputed:
        step = delivery.steps[index]
        ends = [
            max(evidence.day_of(later.recorded_at), later.on)
            if later.kind == "reversed"
            else evidence.day_of(later.recorded_at)
            for later in delivery.steps[index + 1 :]
            if later.kind != "attested"
        ]
        recorded_on = evidence.day_of(step.recorded_at)
        found.append(Dispute(delivery, step.position, step.event_id, recorded_on, min(ends, default=None)))
    return sorted(found, key=lambda one: one.position)


def disputes_open(seat: Seat, every: list[Dispute]) -> Iterator[Point | None]:
    """One for each party while a dispute has waited for more than 30 days."""
    for one in every:
        sides = {one.delivery.giver_id, one.delivery.receiver_id}
        opens_on = max(one.recorded_on + timedelta(days=UNSETTLED_DAYS + 1), seat.since)
        settled_on = one.settled_on if one.settled_on is not None and one.settled_on <= seat.day else None
        if seat.organisation_id in sides and opens_on <= seat.last:
            [other] = sides - {seat.organisation_id} or {seat.organisation_id}
            says = (
                f"What {{{one.delivery.giver_id}}} recorded for {spoken(one.delivery.delivered_on)} was queried on "
                f"{spoken(one.recorded_on)}; it is still open between {{{seat.organisation_id}}} and {{{other}}}."
            )
            closes_on = None if settled_on is None else settled_on - DAY
            ids = (one.delivery.event_id, one.event_id)
            key = one.delivery.delivery_id
            yield seat.point("disputes_open", key, opens_on, closes_on, says=says, event_ids=ids)


def key_person_left(seat: Seat) -> Iterator[Point | None]:
    """Somebody who gave more than half of a partner's named minutes in the 365 days before has a role ended."""
    held = held_days(seat.evidence, seat.day)
    for end in seat.evidence.role_ends:
        if seat.since <= end.on <= seat.last:
            minutes, event_ids = named_minutes(seat, end.on)
            if 2 * minutes[end.person_id] > sum(minutes.values()):
                closes_on = day_before_next_review(held, end.on)
                says = (
                    f"The person who gave most of what {{{seat.organisation_id}}} gave in a year has left a role on "
                    f"{spoken(end.on)}."
                )
                ids = (end.event_id, *event_ids[end.person_id])
                yield seat.point("key_person_left", end.person_id, end.on, closes_on, says=says, event_ids=ids)


def named_minutes(seat: Seat, until: date) -> tuple[Counter[str], dict[str, list[str]]]:
    """The confirmed exchange minutes this partner gave in 365 days, by the people named; each with the deliveries.

    The minutes of a delivery are shared evenly by those it names: here in parts that no even share can split further.
    """
    found = [
        one for support in seat.evidence.supports.values() for one in support.given_by(until)
        if one.giver_id == seat.organisation_id and one.basis == "exchange" and one.people
        and one.delivered_on >= until - LATELY and one.counted_minutes(until) > 0
    ]  # fmt: skip
    parts = 1
    for one in found:
        parts *= len(one.people) if parts % len(one.people) else 1
    minutes: Counter[str] = Counter()
    event_ids: dict[str, list[str]] = {}
    for one in found:
        for person in one.people:
            minutes[person] += one.counted_minutes(until) * parts // len(one.people)
            event_ids.setdefault(person, []).append(one.event_id)
    return minutes, event_ids


CHANGED: Final[dict[Change, str]] = {
    "closed": "closed",
    "succeeded": "was succeeded by another organisation",
    "joined_trust": "joined a trust",
    "left_trust": "left a trust",
}


def structural(seat: Seat) -> Iterator[Point | None]:
    """The partner itself closed, was succeeded or changed trust since it joined."""
    held = held_days(seat.evidence, seat.day)
    by_day: dict[date, list[Changed]] = {}
    for one in seat.evidence.changes:
        if one.organisation_id == seat.organisation_id and seat.since < one.on <= seat.last:
            by_day.setdefault(one.on, []).append(one)
    for on, changes in sorted(by_day.items()):
        what = listing([CHANGED[one.kind] for one in changes])
        says = f"{{{seat.organisation_id}}} {what} on {spoken(on)}."
        ids = tuple(one.event_id for one in changes)
        yield seat.point("structural", on.isoformat(), on, day_before_next_review(held, on), says=says, event_ids=ids)
