"""The facts of a story as evidence, without a database: gathered, dated and folded as the product does."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from zoneinfo import ZoneInfo

from ledger.domain.dates import business_date
from ledger.domain.streams import STREAMS
from projections.evidence.gathering import Evidence, fold_evidence
from projections.evidence.noted import Noted
from tests.scenario import Scenario, ref

LONDON = ZoneInfo("Europe/London")
BESIDE = frozenset({"organisation", "person", "calendar", "review"})


def evidence(scenario: Scenario, partnership: str, known_at: int | None = None) -> Evidence:
    """What the ledger knows of a partnership, called by its name in the story, at a position (its last).

    Peer reviews are all those of the story; who takes part in them is for the measures to look at.
    """
    noted = [one for one in dated(scenario) if known_at is None or one.position <= known_at]
    touching = {fact.event_id for fact in scenario.touched[f"partnership:{ref(partnership)}"]}
    own = tuple(one for one in noted if one.fact.event_id in touching)
    around: dict[str, tuple[Noted, ...]] = {}
    for one in noted:
        if one.fact.stream.kind in BESIDE:
            key = f"stream:{one.fact.stream.id}"
            around[key] = (*around.get(key, ()), one)
    return fold_evidence(own, around, str, LONDON, noted[-1].position, len(noted))


def dated(scenario: Scenario) -> Iterable[Noted]:
    """The facts with their positions and business dates."""
    states: dict[tuple[str, str], Any] = {}
    for fact in scenario.facts:
        key = (fact.stream.kind, fact.stream.id)
        states[key] = STREAMS[fact.stream.kind].evolve(states.get(key), fact)
        assert fact.position is not None
        yield Noted(fact.position, business_date(states[key], fact, LONDON), fact)
