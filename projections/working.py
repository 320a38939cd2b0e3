"""The working of a figure: what it rests on, step by step, in words, ending in the number."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One sentence for people, what it comes to (as it is printed), and the facts it rests on."""

    says: str
    comes_to: str | None = None
    event_ids: Sequence[str] = ()

    def to_json(self) -> dict[str, Any]:
        return {"says": self.says, "comes_to": self.comes_to, "event_ids": list(self.event_ids)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Working:
    """How `figure` (its name in the answer) comes about; the last step gives its value. `about` says in the words of
    the tables what is worked out: `what of it went both ways`."""

    figure: str
    about: str
    rule_version: str
    steps: Sequence[Step]

    def to_json(self) -> dict[str, Any]:
        steps = [step.to_json() for step in self.steps]
        return {"figure": self.figure, "about": self.about, "rule_version": self.rule_version, "steps": steps}


def workings_to_json(workings: Iterable[Working]) -> list[dict[str, Any]]:
    """The member `working` of an answer that was asked to explain itself."""
    return [one.to_json() for one in workings]
