"""Tempo: whether the partnership keeps its own pace. Slow is not quiet: the limit grows with the usual gaps."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from fractions import Fraction
from itertools import pairwise

from projections.health.dimension import TOO_EARLY, Dimension, Facts
from projections.health.look import Look, facts_of


def tempo(look: Look) -> Dimension:
    """1 up to m days since the last confirmed delivery of any basis (else since the beginning), falling to 0 at 3m."""
    days = sorted({one.on for one in look.confirmed})
    last = days[-1] if days else None
    since = look.partnership.starts_on if last is None else last
    passed = look.calendar.days_between(since, look.day)
    recent = [one for one in days if one >= look.first]
    gap = median([look.calendar.days_between(before, after) for before, after in pairwise(recent)])
    limit = max(look.terms.quiet_after_days, int(2 * (gap or 0)), 1)
    counted = {"days": passed, "limit_days": limit, "last_on": last, "median_gap_days": gap}
    facts = Facts(lambda: facts_of_last(look, last))
    if last is None and (passed < limit or look.day < look.partnership.starts_on):
        return Dimension(name="tempo", f=None, why=TOO_EARLY, counted=counted, facts=facts)
    return Dimension(name="tempo", f=pace(passed, limit), counted=counted, facts=facts)


def facts_of_last(look: Look, last: date | None) -> Iterable[str]:
    """What was confirmed last, or the beginning."""
    if last is None:
        return (look.partnership.formed[1],)
    return facts_of((one.delivery for one in look.confirmed if one.on == last), look.day)


def pace(passed: int, limit: int) -> Fraction:
    """1 up to the limit, 0 from three times the limit on, and a straight line between."""
    if passed <= limit:
        return Fraction(1)
    return max(Fraction(0), Fraction(3 * limit - passed, 2 * limit))


def median(numbers: Sequence[int]) -> Fraction | None:
    """The middle one, or the mean of the two in the middle; None of none."""
    if not numbers:
        return None
    ordered, middle = sorted(numbers), len(numbers) // 2
    if len(ordered) % 2:
        return Fraction(ordered[middle])
    return Fraction(ordered[middle - 1] + ordered[middle], 2)
