"""From facts to practices. Pure, and each fact stands for itself: how they are cut into pages is the same."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from importlib.resources import files
from typing import Final
from zoneinfo import ZoneInfo

from ledger.domain.fact import AnyFact
from ledger.domain.practice import facts as said
from projections.practices.rows import PRACTICES, STEPS, Practice, Step, StepKind
from projections.tables import CannotApply, Changes, Loader
from projections.view import View

VERSION: Final = 1
TYPES: Final = frozenset({"practice.shared", "practice.assured", "practice.adopted", "practice.returned"})


def practices_view(zone: ZoneInfo) -> View:
    """The view of practices; `zone` is the ledger's, in which days are counted."""
    return View(
        name="practices",
        version=VERSION,
        types=TYPES,
        schema=files(__package__).joinpath("schema.sql").read_text("utf-8"),
        tables=(PRACTICES, STEPS),
        fold=partial(fold, zone=zone),
    )


def fold(facts: Sequence[AnyFact], loader: Loader, *, zone: ZoneInfo) -> Changes:
    """What these facts, in order of position, add to the practices."""
    changes = Changes()
    for fact in facts:
        said_on = fact.occurred_at.astimezone(zone).date()
        if isinstance(fact.data, said.Shared):
            data = fact.data
            changes.sheet(PRACTICES).add(
                Practice(
                    practice_id=fact.stream.id,
                    known_from=fact.position,
                    author_id=data.organisation_id,
                    category=data.category,
                    title=data.title,
                    summary=data.summary,
                    link=data.link,
                    shared_on=said_on,
                    event_id=fact.event_id,
                )
            )
        else:
            kind, organisation_id = _step(fact)
            on = fact.data.on if isinstance(fact.data, said.Adopted) else said_on
            step = Step(fact.stream.id, fact.position, kind, organisation_id, on, fact.event_id)
            changes.sheet(STEPS).add(step)
    return changes


def _step(fact: AnyFact) -> tuple[StepKind, str]:
    """What was done with the practice, and by whom. Raises CannotApply."""
    match fact.data:
        case said.Assured(assured_by=assessor, verdict=verdict):
            return verdict, assessor
        case said.Adopted(organisation_id=adopter):
            return "adopted", adopter
        case said.Returned() if fact.voice is not None:
            return "returned", fact.voice
    raise CannotApply(f"{fact.type} says nothing of a practice, or nobody says it: {fact.event_id}")
