"""Challenge: whether peer reviews go beyond a friendly chat."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from datetime import date

from ledger.domain.calendar.counting import TermCalendar
from projections.health.dimension import Dimension, Facts
from projections.health.look import Look
from projections.reviews.measures import Rigour, challenge_of, counts_for, in_order, is_cosy, latest_held, mean_of
from projections.reviews.records import PeerReview

COSY = "cosy"


def challenge(look: Look, counting: Sequence[PeerReview]) -> Dimension:
    """The mean, over the peer reviews of the last 365 days that count for the partnership, of four questions each.

    Reviews that are overdue and not held count as well.
    """
    reviews = sorted((one for one in counting if look.covers(one.day)), key=in_order)
    asked = [(one, rigour) for one in reviews if (rigour := rigour_of(one, look)) is not None]
    rigours = [rigour for _, rigour in asked]
    figures = {"reviews": len(rigours)} | {name: sum(getattr(one, name) for one in rigours) for name in Rigour._fields}
    why = None if rigours else "no peer review in the last 365 days"
    facts = Facts(lambda: (event_id for review, _ in asked for event_id in facts_of_review(review)))
    return Dimension(name="challenge", f=mean_of(rigours), why=why, counted=figures, facts=facts)


def codes_of(look: Look, counting: Sequence[PeerReview]) -> tuple[str, ...]:
    """`cosy` where the latest two reviews found nothing to develop, are swaps, and had nobody from outside."""
    latest = latest_held(counting, look.day)
    found = [rigour for one in latest if (rigour := rigour_of(one, look)) is not None]
    return (COSY,) if is_cosy(found) else ()


def reviews_counting(look: Look) -> list[PeerReview]:
    """The reviews that count for the partnership, as they stood on the day."""

    def were_partners(organisations: Collection[str], day: date) -> bool:
        return not look.partners_on(day).isdisjoint(organisations)

    stood = (review.as_of(look.day) for review in look.evidence.peer_reviews)
    own = look.partnership.partnership_id
    return [one for one in stood if one is not None and counts_for(one, own, were_partners)]


def rigour_of(review: PeerReview, look: Look) -> Rigour | None:
    def outside(one: PeerReview) -> bool:
        return one.lead_id not in look.partners_on(one.day)

    calendar: TermCalendar = look.evidence.calendar_of(review.lead_id)
    return challenge_of(review, look.evidence.peer_reviews, outside, calendar=calendar, as_of=look.day)


def facts_of_review(review: PeerReview) -> Iterator[str]:
    """The facts that say what is asked: planned, held, moderated."""
    yield review.scheduled_event
    if review.held_event is not None:
        yield review.held_event
    if review.moderated is not None:
        yield review.moderated.event_id
