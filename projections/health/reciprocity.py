"""Reciprocity: which part of what was given in the partnership came back, pair by pair or round a ring."""

from __future__ import annotations

from functools import lru_cache

from projections.health.dimension import TOO_EARLY, Dimension, each_once
from projections.health.look import Look, facts_of
from projections.reciprocity.flow import TooMuch, Ways, ways

ONE_WAY = "one way by agreement"
NOTHING = "nothing confirmed in the last 365 days"

Minutes = frozenset[tuple[tuple[str, str], int]]


def reciprocity(look: Look) -> Dimension:
    """D + C of the confirmed exchange of the last 365 days within the partnership."""
    event_ids = each_once(facts_of(look.exchanged, look.day))
    if is_one_way(look):
        return Dimension(name="reciprocity", f=None, why=ONE_WAY, event_ids=terms_event(look))
    if look.is_in_grace:
        return Dimension(name="reciprocity", f=None, why=TOO_EARLY, event_ids=event_ids)
    try:
        found = ways_of(minutes_given(look))
    except TooMuch as too_much:
        return Dimension(name="reciprocity", f=None, why=str(too_much), event_ids=event_ids)
    counted = {
        "minutes": found.minutes, "two_way": found.two_way, "comes_round": found.comes_round, "one_way": found.one_way,
    }  # fmt: skip
    why = NOTHING if found.cleared is None else None
    return Dimension(name="reciprocity", f=found.cleared, why=why, counted=counted, event_ids=event_ids)


def is_one_way(look: Look) -> bool:
    """Whether the terms of the day intend that support goes one way, and still do."""
    intended = look.terms.intended
    return intended.kind == "one_way" and (intended.until is None or look.day <= intended.until)


def terms_event(look: Look) -> tuple[str, ...]:
    """The fact that holds the terms of the day."""
    events = [event_id for on, event_id in look.partnership.terms_events if on <= look.day]
    return tuple(events[-1:]) or (look.partnership.formed[1],)


def minutes_given(look: Look) -> Minutes:
    given: dict[tuple[str, str], int] = {}
    for delivery, minutes in look.exchanged:
        pair = (delivery.giver_id, delivery.receiver_id)
        given[pair] = given.get(pair, 0) + minutes
    return frozenset(given.items())


@lru_cache(maxsize=2048)
def ways_of(given: Minutes) -> Ways:
    """What became of the minutes; remembered, for it stays the same over most days of a year. Raises TooMuch."""
    return ways(dict(sorted(given)))
