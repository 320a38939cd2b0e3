"""Outcomes: what came of completed support, in the receiver's word."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import date
from fractions import Fraction
from typing import Final

from projections.evidence.gathering import Evidence
from projections.evidence.supports import Outcome, Support
from projections.health.dimension import Dimension, Facts
from projections.health.look import Look

QUARTERS: Final = {-1: 0, 0: 1, 1: 2, 2: 3, 3: 4}
"""What an outcome weighs, in quarters, by its impact: set things back, none seen, emerging, evident, embedded."""


def outcomes(look: Look) -> Dimension:
    """The mean weight of the receiver's latest outcome over exchanges completed in the last 365 days; 0 without one."""
    completed = [
        one for one, _ in look.agreements
        if one.ending is not None and one.ending.kind == "completed" and look.covers(one.ending.on)
    ]  # fmt: skip
    voices = {one: set(speaking_for(one, look.evidence)) for one in {one.receiver_id for one in completed}}
    latest = [latest_outcome(one, voices[one.receiver_id], look.day) for one in completed]
    recorded = [one for one in latest if one is not None]
    counted = {"completed": len(completed), "with_outcome": len(recorded)}
    if not completed:
        return Dimension(name="outcomes", f=None, why="no support was completed in the last 365 days", counted=counted)
    f = Fraction(sum(QUARTERS[one.impact] for one in recorded), 4 * len(completed))
    endings = [one.ending.event_id for one in completed if one.ending is not None]
    facts = Facts(lambda: (*endings, *(one.event_id for one in recorded)))
    return Dimension(name="outcomes", f=f, counted=counted, facts=facts)


def latest_outcome(support: Support, voices: Collection[str], day: date) -> Outcome | None:
    """What the receiver, or its successor, said last by a day; by the day it was assessed, then by recording."""
    said = [one for one in support.outcomes if one.on <= day and one.voice in voices]
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
