"""What may be said of a person: a role in an organisation, never more."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ledger.domain.context import Context
from ledger.domain.fact import AnyClaim
from ledger.domain.person.facts import DetailsCorrected, Erased, Introduced, RoleEnded
from ledger.domain.person.state import ErasedPerson, InRole, PersonState, RoleOver
from ledger.domain.refusals import AlreadySaid, AlreadyThere, DayOutOfRange, NotThere, WrongStream, require_sound
from ledger.errors import FieldError, Refusal


class PersonErased(Refusal):
    """Nothing more is recorded of a person who was erased. Fields: `person_id`."""

    code = "person-erased"
    title = "This person was erased"


def parties(state: PersonState | None, claim: AnyClaim, context: Context) -> Mapping[str, frozenset[str]]:
    if isinstance(claim.data, Introduced):
        return {"organisation": frozenset({claim.data.organisation_id})}
    if state is None:
        raise NotThere(stream_kind="person", id=claim.stream.id)
    return {"organisation": frozenset({state.organisation_id})}


def admit(state: PersonState | None, claim: AnyClaim, context: Context) -> Any:
    """The data of the fact, or a Refusal."""
    person_id = claim.data.person_id
    if person_id != claim.stream.id:
        raise WrongStream(id=person_id)
    if isinstance(claim.data, Introduced):
        return admit_introduced(state, claim, context)
    if state is None:
        raise NotThere(stream_kind="person", id=person_id)
    match claim.data:
        case DetailsCorrected() as data:
            return admit_details_corrected(state, data)
        case RoleEnded() as data:
            return admit_role_ended(state, data, context)
        case Erased() as data:
            if isinstance(state, ErasedPerson):
                raise AlreadySaid("this person was erased before", id=person_id)
            return data
    raise TypeError(f"{claim.type} is no event of a person")


def admit_introduced(state: PersonState | None, claim: AnyClaim, context: Context) -> Any:
    """Somebody is introduced once, and again after their role has ended."""
    match state:
        case InRole():
            raise AlreadyThere("this person has a role already", stream_kind="person", id=claim.stream.id)
        case RoleOver(ended_on=ended_on) if context.day_of(claim.occurred_at) < ended_on:
            raise AlreadyThere(f"the former role lasts until {ended_on}", stream_kind="person", id=claim.stream.id)
        case ErasedPerson():
            raise PersonErased(person_id=claim.stream.id)
    return claim.data


def admit_details_corrected(state: PersonState, data: DetailsCorrected) -> DetailsCorrected:
    if isinstance(state, ErasedPerson):
        raise PersonErased(person_id=data.person_id)
    if data.name is None and data.email is None and data.role in (None, state.role):
        require_sound([FieldError("/data", "nothing-changes", "must change the role, the name or the address")])
    return data


def admit_role_ended(state: PersonState, data: RoleEnded, context: Context) -> RoleEnded:
    if state.ended_on is not None:
        raise AlreadySaid("the role ended before", id=data.person_id)
    context.planned(data.on, "/data/on")
    introduced_on = context.day_of(state.since)
    if data.on < introduced_on:
        detail = f"lies before the introduction on {introduced_on}"
        errors = (FieldError("/data/on", "day-out-of-range", detail),)
        raise DayOutOfRange(f"/data/on {detail}", errors=errors, day=data.on)
    return data
