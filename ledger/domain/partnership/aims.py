"""What a partnership wants to reach: each aim is open, met or dropped."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from ledger.domain.partnership.facts import Aim, AimAdded


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenAim:
    """`success_measure` says how one will see that it is met; None when nobody said."""

    statement: str
    success_measure: str | None
    due_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class MetAim:
    """Met on a day, by the word of the fact `event_id`; withdrawing that fact opens the aim again."""

    aim: OpenAim
    on: date
    event_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DroppedAim:
    aim: OpenAim
    on: date


AimState = OpenAim | MetAim | DroppedAim


def opened(said: Aim | AimAdded) -> OpenAim:
    return OpenAim(statement=said.statement, success_measure=said.success_measure, due_on=said.due_on)


def reopened(aims: Mapping[str, AimState], event_id: str) -> dict[str, AimState]:
    """The aims when the fact that said one of them was met is withdrawn."""
    return {
        aim_id: one.aim if isinstance(one, MetAim) and one.event_id == event_id else one for aim_id, one in aims.items()
    }
