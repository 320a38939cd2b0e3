"""Outcomes: what came of completed support, in the receiver's word."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import Final

from projections.evidence.gathering import Evidence
from projections.evidence.supports import Outcome, Support
from projections.health.dimension import Dimension, each_once
from projections.health.look import Look

WEIGHTS: Final = {-1: Fraction(0), 0: Fraction(1, 4), 1: Fraction(1, 2), 2: Fraction(3, 4), 3: Fraction(1)}
"""By impact: set things back, none seen, emerging, evident, embedded."""


def outcomes(look: Look) -> Dimension:
    """The mean weight of the receiver's latest outcome over exchanges completed in the last 365 days; 0 without one."""
    completed = [one for one in look.agreements if is_completed(one, look)]
    latest = [latest_outcome(one, look) for one in completed]
    recorded = [one for one in latest if one is not None]
    counted = {"completed": len(completed), "with_outcome": len(recorded)}
    if not completed:
        return Dimension(name="outcomes", f=None, why="no support was completed in the last 365 days", counted=counted)
    f = sum((WEIGHTS[one.impact] for one in recorded), Fraction(0)) / len(completed)
    endings = (one.ending.event_id for one in completed if one.ending is not None)
    event_ids = each_once((*endings, *(one.event_id for one in recorded)))
    return Dimension(name="outcomes", f=f, counted=counted, event_ids=event_ids)


def is_completed(support: Support, look: Look) -> bool:
    ending = support.ended_by(look.day)
    return ending is not None and ending.kind == "completed" and look.covers(ending.on)


def latest_outcome(support: Support, look: Look) -> Outcome | None:
    """What the receiver, or its successor, said last; by the day it was assessed, then by recording."""
    voices = set(speaking_for(support.receiver_id, look.evidence))
    said = [one for one in support.outcomes if one.on <= look.day and one.voice in voices]
    return max(said, key=lambda one: (one.on, one.position), default=None)


def speaking_for(organisation_id: str, evidence: Evidence) -> Iterator[str]:
    """An organisation and those that go on in its place, one after the other; there is no circle of them."""
    following: str | None = organisation_id
    while following is not None:
        yield following
        found = (
            one.other_id for one in evidence.changes if one.kind == "succeeded" and one.organisation_id == following
        )
        following = next(found, None)
