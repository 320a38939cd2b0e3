"""The state of a practice: one shape, from its sharing on."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from ledger.domain.fact import AnyFact
from ledger.domain.practice.facts import Adopted, AssuranceVerdict, Assured, Returned, Shared


@dataclass(frozen=True, slots=True, kw_only=True)
class SharedPractice:
    """`adopters` by organisation with the first day; `assurances` by organisation with its latest verdict."""

    author_id: str
    title: str
    category: str
    adopters: dict[str, date]
    assurances: dict[str, AssuranceVerdict]
    returns: tuple[str, ...] = ()


PracticeState = SharedPractice


def evolve(state: PracticeState | None, fact: AnyFact) -> PracticeState:
    """The state after a fact of this stream."""
    match fact.data:
        case Shared(organisation_id=author, title=title, category=category):
            return SharedPractice(author_id=author, title=title, category=category, adopters={}, assurances={})
        case Assured(assured_by=by, verdict=verdict) if state is not None:
            return replace(state, assurances=state.assurances | {by: verdict})
        case Adopted(organisation_id=adopter, on=on) if state is not None:
            return replace(state, adopters={adopter: on} | state.adopters)
        case Returned() if state is not None:
            return replace(state, returns=(*state.returns, fact.voice or ""))
    raise TypeError(f"{fact.type} cannot stand here in a practice's stream")


def concerned(state: PracticeState) -> frozenset[str]:
    return frozenset({state.author_id})


def partnership(state: PracticeState | None) -> str | None:  # a practice belongs to no partnership
    return None
