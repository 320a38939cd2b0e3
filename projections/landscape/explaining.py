"""How collaboration and autonomy come about, step by step, in words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction
from typing import Final

from projections.landscape.autonomy import Voices
from projections.landscape.measures import CATEGORIES_ENOUGH, RULE_VERSION, Part, Position
from projections.wording import amount, day, listing, percent, several
from projections.working import Step, Working

UNKNOWN: Final = "unknown"
TITLES: Final = {
    "collaboration": "works with others",
    "autonomy_by_itself": "stands on its own, by its own word",
    "autonomy_by_others": "stands on its own, by the word of others",
}
"""The figures as people read them."""


def workings_of(position: Position, names: Mapping[str, str]) -> list[Working]:
    """One for collaboration, one for autonomy by its own word and one by that of others."""
    autonomy = position.autonomy
    told_of = {
        "collaboration": _collaboration(position, names),
        "autonomy_by_itself": _voices(autonomy.by_itself, "it"),
        "autonomy_by_others": _voices(autonomy.by_others, "others"),
    }
    return [
        Working(figure=figure, about=TITLES[figure], rule_version=RULE_VERSION, steps=list(steps))
        for figure, steps in told_of.items()
    ]


def _collaboration(position: Position, names: Mapping[str, str]) -> Iterator[Step]:
    tempo, reciprocity, categories = position.parts
    own = position.own
    paced = listing([names.get(one, "a partnership") for one, each in position.tempos.items() if each.f == 1])
    yield Step(
        says=f"On {day(position.day)} it was in {several(len(position.tempos), 'partnership')};"
        f" {tempo.counted['at_pace']} of the {tempo.counted['known']} that can be told keep their pace"
        + (f" ({paced})" if paced else ""),
        comes_to=told(tempo),
        event_ids=tempo.event_ids,
    )
    yield Step(
        says=f"In the 365 days up to then it gave and got {amount(own.turnover)}: {amount(own.returned)} were returned"
        f" by the same partner, {amount(own.round)} came round through others in its partnerships",
        comes_to=told(reciprocity),
        event_ids=reciprocity.event_ids,
    )
    used = categories.counted["categories"]
    yield Step(
        says=f"It gave or got support in {several(used, 'category', 'categories')}; {CATEGORIES_ENOUGH} are enough",
        comes_to=told(categories),
        event_ids=categories.event_ids,
    )
    known = sum(part.f is not None for part in position.parts)
    yield Step(says=f"The mean of the {known} that can be told", comes_to=share(position.collaboration))


def _voices(voices: Voices, who: str) -> Iterator[Step]:
    counts = ", ".join(f"{voices.count(name)} {name.replace('_', ' ')}" for name in ("in_place", "in_part", "not_yet"))
    departed = f", {voices.count('departed')} done otherwise for a reason given" if voices.count("departed") else ""
    yield Step(
        says=f"Of {several(voices.components, 'component')} of the frameworks that apply, {who} spoke of"
        f" {len(voices.said)}: {counts}{departed}",
        event_ids=voices.event_ids,
    )
    yield Step(
        says="In place counts 1, in part a half, not yet nothing, done otherwise for a reason 1; the mean of those",
        comes_to=share(voices.f),
    )


def told(part: Part) -> str:
    return share(part.f) if part.f is not None else f"{UNKNOWN}: {part.why}"


def share(value: Fraction | None) -> str:
    return UNKNOWN if value is None else percent(value)
