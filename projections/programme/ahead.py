"""What lies ahead of an organisation: the next dates, and what its board is asked."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from typing import Final

from projections.audit.telling import words_of
from projections.evidence.gathering import Evidence
from projections.programme.own_side import OwnSide
from projections.wording import several

AHEAD: Final = timedelta(days=120)
MOST_DATES: Final = 12

Dated = Iterator[tuple[date, str]]
Named = Callable[[str], str]
"""The name of an organisation or partnership."""


def next_dates(side: OwnSide, name: Named) -> list[tuple[date, str]]:
    """What is due from the day on, within four months; the first dozen."""
    day = side.window.day
    due = [
        *(one for evidence in side.partnerships for one in _of_partnership(evidence, day)),
        *_of_points(side, name),
        *_of_supports(side, name),
        *_of_reviews(side, name),
    ]
    return sorted({(on, says) for on, says in due if day <= on <= day + AHEAD})[:MOST_DATES]


def _of_partnership(evidence: Evidence, day: date) -> Dated:
    partnership = evidence.partnership
    yield partnership.next_review_due(day)[0], f"{partnership.name}: a review is due"
    if partnership.ends_on is not None:
        yield partnership.ends_on, f"{partnership.name}: its last day"
    for aim in partnership.aims.values():
        if aim.state_on(day) == "open":
            yield aim.due_on, f"{partnership.name}: the aim “{aim.statement}” is due"


def _of_points(side: OwnSide, name: Named) -> Dated:
    for point in side.points:
        if point.notice_by is not None:
            yield point.notice_by, f"{name(point.partnership_id)}: the last day for notice at a point to leave"


def _of_supports(side: OwnSide, name: Named) -> Dated:
    for support in side.supports:
        terms = support.terms_on(side.window.day)
        if terms is not None and support.is_open_on(side.window.day):
            sides = f"from {name(support.giver_id)} to {name(support.receiver_id)}"
            yield terms.ends_on, f"the {words_of(support.category)} support agreed {sides} ends"


def _of_reviews(side: OwnSide, name: Named) -> Dated:
    for review in side.reviews:
        if review.held_on is None:
            yield review.planned_on, f"the peer review of {name(review.reviewed_id)} is planned"


def ask(side: OwnSide, name: Named) -> Iterator[str]:
    """What the board is asked, one sentence each; nothing where there is nothing to ask."""
    yield from _of_deliveries(side)
    for evidence in side.partnerships:
        yield from _of_terms(evidence, side.window.day)
    for each in sorted({name(point.partnership_id) for point in side.points if point.state == "open"}):
        yield f"Decide whether to go on with {each}: there is a point at which we may leave."


def _of_deliveries(side: OwnSide) -> Iterator[str]:
    waiting = [one for one in side.half("got") if one.status in ("claimed", "attested")]
    if waiting:
        recorded = several(len(waiting), "delivery", "deliveries")
        yield f"See that what is recorded for us and not yet confirmed is answered: {recorded}."
    queried = [one for one in side.given if one.status == "disputed"]
    if queried:
        yield f"Settle what is queried: {several(len(queried), 'delivery', 'deliveries')}."
    got = [said for support, said in side.engagements() if support.receiver_id == side.organisation_id]
    silent = sum(said is None for said in got)
    if silent:
        yield f"Say what came of what we got: no outcome recorded yet ({silent} of {several(len(got), 'engagement')})."


def _of_terms(evidence: Evidence, day: date) -> Iterator[str]:
    partnership = evidence.partnership
    if partnership.closed_by(day) is None and partnership.next_review_due(day)[0] < day:
        yield f"Have {partnership.name} reviewed: its review is overdue."
    aims = [aim for aim in partnership.aims.values() if aim.state_on(day) == "open"]
    if any(aim.success_measure is None for aim in aims):
        yield f"Agree how one will see that the aims of {partnership.name} are reached."
