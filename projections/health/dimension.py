"""One dimension of health: its share, or why it cannot be told, and what it was counted from."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any, Final, Literal, get_args

from projections.shares import to_json

Name = Literal[
    "purpose",
    "reciprocity",
    "tempo",
    "follow_through",
    "confirmation",
    "outcomes",
    "challenge",
    "resilience",
]
NAMES: Final[tuple[Name, ...]] = get_args(Name)

TOO_EARLY: Final = "too early to say"

SCORE: Final = 4
"""A dimension's score is four times its share: 0 to 4, as an item of the published instrument."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Dimension:
    """`f` lies between 0 and 1; None where nothing can be told yet, with the reason in `why`.

    `counted` is what it was worked out from, by name: whole numbers, shares, days. `event_ids` are the facts it
    rests on, each once.
    """

    name: Name
    f: Fraction | None
    why: str | None = None
    counted: Mapping[str, Any] = field(default_factory=dict)
    event_ids: tuple[str, ...] = ()

    @property
    def score(self) -> Fraction | None:
        return None if self.f is None else SCORE * self.f

    def to_json(self) -> dict[str, Any]:
        reason = {} if self.why is None else {"why": self.why}
        shares = {"f": to_json(self.f), "score": to_json(self.score)}
        return {**shares, **reason, **printed(self.counted), "event_ids": list(self.event_ids)}


def each_once(event_ids: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(event_ids))


def printed(value: Any) -> Any:
    """What was counted, as JSON holds it."""
    match value:
        case Fraction():
            return to_json(value)
        case Mapping():
            return {name: printed(inner) for name, inner in value.items()}
        case tuple() | list():
            return [printed(one) for one in value]
    return value.isoformat() if hasattr(value, "isoformat") else value
