"""The reviews of a partnership that are, were or had been due: those announced, and the next one where none is."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Final, NamedTuple

from projections.evidence.gathering import Evidence
from projections.withdrawal.dated import InForce, Opening, opening
from projections.withdrawal.points import Point
from projections.withdrawal.seat import DAY, Seat
from projections.wording import day as spoken

LATE_DAYS: Final = 14
"""How late a review may be, in days that count, before it is overdue."""


class Expected(NamedTuple):
    """A review that was expected for `due_on` from `since` on. `replaced_on` is the day from which another one was in
    its place without its being held; `event_id` the fact it was expected by."""

    key: str
    due_on: date
    since: date
    event_id: str
    held_on: date | None = None
    replaced_on: date | None = None


class Awaited(NamedTuple):
    """An expected review with its days: when the point it makes opens, the last day on which it is not late, and the
    first on which it is overdue."""

    expected: Expected
    opening: Opening
    late_on: date
    overdue_on: date


def awaited_reviews(evidence: Evidence, day: date, stretches: list[InForce]) -> list[Awaited]:
    """All reviews that were expected by a day. After its last day a partnership has none."""
    ends_on = evidence.partnership.ends_on
    found: list[Awaited] = []
    for one in (*announced_reviews(evidence, day), *usual_reviews(evidence, day, stretches)):
        if ends_on is None or one.due_on <= ends_on:
            calendar = evidence.calendar_on(min(one.due_on, day))
            late_on, overdue_on = calendar.add(one.due_on, LATE_DAYS), calendar.add(one.due_on, LATE_DAYS + 1)
            found.append(Awaited(one, opening(one.due_on, stretches), late_on, overdue_on))
    return found


def announced_reviews(evidence: Evidence, day: date) -> Iterator[Expected]:
    for review_id, review in sorted(evidence.partnership.reviews.items()):
        if review.scheduled_on is not None and review.scheduled_on <= day and review.scheduled_by is not None:
            yield Expected(
                review_id, review.due_on, review.scheduled_on, review.scheduled_by, held_on=review.held_on(day)
            )


def usual_reviews(evidence: Evidence, day: date, stretches: list[InForce]) -> Iterator[Expected]:
    """Where none is announced, the next is due `review_every_days` after the last was held, or after the beginning."""
    running: Expected | None = None
    held = held_days(evidence, day)
    for on in days_of_change(evidence, day, stretches):
        now = usual(evidence, on, stretches, held)
        if running is not None and (now is None or now.due_on != running.due_on):
            yield running._replace(held_on=on) if on in held else running._replace(replaced_on=on)
            running = None
        running = running or now
    if running is not None:
        yield running


def held_days(evidence: Evidence, day: date) -> list[date]:
    """The days on which reviews were held, by a day, in order, each once."""
    return sorted({on for on, _ in evidence.partnership.held_reviews(day)})


def days_of_change(evidence: Evidence, day: date, stretches: list[InForce]) -> list[date]:
    partnership = evidence.partnership
    announcements = (one.scheduled_on for one in partnership.reviews.values() if one.scheduled_on is not None)
    days = {partnership.starts_on, *held_days(evidence, day), *announcements, *(one.since for one in stretches)}
    return sorted(on for on in days if partnership.starts_on <= on <= day)


def usual(evidence: Evidence, on: date, stretches: list[InForce], held: list[date]) -> Expected | None:
    """The review expected on a day without having been announced; its key passes over days that name another one."""
    partnership = evidence.partnership
    if partnership.waiting_reviews(on):
        return None
    before = partnership.held_reviews(on)
    last, event_id = (partnership.starts_on, partnership.formed[1])
    if before:
        last, event_id = before[-1][0], before[-1][1].answers[0].event_id
    every = timedelta(days=partnership.terms_on(on).review_every_days)
    due_on = last + every
    while any(review.review_id == due_on.isoformat() for _, review in before):
        due_on += every
    return Expected(due_on.isoformat(), due_on, on, event_id)


def review_points(seat: Seat, reviews: list[Awaited]) -> Iterator[Point | None]:
    """`review_due` and `review_overdue` for each review that was expected while it was a partner."""
    held = held_days(seat.evidence, seat.day)
    for one, opens, late_on, overdue_on in reviews:
        yield due(seat, one, opens, late_on)
        yield overdue(seat, one, held, overdue_on)


def due(seat: Seat, one: Expected, opens: Opening, late_on: date) -> Point | None:
    """Open until it is held, 14 days after its day at the latest; None for a partner who came after that."""
    closes_on = min(on for on in (one.held_on, before(one.replaced_on), late_on) if on is not None)
    if closes_on < seat.since:
        return None
    says = f"The partners look at their partnership together: a review due on {spoken(one.due_on)}."
    return seat.point(
        "review_due",
        one.key,
        opens.opens_on,
        closes_on,
        notice_by=opens.notice_by,
        says=says,
        event_ids=(one.event_id,),
    )


def overdue(seat: Seat, one: Expected, held: list[date], opens_on: date) -> Point | None:
    """Open from the 15th day after its day until the day before it is held.

    One that nobody had announced is held by the next review, whichever that is, once it is overdue.
    """
    if opens_on > seat.last or (one.replaced_on is not None and one.replaced_on <= opens_on):
        return None
    held_on = one.held_on
    if one.replaced_on is not None:
        held_on = next((on for on in held if on >= one.replaced_on), None)
    opens_on = max(opens_on, seat.since)
    if held_on is not None and held_on <= opens_on:
        return None
    says = f"A review was due on {spoken(one.due_on)} and has not been held."
    return seat.point("review_overdue", one.key, opens_on, before(held_on), says=says, event_ids=(one.event_id,))


def before(on: date | None) -> date | None:
    return None if on is None else on - DAY


def day_before_next_review(held: list[date], after: date) -> date | None:
    """The last day of what lasts until the next review is held."""
    return before(next((on for on in held if on > after), None))
