"""From a question to an organisation's place in the landscape, how it moved, and how it comes about."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Final

from projections.asking import Asking
from projections.directory.queries import names
from projections.landscape.autonomy import Autonomy, Voices
from projections.landscape.explaining import workings_of
from projections.landscape.gathering import days_before, position_on
from projections.landscape.measures import RULE_VERSION, Part, Position
from projections.question import Header
from projections.shares import to_json
from projections.working import Working, workings_to_json

LEGEND: Final = {
    "collaborative_autonomy": "works much with others, and has much of what its framework asks for in place",
    "dependent": "works much with others, and has little of what its framework asks for in place",
    "island": "works little with others, and has much of what its framework asks for in place",
    "isolated": "works little with others, and has little of what its framework asks for in place",
}
"""How the four fields of the picture are to be read. Nobody is put into one: the fields explain it, no more."""

NO_PART: Final = "none of its three parts can be told"


@dataclass(frozen=True, slots=True, kw_only=True)
class LandscapeAnswer:
    """Where an organisation stands; `earlier` are the same figures on earlier days, in order."""

    header: Header
    position: Position
    earlier: Sequence[Position]
    names: Mapping[str, str]
    working: Sequence[Working] | None = None

    def to_json(self) -> dict[str, Any]:
        position = self.position
        body: dict[str, Any] = {
            "collaboration": _collaboration(position),
            "autonomy": _autonomy(position.autonomy),
            "legend": dict(LEGEND),
            "movement": [_row(one) for one in (*self.earlier, position)],
        }
        if self.working is not None:
            body["working"] = workings_to_json(self.working)
        return self.header.to_json(self.names, unknown=unknown(position), **body)


def landscape(asking: Asking, organisation_id: str, *, explain: bool = False) -> LandscapeAnswer:
    """An organisation's place as of the question's day, over the 365 days up to it. Raises FactDoesNotFit, TooMuch."""
    question = asking.question
    position = position_on(asking, organisation_id, question.as_of)
    earlier = [position_on(asking, organisation_id, day) for day in days_before(asking, organisation_id)]
    owners = {one.owner_id for one in position.autonomy.frameworks}
    known = names(asking.connection, {organisation_id, *position.tempos, *owners}, question)
    return LandscapeAnswer(
        header=asking.header(RULE_VERSION, organisation=organisation_id),
        position=position,
        earlier=earlier,
        names=known,
        working=workings_of(position, known) if explain else None,
    )


def unknown(position: Position) -> list[str]:
    """What cannot be told, by name."""
    parts = [f"collaboration.{part.name}" for part in position.parts if part.f is None]
    whole = ["collaboration"] if position.collaboration is None else []
    voices = {"by_itself": position.autonomy.by_itself, "by_others": position.autonomy.by_others}
    return [*whole, *parts, *(f"autonomy.{name}" for name, said in voices.items() if said.f is None)]


def _collaboration(position: Position) -> dict[str, Any]:
    parts = position.parts
    known = [part.name for part in parts if part.f is not None]
    found = {
        "f": to_json(position.collaboration),
        "parts": {part.name: _part(part) for part in parts},
        "coverage": {"known": len(known), "of": len(parts)},
    }
    return found if known else found | {"why": NO_PART}


def _part(part: Part) -> dict[str, Any]:
    why = {} if part.why is None else {"why": part.why}
    return {"f": to_json(part.f), **why, **part.counted}


def _autonomy(autonomy: Autonomy) -> dict[str, Any]:
    return {
        "by_itself": _voices(autonomy.by_itself),
        "by_others": _voices(autonomy.by_others),
        "frameworks": [
            {
                "framework_id": one.id,
                "name": one.name,
                "version": one.version,
                "owner_id": one.owner_id,
                "components": len(one.components),
                "spoken_of": sum(framework_id == one.id for framework_id, _ in autonomy.by_itself.said),
                "spoken_of_by_others": sum(framework_id == one.id for framework_id, _ in autonomy.by_others.said),
            }
            for one in autonomy.frameworks
        ],
    }


def _voices(voices: Voices) -> dict[str, Any]:
    found: dict[str, Any] = {
        "f": to_json(voices.f),
        "coverage": {"known": len(voices.said), "of": voices.components},
        **{name: voices.count(name) for name in ("in_place", "in_part", "not_yet", "departed")},
        "event_ids": voices.event_ids,
    }
    return found if voices.said else found | {"why": _unsaid(voices)}


def _unsaid(voices: Voices) -> str:
    """Why nothing can be told where nothing was said."""
    return "no framework applies" if voices.components == 0 else "never assessed"


def _row(position: Position) -> dict[str, Any]:
    """The figures of one day; of a table this is a line. What cannot be told is null, with the reason under `why`."""
    autonomy = position.autonomy
    voices = {"autonomy_by_itself": autonomy.by_itself, "autonomy_by_others": autonomy.by_others}
    told: dict[str, tuple[Fraction | None, str | None]] = {
        "collaboration": (position.collaboration, NO_PART),
        **{part.name: (part.f, part.why) for part in position.parts},
        **{name: (said.f, _unsaid(said)) for name, said in voices.items()},
    }
    why = {name: reason for name, (f, reason) in told.items() if f is None}
    figures = {name: to_json(f) for name, (f, _) in told.items()}
    return {"on": position.day.isoformat(), **figures, **({"why": why} if why else {})}
