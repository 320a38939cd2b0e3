"""The state of a person: in a role, out of it, or erased. Names and addresses are never part of it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime

from ledger.domain.fact import AnyFact
from ledger.domain.person.facts import DetailsCorrected, Erased, Introduced, PersonRole, RoleEnded


@dataclass(frozen=True, slots=True, kw_only=True)
class InRole:
    """`since` is the moment the introduction names; the role lasts until it is ended."""

    organisation_id: str
    role: PersonRole
    since: datetime

    @property
    def ended_on(self) -> date | None:
        return None


@dataclass(frozen=True, slots=True, kw_only=True)
class RoleOver:
    """The role ends with the day `ended_on`; the person may be introduced again, here or elsewhere."""

    organisation_id: str
    role: PersonRole
    since: datetime
    ended_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class ErasedPerson:
    """Only that somebody had this role is left; nothing more is said of them, but that the role ended."""

    organisation_id: str
    role: PersonRole
    since: datetime
    ended_on: date | None


PersonState = InRole | RoleOver | ErasedPerson


def evolve(state: PersonState | None, fact: AnyFact) -> PersonState:
    """The state after a fact of this stream."""
    match fact.data:
        case Introduced(organisation_id=organisation_id, role=role):
            return InRole(organisation_id=organisation_id, role=role, since=fact.occurred_at)
        case DetailsCorrected(role=role) if state is not None:
            return state if role is None else replace(state, role=role)
        case RoleEnded(on=on) if state is not None:
            return ended(state, on)
        case Erased() if state is not None:
            return ErasedPerson(
                organisation_id=state.organisation_id, role=state.role, since=state.since, ended_on=state.ended_on
            )
    raise TypeError(f"{fact.type} cannot stand here in a person's stream")


def ended(state: PersonState, on: date) -> PersonState:
    if isinstance(state, ErasedPerson):
        return replace(state, ended_on=on)
    return RoleOver(organisation_id=state.organisation_id, role=state.role, since=state.since, ended_on=on)


def concerned(state: PersonState) -> frozenset[str]:
    return frozenset({state.organisation_id})


def partnership(state: PersonState | None) -> str | None:  # a person belongs to no partnership
    return None
