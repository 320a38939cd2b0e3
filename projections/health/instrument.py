"""The 35-item instrument as it was published: three levels by the sum of the answers.

VicHealth Partnerships Analysis Tool, items 0 to 4: 0–49, 50–91, 92–140. Published series count the same items 1 to 5:
35–84, 85–126, 127–175. The tool's own sentences are not ours to repeat; `bands.WORDS` say what a level is for.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Final, Literal, NamedTuple

from projections.evidence.partnerships import Answer
from projections.health.bands import FULL, Band, band_of

ITEMS: Final = 35

LEVELS: Final[dict[Band, int]] = {"below_50": 1, "from_50": 2, "from_92": 3}

LowestItem = Literal[0, 1]


class Sum(NamedTuple):
    """The sum of 35 answers of 0 to 4, of 140; `shifted` is the same on the scale of 1 to 5, of 175."""

    total: Fraction

    @classmethod
    def of(cls, items: Sequence[int]) -> Sum:
        return cls(Fraction(sum(items)))

    @classmethod
    def on_scale(cls, total: Fraction, lowest_item: LowestItem) -> Sum:
        """A sum, or a mean of sums, from a series whose items begin at 0 or at 1."""
        return cls(total - ITEMS * lowest_item)

    @property
    def shifted(self) -> Fraction:
        return self.total + ITEMS

    @property
    def band(self) -> Band:
        return band_of(self.total / FULL)

    @property
    def level(self) -> int:
        """1, 2 or 3, as published."""
        return LEVELS[self.band]

    def to_json(self) -> dict[str, int | str]:
        figures = {"total": int(self.total), "total_1_to_5": int(self.shifted)}
        return {**figures, "level": self.level, "band": self.band}


def sums_of(answers: Sequence[Answer]) -> list[tuple[Answer, Sum]]:
    """Of those who recorded the instrument, the sum of each."""
    return [(one, Sum.of(one.items)) for one in answers if one.items is not None]
