"""Purpose: whether it is clear what the partnership is for, whether support serves it, whether anybody looks back."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

from projections.health.dimension import Dimension, Facts
from projections.health.look import Look
from projections.shares import share


def purpose(look: Look) -> Dimension:
    """The mean of three parts: aims with a success measure, agreements that name an aim, a review held.

    Aims are those set by the day and not dropped; agreements those of the last 365 days. A part without a denominator
    is left out: the review counts from the day on which the first one was due.
    """
    aims = [one for one in look.partnership.aims.values() if one.state_on(look.day) in ("open", "met")]
    every = [one.agreed for one, _ in look.agreements if one.agreed is not None]
    agreed = [one for one in every if look.covers(one.on)]
    measured = sum(one.success_measure is not None for one in aims)
    naming = sum(one.aim_id is not None for one in agreed)
    held = latest_review(look)
    reviewed = None if held is None and not was_due(look) else Fraction(held is not None)
    parts = [one for one in (share(measured, len(aims)), share(naming, len(agreed)), reviewed) if one is not None]
    counted = {
        "aims": len(aims), "aims_with_measure": measured, "agreements": len(agreed), "agreements_with_aim": naming,
        "review_held_on": None if held is None else held[0], "review_was_due": reviewed is not None,
        "parts": len(parts),
    }  # fmt: skip
    facts = Facts(
        lambda: (
            *(event_id for aim in aims for event_id in aim.event_ids),
            *(one.event_id for one in agreed),
            *(() if held is None else (held[1],)),
        )
    )
    if not parts:
        return Dimension(name="purpose", f=None, why="no aim, no agreement and no review yet", counted=counted)
    return Dimension(name="purpose", f=sum(parts, Fraction(0)) / len(parts), counted=counted, facts=facts)


def latest_review(look: Look) -> tuple[date, str] | None:
    """The day of the last partnership review held in the last 365 days, with the fact that held it."""
    held = [(on, review) for on, review in look.partnership.held_reviews(look.day) if look.covers(on)]
    if not held:
        return None
    on, review = held[-1]
    return on, review.answers_by(look.day)[0].event_id


def was_due(look: Look) -> bool:
    """Whether a review has been due by the day: one was held ever, or the first one's day has come."""
    due, _ = look.partnership.next_review_due(look.day)
    ends_on = look.partnership.ends_on
    is_due = due <= look.day and (ends_on is None or due <= ends_on)
    return is_due or bool(look.partnership.held_reviews(look.day))
