"""Collaboration and autonomy of one organisation on a day. Pure; projections.md, section 4."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Final

from projections.health.dimension import Dimension
from projections.landscape.autonomy import Autonomy
from projections.landscape.circling import OwnWays

RULE_VERSION: Final = "landscape/1"
CATEGORIES_ENOUGH: Final = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One of the three parts of collaboration; `f` None where it cannot be told, with the reason in `why`."""

    name: str
    f: Fraction | None
    why: str | None
    counted: Mapping[str, int]
    event_ids: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Position:
    """Where an organisation stands on a day. `tempos` are those of its partnerships of the day, by id."""

    day: date
    tempos: Mapping[str, Dimension]
    own: OwnWays
    categories: Mapping[str, Sequence[str]]
    given_event_ids: tuple[str, ...]
    was_partner: bool
    autonomy: Autonomy

    @property
    def parts(self) -> tuple[Part, Part, Part]:
        return (_tempo(self), _reciprocity(self), _categories(self))

    @property
    def collaboration(self) -> Fraction | None:
        """The mean of the parts that can be told."""
        known = [part.f for part in self.parts if part.f is not None]
        return sum(known, Fraction(0)) / len(known) if known else None


def _tempo(position: Position) -> Part:
    """The share of its partnerships that keep their pace; those of which it is too early to say are left out."""
    known = {one: tempo for one, tempo in position.tempos.items() if tempo.f is not None}
    at_pace = [one for one, tempo in known.items() if tempo.f == 1]
    f = Fraction(len(at_pace), len(known)) if known else None
    why = None if known else "in no partnership" if not position.tempos else "too early to say"
    counted = {"partnerships": len(position.tempos), "known": len(known), "at_pace": len(at_pace)}
    facts = tuple(event_id for tempo in known.values() for event_id in tempo.event_ids)
    return Part(name="tempo", f=f, why=why, counted=counted, event_ids=facts)


def _reciprocity(position: Position) -> Part:
    own = position.own
    why = None if own.turnover else "nothing was confirmed in the last 365 days"
    counted = {"turnover_minutes": own.turnover, "returned_minutes": own.returned, "round_minutes": own.round}
    return Part(name="reciprocity", f=own.f, why=why, counted=counted, event_ids=position.given_event_ids)


def _categories(position: Position) -> Part:
    """Unknown where it was in no partnership and nothing passed in the year: the ledger knows nothing of it then."""
    used = len(position.categories)
    counted = {"categories": used, "enough": CATEGORIES_ENOUGH}
    facts = tuple(event_id for events in position.categories.values() for event_id in events)
    if not used and not position.was_partner:
        why = "in no partnership, and nothing was confirmed in the last 365 days"
        return Part(name="categories", f=None, why=why, counted=counted, event_ids=())
    f = min(Fraction(1), Fraction(used, CATEGORIES_ENOUGH))
    return Part(name="categories", f=f, why=None, counted=counted, event_ids=facts)
