"""How partners look at their partnership together: reviews, meetings, and taking such an entry back."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Final

from ledger.domain.context import Context
from ledger.domain.fact import Claim
from ledger.domain.partnership.facts import EntryWithdrawn, MeetingHeld, Reviewed, ReviewScheduled
from ledger.domain.partnership.reviews import Review, earliest_waiting
from ledger.domain.partnership.rules_aims import require_partner
from ledger.domain.partnership.rules_forming import twice
from ledger.domain.partnership.state import PartnershipState
from ledger.domain.refusals import AlreadySaid, UnknownReference, require_sound
from ledger.errors import FieldError

JOINS_WITHIN: Final = timedelta(days=28)


def admit_review_scheduled(state: PartnershipState, claim: Claim[ReviewScheduled], context: Context) -> ReviewScheduled:
    """A review is announced, never dated back: being late opens a way out for partners."""
    data = claim.data
    if data.review_id in state.reviews:
        raise AlreadySaid("there is a review with this id", id=data.review_id)
    context.planned(data.due_on, "/data/due_on")
    if data.due_on < context.today:
        require_sound([FieldError("/data/due_on", "in-the-past", "must not lie before today")])
    return data


def admit_reviewed(state: PartnershipState, claim: Claim[Reviewed], context: Context) -> Reviewed:
    """The fact names the review it answers, so that nobody has to work it out again.

    Named by the claim: that review. Else one held in the 28 days before that this partner has not answered; else the
    next one: the earliest scheduled one not yet held, or an unscheduled one under its due day.
    """
    data, day = claim.data, context.day_of(claim.occurred_at)
    partner_id = require_partner(state, claim.voice, context.today)
    if data.review_id is None:
        joined = joinable(state, partner_id, day, context) or earliest_waiting(state.reviews)
        review_id = unscheduled(state, day, context) if joined is None else joined.review_id
        return replace(data, review_id=review_id)
    review = state.reviews.get(data.review_id)
    if review is None or review.withdrawn:
        raise UnknownReference("there is no review with this id", id=data.review_id)
    if partner_id in review.answers:
        raise AlreadySaid("this partner has answered this review", id=data.review_id)
    return data


def held_on(review: Review, context: Context) -> date | None:
    return None if review.held_at is None else context.day_of(review.held_at)


def joinable(state: PartnershipState, partner_id: str, day: date, context: Context) -> Review | None:
    """The latest review held on `day` or in the 28 days before that this partner has not answered."""
    found = [
        (on, review.review_id)
        for review in state.reviews.values()
        if (on := held_on(review, context)) is not None
        and day - JOINS_WITHIN <= on <= day
        and partner_id not in review.answers
    ]
    return state.reviews[max(found)[1]] if found else None


def unscheduled(state: PartnershipState, day: date, context: Context) -> str:
    """The due day of the next review when none is scheduled, passing over days that name another review."""
    held = [on for review in state.reviews.values() if (on := held_on(review, context)) is not None]
    every = timedelta(days=state.terms_on(day).review_every_days)
    due_on = max(held, default=state.starts_on) + every
    while due_on.isoformat() in state.reviews:
        due_on += every
    return due_on.isoformat()


def admit_meeting_held(state: PartnershipState, claim: Claim[MeetingHeld], context: Context) -> MeetingHeld:
    """Partners of that day, each named once; a partner named nowhere is neither present nor absent."""
    data = claim.data
    context.happened(data.on, "/data/on")
    present, absent = list(data.present), list(data.absent)
    require_sound(
        [
            *twice(present, "/data/present/{}", "this organisation"),
            *twice(absent, "/data/absent/{}", "this organisation"),
            *(
                FieldError(f"/data/absent/{index}", "present-and-absent", "is named among those present")
                for index, one in enumerate(absent)
                if one in present
            ),
        ]
    )
    for one in present + absent:
        require_partner(state, one, data.on)
    return data


def admit_entry_withdrawn(state: PartnershipState, claim: Claim[EntryWithdrawn], context: Context) -> EntryWithdrawn:
    """That the voice is the one that recorded the entry was asked before."""
    entry = state.entries.get(claim.data.event_id)
    if entry is None:
        raise UnknownReference("no entry of this partnership that can be withdrawn", id=claim.data.event_id)
    if entry.withdrawn:
        raise AlreadySaid("this entry was withdrawn before", id=claim.data.event_id)
    return claim.data
