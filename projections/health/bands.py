"""The cut points of a published instrument, by which the whole and each dimension are told apart.

VicHealth Partnerships Analysis Tool: 0–49, 50–91 and 92–140 of 140. Codes stay in the data; people read other words.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Final, Literal

Band = Literal["below_50", "from_50", "from_92"]
BandOrUnknown = Literal["below_50", "from_50", "from_92", "unknown"]

FULL: Final = 140
"""The points of the published instrument."""

FROM_50: Final = Fraction(50, FULL)
FROM_92: Final = Fraction(92, FULL)

WORDS: Final[dict[str, str]] = {
    "below_50": "worth asking whether to go on",
    "from_50": "some things to work on",
    "from_92": "working well together",
    "unknown": "too early to say",
}
"""The bands as people read them."""


def band_of(share: Fraction) -> Band:
    """The band of a share from 0 to 1; a cut point belongs to the band above it."""
    if share < FROM_50:
        return "below_50"
    return "from_50" if share < FROM_92 else "from_92"


def band_or_unknown(share: Fraction | None) -> BandOrUnknown:
    return "unknown" if share is None else band_of(share)
