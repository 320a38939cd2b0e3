"""How far a peer review goes beyond a friendly chat: four plain questions, each answered from the record.

Held within 14 days of its date; something to develop was found; no swap; somebody from outside looked on. Pure; the
health of a partnership asks the same questions of the reviews that count for it. Swaps are told, never forbidden, and
a ring of schools that review each other in turn is designed so by good programmes: it is named and counts for nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from datetime import date, timedelta
from fractions import Fraction
from typing import Final, NamedTuple

from ledger.domain.calendar.counting import TermCalendar
from projections.reviews.records import PeerReview

RULE_VERSION: Final = "reviews/1"

HELD_WITHIN_DAYS: Final = 14
"""Days that a review may be late, counted by the calendar of the organisation that leads it."""

NEAR: Final = timedelta(days=365)
"""How far apart two reviews may be, either side, to make a swap or to stand in one ring; every day counts."""

LATEST: Final = 2
"""How many reviews are looked at for `cosy`."""

Outside = Callable[[PeerReview], bool]
"""Whether a review's lead came from outside the partnership on the day of the review."""

WerePartners = Callable[[Collection[str], date], bool]
"""Whether one of these organisations was a partner of the partnership on a day."""


class Rigour(NamedTuple):
    """The four answers for one review."""

    held_in_time: bool
    has_to_develop: bool
    no_swap: bool
    from_outside: bool

    @property
    def share(self) -> Fraction:
        """How many of the four hold, out of four."""
        return Fraction(sum(self), len(self))


def challenge_of(
    review: PeerReview, all_reviews: Iterable[PeerReview], outside: Outside, *, calendar: TermCalendar, as_of: date
) -> Rigour | None:
    """The rigour of a review as it stood on `as_of`; None where there is nothing to say yet.

    `all_reviews` must hold those in which its parties review each other; `calendar` is that of its lead. A review
    that is overdue and not held counts: it found nothing and nobody looked on, unless its lead came from outside.
    None stands for one that was taken back, and for one that is neither held nor overdue.
    """
    stood = review.as_of(as_of)
    if stood is None or stood.withdrawn or not (stood.is_held or is_overdue(stood, calendar, as_of)):
        return None
    return Rigour(
        held_in_time=stood.held_on is not None and lateness(stood, calendar, stood.held_on) <= HELD_WITHIN_DAYS,
        has_to_develop=any(finding.judgement == "to_develop" for finding in stood.findings),
        no_swap=not swaps_of(stood, all_reviews, as_of),
        from_outside=stood.moderated is not None or outside(stood),
    )


def lateness(review: PeerReview, calendar: TermCalendar, on: date) -> int:
    """How many counted days a day lies after the one the review is planned for; 0 where it does not."""
    return calendar.days_between(review.planned_on, on)


def is_overdue(review: PeerReview, calendar: TermCalendar, as_of: date) -> bool:
    """Whether it should have been held by `as_of` and was not; one that was taken back never is."""
    is_open = review.held_on is None and not review.withdrawn
    return is_open and lateness(review, calendar, as_of) > HELD_WITHIN_DAYS


def swaps_of(review: PeerReview, all_reviews: Iterable[PeerReview], as_of: date) -> list[PeerReview]:
    """The reviews, held by `as_of`, in which the reviewed reviewed one of its reviewers, in order of (day, id)."""
    found = [
        other
        for other in held_by(all_reviews, as_of)
        if other.reviewed_id in review.reviewer_ids
        and review.reviewed_id in other.reviewer_ids
        and abs(other.day - review.day) <= NEAR
    ]
    return sorted(found, key=in_order)


def held_by(reviews: Iterable[PeerReview], as_of: date) -> list[PeerReview]:
    """Those that were held by a day, and not taken back."""
    return [one for one in reviews if one.is_held and one.held_on is not None and one.held_on <= as_of]


def in_order(review: PeerReview) -> tuple[date, str]:
    """By the day it was held or is planned for, then by id."""
    return review.day, review.review_id


def counts_for(review: PeerReview, partnership_id: str, were_partners: WerePartners) -> bool:
    """Whether a review counts for a partnership: it names it; or it names none and both sides were partners that day.

    The reviewing side was when one of its organisations was, so that a lead brought in from outside is no reason to
    leave the review out.
    """
    if review.partnership_id is not None:
        return review.partnership_id == partnership_id
    return were_partners({review.reviewed_id}, review.day) and were_partners(review.reviewer_ids, review.day)


def latest_held(reviews: Iterable[PeerReview], as_of: date) -> list[PeerReview]:
    """The last two reviews that were held by a day, the earlier first; fewer where there are fewer."""
    return sorted(held_by(reviews, as_of), key=in_order)[-LATEST:]


def is_cosy(latest_two: Sequence[Rigour]) -> bool:
    """Whether the latest two reviews found nothing to develop, are swaps, and had nobody from outside."""
    if len(latest_two) < LATEST:
        return False
    return not any(one.has_to_develop or one.no_swap or one.from_outside for one in latest_two)


def mean_of(rigours: Collection[Rigour]) -> Fraction | None:
    """The mean share over reviews; None where there is none."""
    if not rigours:
        return None
    return sum((one.share for one in rigours), Fraction(0)) / len(rigours)
