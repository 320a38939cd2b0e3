"""What came of it: outcomes in the receivers' and in the givers' words, savings they recorded, and how things ended."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final, NamedTuple

from ledger.domain.partnership.facts import ClosingReason
from projections.evidence.gathering import Evidence
from projections.evidence.supports import Outcome, Support
from projections.health.outcomes import speaking_for
from projections.programme.giving import Window

IMPACTS: Final = (-1, 0, 1, 2, 3)
COMPLETED: Final[frozenset[ClosingReason]] = frozenset({"purpose_met", "term_ended"})
"""Endings that were set out; a partnership closed by agreement, or because it was not working, was withdrawn."""


class Engagement(NamedTuple):
    """A support of which something was confirmed in the window, with the latest word of each side on it."""

    support: Support
    receiver: Outcome | None
    giver: Outcome | None
    receiver_saving: Outcome | None
    giver_saving: Outcome | None


def engagements(evidence: Evidence, window: Window) -> list[Engagement]:
    """In the order of their first facts. What was said of one may be later than the window, not than the day."""
    found = []
    for support in evidence.supports.values():
        inside = [one for one in support.deliveries.values() if window.covers(one.delivered_on)]
        if any(one.counted_minutes(window.day) for one in inside):
            receiver, giver = (_said(support, side, evidence, window.day) for side in reversed(support.sides()))
            saved = [[one for one in said if one.saving_pence is not None] for said in (receiver, giver)]
            found.append(Engagement(support, *map(_latest, (receiver, giver)), *map(_latest, saved)))
    return found


def _said(support: Support, side: str, evidence: Evidence, day: date) -> list[Outcome]:
    """The outcomes that one side, or who goes on in its place, recorded by a day."""
    voices = set(speaking_for(side, evidence))
    return [one for one in support.outcomes if one.on <= day and one.voice in voices]


def _latest(said: Iterable[Outcome]) -> Outcome | None:
    return max(said, key=lambda one: (one.on, one.position), default=None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Results:
    """The engagements of a report."""

    engagements: Sequence[Engagement]

    def to_json(self) -> dict[str, Any]:
        every = self.engagements
        return {
            "engagements": len(every),
            "by_receivers": _impacts(one.receiver for one in every),
            "by_givers": _impacts(one.giver for one in every),
            "without_outcome": sum(one.receiver is None and one.giver is None for one in every),
            "without_receivers_word": sum(one.receiver is None for one in every),
        }

    def savings(self) -> dict[str, int]:
        """The savings that each side recorded, the latest figure of each engagement; never added to each other."""
        return {
            "by_receivers_pence": sum(pence(one.receiver_saving) for one in self.engagements),
            "by_givers_pence": sum(pence(one.giver_saving) for one in self.engagements),
            "engagements_with_saving": sum(
                one.receiver_saving is not None or one.giver_saving is not None for one in self.engagements
            ),
        }

    @property
    def event_ids(self) -> tuple[str, ...]:
        said = [one for each in self.engagements for one in (each.receiver, each.giver) if one is not None]
        return tuple(one.event_id for one in said)


def pence(outcome: Outcome | None) -> int:
    """What an outcome says was saved."""
    return 0 if outcome is None or outcome.saving_pence is None else outcome.saving_pence


def _impacts(said: Iterable[Outcome | None]) -> dict[str, Any]:
    counts = Counter(one.impact for one in said if one is not None)
    return {
        "recorded": counts.total(),
        "by_impact": [{"impact": impact, "engagements": counts[impact]} for impact in IMPACTS],
    }


@dataclass(frozen=True, slots=True, kw_only=True)
class Endings:
    """How many ended in the window, by how: partnerships, partners who left one that went on, supports."""

    completed: int = 0
    withdrawn: int = 0
    running: int = 0
    partners_left: int = 0
    partners_removed: int = 0
    supports_completed: int = 0
    supports_cancelled: int = 0


def ending_of(evidence: Evidence, day: date) -> str:
    """`running`, `completed` or `withdrawn` as of a day."""
    closing = evidence.partnership.closed_by(day)
    if closing is None:
        return "running"
    return "completed" if closing.reason in COMPLETED else "withdrawn"


def endings(every: Iterable[Evidence], window: Window) -> Endings:
    """What ended in the window."""
    counts: Counter[str] = Counter()
    for evidence in every:
        partnership = evidence.partnership
        closing = partnership.closed_by(window.day)
        if closing is None:
            counts["running"] += 1
        elif window.covers(closing.on):
            counts[ending_of(evidence, window.day)] += 1
        for leaving in partnership.leavings:
            if window.covers(leaving.on):
                counts["partners_removed" if leaving.removed else "partners_left"] += 1
        for support in evidence.supports.values():
            ending = support.ended_by(window.day)
            if ending is not None and window.covers(ending.on):
                counts[f"supports_{ending.kind}"] += 1
    return Endings(**counts)


def aims_of(evidence: Evidence, day: date) -> Mapping[str, int]:
    """How many of its aims are open, met and dropped on a day."""
    counts = Counter(aim.state_on(day) for aim in evidence.partnership.aims.values())
    return {state: counts[state] for state in ("open", "met", "dropped")}
