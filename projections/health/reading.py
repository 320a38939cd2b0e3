"""One line for each dimension: what the record shows, in the words of the pages."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from projections.health.bands import WORDS, band_of
from projections.health.dimension import Dimension
from projections.wording import amount, day, percent, several

Counted = Mapping[str, Any]

TITLES: Final = {
    "purpose": "clear purpose",
    "reciprocity": "two-way support",
    "tempo": "keeping its pace",
    "follow_through": "doing what was agreed",
    "confirmation": "answering in time",
    "outcomes": "what came of it",
    "challenge": "honest review",
    "resilience": "not resting on one",
}
"""The dimensions as people read them."""

CODES: Final = {"cosy": "Recent reviews found little to work on."}
"""The codes as people read them."""


def word_of(dimension: Dimension) -> str:
    """Where a dimension stands, or why that cannot be told."""
    if dimension.f is None:
        return dimension.why or ""
    return f"{WORDS[band_of(dimension.f)]} ({percent(dimension.f)})"


def basis_of(dimension: Dimension) -> str:
    """What it was counted from; empty where there was nothing to count."""
    return BASIS[dimension.name](dimension.counted) if dimension.counted else ""


def purpose(counted: Counted) -> str:
    held = counted["review_held_on"]
    reviewed = "not reviewed" if counted["review_was_due"] else "no review due yet"
    return (
        f"{counted['aims_with_measure']} of {several(counted['aims'], 'aim')} with a measure, "
        f"{counted['agreements_with_aim']} of {several(counted['agreements'], 'agreement')} with an aim, "
        f"{reviewed if held is None else f'reviewed {day(held)}'}"
    )


def reciprocity(counted: Counted) -> str:
    if counted["minutes"] == 0:
        return ""
    two_way, comes_round = percent(counted["two_way"]), percent(counted["comes_round"])
    return f"of {amount(counted['minutes'])}, {two_way} two-way, {comes_round} comes round"


def tempo(counted: Counted) -> str:
    last, passed = counted["last_on"], several(counted["days"], "day")
    return f"{passed} since it began" if last is None else f"{passed} since {day(last)}"


def follow_through(counted: Counted) -> str:
    agreements = several(counted["agreements"], "agreement")
    given, agreed = amount(counted["delivered_minutes"]), amount(counted["agreed_minutes"])
    return f"{given} given of {agreed} in {agreements}" if counted["agreements"] else ""


def confirmation(counted: Counted) -> str:
    unanswered = counted["unanswered"]
    silence = f", {unanswered} recorded, not yet confirmed" if unanswered else ""
    return f"{counted['in_time']} of {counted['deliveries']} in time{silence}" if counted["deliveries"] else ""


def outcomes(counted: Counted) -> str:
    completed = counted["completed"]
    missing = completed - counted["with_outcome"]
    if not completed:
        return ""
    engagements = several(completed, "engagement")
    return f"no outcome recorded yet ({missing} of {engagements})" if missing else f"{engagements} with an outcome"


def challenge(counted: Counted) -> str:
    reviews = counted["reviews"]
    return f"{counted['has_to_develop']} of {several(reviews, 'review')} found something to develop" if reviews else ""


def resilience(counted: Counted) -> str:
    told = f"one of {several(counted['partners'], 'school')} gave {percent(counted['largest_partner_share'])}"
    if not counted["people"]:
        return told
    people = several(counted["people"], "person", "people")
    return f"{told}, one of {people} {percent(counted['largest_person_share'])}"


BASIS: Final[Mapping[str, Callable[[Counted], str]]] = {
    "purpose": purpose,
    "reciprocity": reciprocity,
    "tempo": tempo,
    "follow_through": follow_through,
    "confirmation": confirmation,
    "outcomes": outcomes,
    "challenge": challenge,
    "resilience": resilience,
}
