"""Reciprocity: which part of what was given in the partnership came back, pair by pair or round a ring."""

from __future__ import annotations

from functools import lru_cache

from projections.health.dimension import TOO_EARLY, Dimension, Facts
from projections.health.look import Look
from projections.reciprocity.flow import TooMuch, Ways, ways

ONE_WAY = "one way by agreement"
NOTHING = "nothing confirmed in the last 365 days"

Minutes = frozenset[tuple[tuple[str, str], int]]


def reciprocity(look: Look) -> Dimension:
    """D + C of the confirmed exchange of the last 365 days within the partnership."""
    facts = look.facts_of_exchanged
    if is_one_way(look):
        return Dimension(name="reciprocity", f=None, why=ONE_WAY, facts=Facts(lambda: terms_event(look)))
    if look.is_in_grace:
        return Dimension(name="reciprocity", f=None, why=TOO_EARLY, facts=facts)
    try:
        found = ways_of(frozenset(look.given.items()))
    except TooMuch as too_much:
        return Dimension(name="reciprocity", f=None, why=str(too_much), facts=facts)
    counted = {
        "minutes": found.minutes, "two_way": found.two_way, "comes_round": found.comes_round, "one_way": found.one_way,
    }  # fmt: skip
    why = NOTHING if found.cleared is None else None
    return Dimension(name="reciprocity", f=found.cleared, why=why, counted=counted, facts=facts)


def is_one_way(look: Look) -> bool:
    """Whether the terms of the day intend that support goes one way, and still do."""
    intended = look.terms.intended
    return intended.kind == "one_way" and (intended.until is None or look.day <= intended.until)


def terms_event(look: Look) -> tuple[str, ...]:
    """The fact that holds the terms of the day."""
    events = [event_id for on, event_id in look.partnership.terms_events if on <= look.day]
    return tuple(events[-1:]) or (look.partnership.formed[1],)


@lru_cache(maxsize=2048)
def ways_of(given: Minutes) -> Ways:
    """What became of the minutes; remembered, for it stays the same over most days of a year. Raises TooMuch."""
    return ways(dict(sorted(given)))
