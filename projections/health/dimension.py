"""One dimension of health: its share, or why it cannot be told, and what it was counted from."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cached_property
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


class Facts:
    """The ids of facts, each once and in order. They are gathered when somebody asks for them: most questions about a
    share, such as those of each day of a history, do not."""

    def __init__(self, gather: Callable[[], Iterable[str]] = tuple) -> None:
        self._gather = gather

    @cached_property
    def event_ids(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(self._gather()))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Facts) and self.event_ids == other.event_ids

    def __hash__(self) -> int:
        return hash(self.event_ids)


@dataclass(frozen=True, slots=True, kw_only=True)
class Dimension:
    """`f` lies between 0 and 1; None where nothing can be told yet, with the reason in `why`.

    `counted` is what it was worked out from, by name: whole numbers, shares, days. `facts` are those it rests on.
    """

    name: Name
    f: Fraction | None
    why: str | None = None
    counted: Mapping[str, Any] = field(default_factory=dict)
    facts: Facts = field(default_factory=Facts)

    @property
    def event_ids(self) -> tuple[str, ...]:
        return self.facts.event_ids

    @property
    def score(self) -> Fraction | None:
        return None if self.f is None else SCORE * self.f

    def to_json(self) -> dict[str, Any]:
        reason = {} if self.why is None else {"why": self.why}
        shares = {"f": to_json(self.f), "score": to_json(self.score)}
        return {**shares, **reason, **printed(self.counted), "event_ids": list(self.event_ids)}


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
