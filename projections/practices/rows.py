"""The rows of the practices view. Each is known from the position `known_from` on, and never changes."""

from __future__ import annotations

from datetime import date
from typing import Final, Literal, NamedTuple

from projections.tables import Table

StepKind = Literal["assured", "needs_work", "adopted", "returned"]


class Practice(NamedTuple):
    """A practice that its author gave away, on the business date `shared_on`."""

    practice_id: str
    known_from: int
    author_id: str
    category: str
    title: str
    summary: str
    link: str | None
    shared_on: date
    event_id: str


class Step(NamedTuple):
    """What an organisation did with a practice: looked at it against criteria, adopted it, gave it back better."""

    practice_id: str
    known_from: int
    kind: StepKind
    organisation_id: str
    step_on: date
    event_id: str


PRACTICES: Final = Table("practices_practice", Practice, key=("practice_id",))
STEPS: Final = Table("practices_step", Step, key=("practice_id", "known_from"))
