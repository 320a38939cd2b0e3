"""Points with a day of their own: a review, the end, a break date, the last day of a one-way direction.

For the day d: notice by d − `notice_days`, open from 30 days before that. The notice is that of the terms in force when
it opens (of the day it is looked from, where that is still ahead), so that its days stay what they are once it is open.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import date, timedelta
from typing import NamedTuple

from ledger.domain.terms import Terms
from projections.evidence.partnerships import Partnership
from projections.withdrawal.points import OPENS_BEFORE, Kind, Point
from projections.withdrawal.seat import DAY, Seat
from projections.wording import day as spoken


class Opening(NamedTuple):
    """When a dated point opens, and by when notice is to be given so that one may leave on its day."""

    opens_on: date
    notice_by: date


class InForce(NamedTuple):
    """Terms, and the first day on which they are those of the partnership; `event_id` is the fact that set them."""

    since: date
    terms: Terms
    event_id: str


def terms_in_force(partnership: Partnership, day: date) -> list[InForce]:
    """The terms of the partnership one after the other, as far as they have come by a day."""
    dated = zip(partnership.dated_terms(), partnership.terms_events, strict=True)
    said = [InForce(max(one.effective_on, partnership.starts_on), one.terms, event_id) for one, (_, event_id) in dated]
    found: list[InForce] = []
    for since in sorted({partnership.starts_on, *(one.since for one in said if one.since <= day)}):
        latest = [one for one in said if one.since <= since][-1]
        if not found or found[-1].terms is not latest.terms:
            found.append(latest._replace(since=since))
    return found


def opening(on: date, stretches: list[InForce]) -> Opening:
    """The first day on which a point of the day `on` is open, by the terms of that day."""
    for index, (since, terms, _) in enumerate(stretches):
        notice_by = on - timedelta(days=terms.notice_days)
        opens_on = notice_by - OPENS_BEFORE
        if index and opens_on < since:
            opens_on = since
        if index + 1 == len(stretches) or opens_on < stretches[index + 1].since:
            return Opening(opens_on, notice_by)
    raise AssertionError("a partnership has terms")


class Announced(NamedTuple):
    """A day that stands in the terms from `since` on, up to `until` (None: it still does)."""

    on: date
    since: date
    until: date | None
    event_id: str


def announced(stretches: list[InForce], days_of: Callable[[Terms], Iterable[date]]) -> Iterator[Announced]:
    """The days that terms name, each with the stretches during which it stood there."""
    running: dict[date, Announced] = {}
    for since, terms, event_id in stretches:
        named = set(days_of(terms))
        for gone in sorted(running.keys() - named):
            yield running.pop(gone)._replace(until=since - DAY)
        for on in sorted(named - running.keys()):
            running[on] = Announced(on, since, None, event_id)
    yield from (running[on] for on in sorted(running))


def dated_points(seat: Seat, stretches: list[InForce]) -> Iterator[Point | None]:
    """The points of the days that the partnership and its terms name."""
    partnership = seat.evidence.partnership
    if partnership.ends_on is not None:
        end = Announced(partnership.ends_on, partnership.starts_on, None, partnership.formed[1])
        yield of_day(seat, "term_end", end, stretches, f"The partnership ends on {spoken(end.on)}.")
    for one in announced(stretches, lambda terms: terms.break_dates):
        yield of_day(
            seat, "break_date", one, stretches, f"{spoken(one.on)} was agreed as a day on which one may leave."
        )
    for one in announced(stretches, last_day_of_direction):
        says = f"Support is meant to go one way until {spoken(one.on)}; then it is time to agree how to go on."
        yield of_day(seat, "intended_end", one, stretches, says)


def last_day_of_direction(terms: Terms) -> Iterable[date]:
    until = terms.intended.until
    return () if until is None else (until,)


def of_day(seat: Seat, kind: Kind, one: Announced, stretches: list[InForce], says: str) -> Point | None:
    """The point of one day, as long as it stood in the terms; None for a partner who came after it."""
    if one.on < seat.since:
        return None
    opens_on, notice_by = opening(one.on, stretches)
    closes_on = one.on if one.until is None else min(one.on, one.until)
    return seat.point(
        kind, one.on.isoformat(), opens_on, closes_on, notice_by=notice_by, says=says, event_ids=(one.event_id,)
    )
