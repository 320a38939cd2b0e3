"""Autonomy: how far what its frameworks ask for is in place, in its own word and in that of others. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from typing import Final, NamedTuple

from ledger.domain.organisation.facts import Assessed, Assurance, Departed
from projections.evidence.noted import Noted
from projections.frameworks.queries import Framework

WEIGHTS: Final[dict[Assurance, Fraction]] = {
    "in_place": Fraction(1),
    "in_part": Fraction(1, 2),
    "not_yet": Fraction(0),
}
Component = tuple[str, str]
"""Framework and component."""


class Word(NamedTuple):
    """What one voice last said of one component: its share, and the fact. A reasoned departure counts 1."""

    share: Fraction
    status: str
    event_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Voices:
    """Of all components of the frameworks that apply, those one side has spoken of, with what each comes to."""

    components: int
    said: Mapping[Component, Sequence[Word]] = field(default_factory=dict)

    @property
    def f(self) -> Fraction | None:
        """The mean over the components spoken of; several voices on one component are its mean. None where none is."""
        means = [sum((word.share for word in words), Fraction(0)) / len(words) for words in self.said.values()]
        return sum(means, Fraction(0)) / len(means) if means else None

    @property
    def event_ids(self) -> list[str]:
        return [word.event_id for words in self.said.values() for word in words]

    def count(self, *statuses: str) -> int:
        """How many components bear one of these words of any voice."""
        return sum(any(word.status in statuses for word in words) for words in self.said.values())


@dataclass(frozen=True, slots=True, kw_only=True)
class Autonomy:
    """`frameworks` are those that apply on the day, by name."""

    frameworks: tuple[Framework, ...]
    by_itself: Voices
    by_others: Voices


def autonomy_on(frameworks: Sequence[Framework], own: Iterable[str], notes: Iterable[Noted], day: date) -> Autonomy:
    """What was said by a day of the components that these frameworks have on it.

    A departure is the organisation's own word: it counts 1 in that, from the day it was said through the day on which
    it is to be looked at again. Then the assessment counts again, and where there is none, nothing.
    """
    asked_for = {(one.id, str(part["component_id"])) for one in frameworks for part in one.components}
    said = [noted for noted in notes if noted.on <= day and _component(noted) in asked_for]
    assessed = [noted for noted in said if isinstance(noted.fact.data, Assessed)]
    ids = set(own)
    itself = _latest(one for one in assessed if one.fact.data.assessed_by in ids)
    departures = [one for one in said if isinstance(one.fact.data, Departed)]
    latest_departures = {_component(one): one for one in departures}
    return Autonomy(
        frameworks=tuple(frameworks),
        by_itself=_voices(asked_for, [*itself, *(one for one in latest_departures.values() if _stands(one, day))]),
        by_others=_voices(asked_for, _latest(one for one in assessed if one.fact.data.assessed_by not in ids)),
    )


def _component(noted: Noted) -> Component | None:
    data = noted.fact.data
    return (data.framework_id, data.component_id) if isinstance(data, Assessed | Departed) else None


def _stands(departure: Noted, day: date) -> bool:
    until: date = departure.fact.data.review_on
    return day <= until


def _latest(assessed: Iterable[Noted]) -> list[Noted]:
    """Of each voice on each component the assessment of the latest day; of two for one day, the one said last."""
    found: dict[tuple[Component | None, str], Noted] = {}
    for noted in sorted(assessed, key=lambda one: (one.on, one.position)):
        found[_component(noted), noted.fact.data.assessed_by] = noted
    return list(found.values())


def _voices(asked_for: Collection[Component], said: Iterable[Noted]) -> Voices:
    """What was said, by component; a departure stands in place of all else."""
    words: dict[Component, list[Word]] = {}
    for noted in said:
        component = _component(noted)
        if component is not None:
            departed = isinstance(noted.fact.data, Departed)
            words[component] = [_word(noted)] if departed else [*words.get(component, ()), _word(noted)]
    return Voices(components=len(asked_for), said=dict(sorted(words.items())))


def _word(noted: Noted) -> Word:
    data = noted.fact.data
    if isinstance(data, Departed):
        return Word(Fraction(1), "departed", noted.fact.event_id)
    return Word(WEIGHTS[data.status], data.status, noted.fact.event_id)
