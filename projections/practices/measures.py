"""What became of practices that were given away: assured by whom, adopted, come back better. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Final, Literal, NamedTuple

from projections.practices.rows import Practice, Step
from projections.shares import share

RULE_VERSION: Final = "practices/1"

State = Literal["assured", "needs_work", "shared"]
VERDICTS: Final = frozenset({"assured", "needs_work"})


class Counts(NamedTuple):
    """Practices shared, adoptions, returns; and of the adoptions, those whose adopter gave something back."""

    shared: int
    adopted: int
    returned: int
    came_back: int

    @property
    def came_back_share(self) -> Fraction | None:
        """How many of the adoptions came back better; None where nobody adopted anything."""
        return share(self.came_back, self.adopted)


@dataclass(frozen=True, slots=True)
class Lineage:
    """A practice with what was done with it, in order of position, under the ids that organisations are read as."""

    practice: Practice
    steps: Sequence[Step]

    def as_of(self, day: date, known_at: int) -> Lineage:
        """What had happened by a business date, as known at a position."""
        return Lineage(self.practice, [one for one in self.steps if one.step_on <= day and one.known_from <= known_at])

    @property
    def verdicts(self) -> dict[str, Step]:
        """By organisation, its latest word."""
        return {one.organisation_id: one for one in self.steps if one.kind in VERDICTS}

    @property
    def assured_by(self) -> list[str]:
        """Whose latest word is that it is assured, by id."""
        return sorted(one for one, step in self.verdicts.items() if step.kind == "assured")

    @property
    def state(self) -> State:
        """`assured` where one organisation's latest word says so; `needs_work` where some looked and none says so."""
        if self.assured_by:
            return "assured"
        return "needs_work" if self.verdicts else "shared"

    @property
    def adoptions(self) -> dict[str, Step]:
        """By organisation, the adoption of the earliest day."""
        ordered = sorted((one for one in self.steps if one.kind == "adopted"), key=_day, reverse=True)
        return {one.organisation_id: one for one in ordered}

    @property
    def returns(self) -> list[Step]:
        return [one for one in self.steps if one.kind == "returned"]

    def days_to(self, returned: Step) -> int | None:
        """How many days after its adoption an organisation gave something back; None where no adoption is in sight."""
        adopted = self.adoptions.get(returned.organisation_id)
        return None if adopted is None else (returned.step_on - adopted.step_on).days

    @property
    def parties(self) -> set[str]:
        """The author and all who did something with it."""
        return {self.practice.author_id, *(one.organisation_id for one in self.steps)}


def counts_of(lineages: Iterable[Lineage]) -> Counts:
    """Shared : adopted : returned over practices."""
    several = list(lineages)
    came_back = sum(len(one.adoptions.keys() & {step.organisation_id for step in one.returns}) for one in several)
    adopted = sum(len(one.adoptions) for one in several)
    return Counts(len(several), adopted, sum(len(one.returns) for one in several), came_back)


def by_author(lineages: Collection[Lineage]) -> dict[str, Counts]:
    """The counts of each author's practices, by id."""
    authors = sorted({one.practice.author_id for one in lineages})
    return {author: counts_of(one for one in lineages if one.practice.author_id == author) for author in authors}


def _day(step: Step) -> tuple[date, int]:
    return step.step_on, step.known_from
