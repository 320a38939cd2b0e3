"""The three parts of a question: as of which business date, as known at which position, over which window."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final

from projections.reader import Reader

FIRST_DAY: Final = date(1900, 1, 1)
LAST_DAY: Final = date(2199, 12, 31)
"""Days are asked about between these two, both included: every window and deadline around them is a day as well."""

DAYS_ASKED: Final = f"from {FIRST_DAY.isoformat()} to {LAST_DAY.isoformat()}"


def is_asked_about(day: date) -> bool:
    """Whether a question may name a day."""
    return FIRST_DAY <= day <= LAST_DAY


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """Facts up to the position `known_at`; of these, what holds on the business date `as_of`.

    `from_` and `to` are the first and the last `delivered_on` of the window, None where it is open. `reader` is who
    asks, and learns no names that are not for it; None is the machinery itself, which tells nobody.
    """

    as_of: date
    known_at: int
    from_: date | None = None
    to: date | None = None
    reader: Reader | None = field(default=None, compare=False)

    @property
    def parameters(self) -> dict[str, Any]:
        """For a statement with named parameters."""
        return {"as_of": self.as_of, "known_at": self.known_at, "from": self.from_, "to": self.to}


@dataclass(frozen=True, slots=True, kw_only=True)
class Header:
    """What every answer repeats of its question. `position` is how far the views had come when it was worked out."""

    scope: Mapping[str, str]
    question: Question
    position: int
    rule_version: str

    def to_json(self, names: Mapping[str, str], *, unknown: Sequence[str] = (), **body: Any) -> dict[str, Any]:
        """The answer: header, figures, the names of those that are unknown, and the names of the ids in it."""
        question = self.question
        window = {"from": question.from_, "to": question.to}
        return {
            "scope": dict(self.scope),
            "as_of": question.as_of.isoformat(),
            "known_at": question.known_at,
            "position": self.position,
            "rule_version": self.rule_version,
            **{name: day.isoformat() for name, day in window.items() if day is not None},
            **body,
            "unknown": list(unknown),
            "names": dict(sorted(names.items())),
        }
