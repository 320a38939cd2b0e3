"""What an organisation is part of, and what becomes of it: trusts, closing, succession, duplicates."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ledger.domain.context import Context
from ledger.domain.fact import AnyClaim
from ledger.domain.organisation.facts import Closed, DuplicateDeclared, JoinedTrust, LeftTrust, Succeeded
from ledger.domain.organisation.state import OrganisationState
from ledger.domain.refusals import AlreadySaid, Circle, OrganisationEnded, require_sound
from ledger.errors import FieldError, Refusal


class NotATrust(Refusal):
    """Only a trust is joined, and never by a trust. Fields: `organisation_id` (of the wrong kind), `is_kind`."""

    code = "not-a-trust"
    title = "Only a trust is joined, by organisations that are none"


class AlreadyInATrust(Refusal):
    """The organisation is or will be part of a trust after that day. Fields: `trust_id`, `since`, `until`."""

    code = "already-in-a-trust"
    title = "An organisation is part of one trust at a time"


class NotInThisTrust(Refusal):
    """The organisation is not part of that trust on the day before. Fields: `trust_id`."""

    code = "not-in-this-trust"
    title = "The organisation is not part of this trust"


def admit(state: OrganisationState, claim: AnyClaim, context: Context) -> Any:
    """The data of the fact, or a Refusal."""
    match claim.data:
        case JoinedTrust() as data:
            return admit_joined_trust(state, data, context)
        case LeftTrust() as data:
            return admit_left_trust(state, data, context)
        case Closed() as data:
            return admit_closed(state, data, context)
        case Succeeded() as data:
            return admit_succeeded(state, data, context)
        case DuplicateDeclared() as data:
            return admit_duplicate_declared(state, data, context)
    raise TypeError(f"{claim.type} is no event of an organisation")


def admit_joined_trust(state: OrganisationState, data: JoinedTrust, context: Context) -> JoinedTrust:
    """A membership is open-ended when it begins, so that it must begin after every other one has ended."""
    context.planned(data.on, "/data/on")
    trust = context.organisation(data.trust_id)
    for organisation_id, one, wanted in ((state.id, state, False), (data.trust_id, trust, True)):
        if one is not None and (one.kind == "trust") is not wanted:
            raise NotATrust(organisation_id=organisation_id, is_kind=one.kind)
    if trust is not None and trust.ended_on(data.on):
        raise OrganisationEnded(organisation_id=data.trust_id)
    for span in state.spans:
        if span.until is None or span.until > data.on:
            raise AlreadyInATrust(trust_id=span.trust_id, since=span.since, until=span.until)
    return data


def admit_left_trust(state: OrganisationState, data: LeftTrust, context: Context) -> LeftTrust:
    """`on` is the first day outside the trust."""
    context.planned(data.on, "/data/on")
    for span in state.spans:
        if span.trust_id == data.trust_id and span.until is None and span.since < data.on:
            return data
    raise NotInThisTrust(trust_id=data.trust_id)


def admit_closed(state: OrganisationState, data: Closed, context: Context) -> Closed:
    context.planned(data.on, "/data/on")
    if state.closed_on is not None:
        raise AlreadySaid("this organisation is closed", id=state.id)
    return data


def admit_succeeded(state: OrganisationState, data: Succeeded, context: Context) -> Succeeded:
    context.planned(data.on, "/data/on")
    if state.succession is not None:
        raise AlreadySaid("this organisation was succeeded before", id=state.succession.successor_id)
    require_no_circle(state.id, data.successor_id, lambda one: one.successor_id, context)
    return data


def admit_duplicate_declared(state: OrganisationState, data: DuplicateDeclared, context: Context) -> DuplicateDeclared:
    if data.duplicate_of == state.id:
        require_sound([FieldError("/data/duplicate_of", "itself", "an organisation is no duplicate of itself")])
    if state.duplicate_of is not None:
        raise AlreadySaid("this organisation was declared a duplicate before", id=state.duplicate_of)
    require_no_circle(state.id, data.duplicate_of, lambda one: one.duplicate_of, context)
    return data


def require_no_circle(
    start: str, following: str, next_of: Callable[[OrganisationState], str | None], context: Context
) -> None:
    """Passes when following the links from `following` on never comes to `start`. Raises Circle."""
    link: str | None = following
    while link is not None:
        if link == start:
            raise Circle(id=following)
        state = context.organisation(link)
        link = None if state is None else next_of(state)
