"""Whom the board answers: what a reader may see of it, by its memberships of today."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any, Self

from ledger.domain.fact import AnyFact, Speaker
from ledger.domain.review.facts import Completed
from ledger.domain.support.facts import Requested
from ledger.service import Ledger
from ledger.visibility import WITHHELD
from projections.directory.queries import Aliases


@dataclass(frozen=True, slots=True, kw_only=True)
class Reach:
    """`everything`: an auditor of the whole ledger. `sides`: the organisations the reader speaks for or records for;
    `own`: these, or the schools of an auditor's trust. `trusts` are what `speaks_in` of today: an offer to a trust
    reaches its members. `partnerships`: those it is an active partner of; `run`: those it coordinates.
    """

    everything: bool = False
    sides: frozenset[str] = frozenset()
    own: frozenset[str] = frozenset()
    trusts: frozenset[str] = frozenset()
    partnerships: frozenset[str] = frozenset()
    run: frozenset[str] = frozenset()

    @property
    def parameters(self) -> dict[str, Any]:
        """For a statement with named parameters."""
        names = ("own", "trusts", "partnerships", "run")
        return {name: sorted(getattr(self, name)) for name in names} | {"everything": self.everything}

    def read_as(self, aliases: Aliases) -> Reach:
        """The same reach with every registration of its organisations."""
        return replace(self, sides=registrations(self.sides, aliases), own=registrations(self.own, aliases))

    def knows(self, one: str, other: str) -> bool:
        """Whether what passed between two organisations is the reader's own affair."""
        return self.everything or one in self.sides or other in self.sides


def registrations(ids: Iterable[str], aliases: Aliases) -> frozenset[str]:
    return frozenset().union(*(aliases.registrations(one) for one in ids))


@dataclass(frozen=True, slots=True)
class BoardReader:
    """Who looks at the board, with the ledger that says which texts it may read."""

    ledger: Ledger
    speaker: Speaker
    reach: Reach

    @classmethod
    def of(cls, ledger: Ledger, speaker: Speaker) -> Self:
        """Raises RoleForbidden for an admin, who reads no facts."""
        ledger.sight(speaker)
        return cls(ledger, speaker, reach_of(speaker, ledger))

    def texts(self, facts: Iterable[AnyFact]) -> dict[str, str]:
        """The needs in clear, by support, and the next steps, by review and finding: those the reader may read."""
        found: dict[str, str] = {}
        for fact in self.ledger.opened(facts, self.speaker):
            match fact.data:
                case Requested(need=str(need)):
                    found[fact.stream.id] = need
                case Completed(findings=findings):
                    steps = {one.finding_id: one.next_step for one in findings}
                    found |= {f"{fact.stream.id}/{one}": step for one, step in steps.items() if isinstance(step, str)}
        return {key: text for key, text in found.items() if text != WITHHELD}


def reach_of(speaker: Speaker, ledger: Ledger) -> Reach:
    """What a reader may see of the board today; an admin reads none of it."""
    if speaker.role == "auditor":
        schools = frozenset() if speaker.trust is None else ledger.schools_of(speaker.trust) | {speaker.trust}
        return Reach(everything=speaker.whole_ledger, own=schools)
    own, partnerships, run = set(speaker.organisations), set[str](), set[str]()
    for organisation_id in speaker.organisations:
        for partnership_id, state in ledger.partnerships_of(organisation_id).items():
            if state.active_on(organisation_id, ledger.today()):
                partnerships.add(partnership_id)
            if speaker.role == "coordinator" and state.coordinator_id == organisation_id:
                run.add(partnership_id)
        if speaker.role == "coordinator":
            own |= ledger.schools_of(organisation_id)
    return Reach(
        sides=frozenset(own),
        own=frozenset(own),
        trusts=trusts_of(speaker.organisations, ledger),
        partnerships=frozenset(partnerships),
        run=frozenset(run),
    )


def trusts_of(organisations: Iterable[str], ledger: Ledger) -> frozenset[str]:
    """The trusts that organisations are part of; a trust is part of itself."""
    found = set()
    for organisation_id in organisations:
        state = ledger.organisation(organisation_id)
        if state is not None:
            found.add(organisation_id if state.kind == "trust" else state.trust_on(ledger.today()))
    return frozenset(one for one in found if one is not None)
