"""The health of a partnership on a day: eight dimensions, their mean, its band, and what the mean must not hide.

Pure: the same evidence and the same day give the same health. projections.md, section 2.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from typing import Final

from projections.evidence.gathering import Evidence
from projections.health.bands import FROM_50, BandOrUnknown, band_or_unknown
from projections.health.challenge import challenge, codes_of, reviews_counting
from projections.health.confirmation import Answers, answers_of, confirmation
from projections.health.dimension import NAMES, Dimension, Name
from projections.health.follow_through import follow_through
from projections.health.look import Look
from projections.health.outcomes import outcomes
from projections.health.purpose import purpose
from projections.health.reciprocity import reciprocity
from projections.health.resilience import resilience
from projections.health.tempo import tempo

RULE_VERSION: Final = "health/1"

LEAST_KNOWN: Final = 3
"""How many dimensions must be known before they are summed up."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Health:
    """`dimensions` in their fixed order; `overall` is the mean of those known, None with fewer than three.

    `low` are the dimensions below 50/140, the lowest first; `codes` what else is to be seen (`cosy`). `day` is the day
    that was asked for, or the last one of a partnership that was closed by then: what has ended does not go quiet.
    """

    day: date
    dimensions: Mapping[Name, Dimension]
    overall: Fraction | None
    codes: tuple[str, ...]
    confirmation_by_receiver: Mapping[str, Answers]

    @property
    def band(self) -> BandOrUnknown:
        return band_or_unknown(self.overall)

    @property
    def known(self) -> list[Fraction]:
        """The shares that can be told."""
        return [one.f for one in self.dimensions.values() if one.f is not None]

    @property
    def lowest_first(self) -> list[Dimension]:
        """By share, then in their fixed order; what cannot be told comes last."""
        return sorted(self.dimensions.values(), key=lambda one: (one.f is None, one.f or 0))

    @property
    def low(self) -> list[Name]:
        return [one.name for one in self.lowest_first if one.f is not None and one.f < FROM_50]

    @property
    def missing(self) -> list[Name]:
        """The dimensions that cannot be told."""
        return [one.name for one in self.dimensions.values() if one.f is None]


def health_on(evidence: Evidence, day: date) -> Health:
    """The health of the partnership as of a day, by all that the evidence knows; once closed, as of its last day."""
    closing = evidence.partnership.closed_by(day)
    if closing is not None:
        day = closing.on - timedelta(days=1)
    look = Look(evidence, day)
    answers, counting = answers_of(look), reviews_counting(look)
    found = (
        purpose(look), reciprocity(look), tempo(look), follow_through(look),
        confirmation(answers), outcomes(look), challenge(look, counting), resilience(look),
    )  # fmt: skip
    return Health(
        day=day,
        dimensions={one.name: one for one in found},
        overall=mean_of_known([one.f for one in found]),
        codes=codes_of(look, counting),
        confirmation_by_receiver=answers,
    )


def is_below(evidence: Evidence, day: date, limit: Fraction) -> bool:
    """Whether the overall health of a day is known and below a limit.

    Worked out dimension by dimension, the quick ones first, until the rest cannot bring the mean below it any more:
    not even if all of them were known and 0.
    """
    look = Look(evidence, day)
    known: list[Fraction] = []
    for left, dimension in zip(range(len(NAMES) - 1, -1, -1), quick_first(look), strict=True):
        if dimension.f is not None:
            known.append(dimension.f)
        if sum(known) >= limit * (len(known) + left):
            return False
    overall = mean_of_known(known)
    return overall is not None and overall < limit


def quick_first(look: Look) -> Iterator[Dimension]:
    yield challenge(look, reviews_counting(look))
    yield purpose(look)
    yield resilience(look)
    yield reciprocity(look)
    yield outcomes(look)
    yield tempo(look)
    yield confirmation(answers_of(look))
    yield follow_through(look)


def mean_of_known(shares: Sequence[Fraction | None]) -> Fraction | None:
    """The mean of what is known; None where that is fewer than three."""
    known = [one for one in shares if one is not None]
    return sum(known, Fraction(0)) / len(known) if len(known) >= LEAST_KNOWN else None
