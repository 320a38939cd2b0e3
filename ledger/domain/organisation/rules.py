"""What may be said of an organisation: its place in the directory here, the rest in the modules beside this one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import fields, replace
from datetime import date
from typing import Any

from ledger.domain.context import EARLIEST, Context
from ledger.domain.fact import AnyClaim
from ledger.domain.organisation import assessments, standing
from ledger.domain.organisation.facts import (
    Assessed,
    Departed,
    DetailsChanged,
    Identifier,
    Registered,
)
from ledger.domain.organisation.state import KEPT_WHEN_CLOSED, OrganisationState, canonical, changes
from ledger.domain.refusals import AlreadyRecorded, AlreadyThere, NotThere, require_sound
from ledger.errors import FieldError, Refusal


class IdentifierHeld(Refusal):
    """Another organisation holds this identifier. Fields: `scheme`, `value`, `holder_id`; `errors` point to each."""

    code = "identifier-held"
    title = "Another organisation holds this identifier"


def parties(state: OrganisationState | None, claim: AnyClaim, context: Context) -> Mapping[str, frozenset[str]]:
    itself = frozenset({claim.stream.id})
    if isinstance(claim.data, Assessed):
        return {"itself": itself, "assessor": frozenset({claim.data.assessed_by})}
    return {"itself": itself}


def admit(state: OrganisationState | None, claim: AnyClaim, context: Context) -> Any:
    """The data of the fact, or a Refusal; AlreadyRecorded where the same registration stands already."""
    if isinstance(claim.data, Registered):
        return admit_registered(state, claim.data, claim.stream.id, context)
    if state is None:
        raise NotThere(stream_kind="organisation", id=claim.stream.id)
    match claim.data:
        case DetailsChanged() as data:
            return admit_details_changed(state, data, context)
        case Assessed() as data:
            return assessments.admit_assessed(state, data, context)
        case Departed() as data:
            return assessments.admit_departed(data, context)
    return standing.admit(state, claim, context)


def admit_registered(
    state: OrganisationState | None, data: Registered, organisation_id: str, context: Context
) -> Registered:
    data = replace(data, identifiers=canonical(data.identifiers))
    require_one_of_each_scheme(data.identifiers)
    if state is not None:
        require_new(state, data)
        raise AlreadyThere(stream_kind="organisation", id=organisation_id)
    require_free(data.identifiers, organisation_id, context, data)
    require_opening_day(data.opened_on, context)
    return data


def admit_details_changed(state: OrganisationState, data: DetailsChanged, context: Context) -> DetailsChanged:
    if data.identifiers is not None:
        data = replace(data, identifiers=canonical(data.identifiers))
        require_one_of_each_scheme(data.identifiers or ())
    if all(getattr(state.details, name) == value for name, value in changes(data).items()):
        require_sound([FieldError("/data", "nothing-changes", "changes nothing of what the directory says")])
    claimed = tuple(one for one in data.identifiers or () if state.closed_on is None or one.scheme in KEPT_WHEN_CLOSED)
    require_free(claimed, state.id, context)
    require_opening_day(data.opened_on, context)
    return data


def require_one_of_each_scheme(identifiers: tuple[Identifier, ...]) -> None:
    schemes = [one.scheme for one in identifiers]
    require_sound(
        FieldError(f"/data/identifiers/{index}/scheme", "given-twice", f"the scheme {scheme} is given before")
        for index, scheme in enumerate(schemes)
        if scheme in schemes[:index]
    )


def require_free(
    identifiers: tuple[Identifier, ...], organisation_id: str, context: Context, registration: Registered | None = None
) -> None:
    """Passes when nobody else holds any of them. Raises IdentifierHeld with all that are held.

    Raises AlreadyRecorded when a holder was registered by the very same `registration`.
    """
    held = list(holders(identifiers, organisation_id, context))
    if not held:
        return
    for _, _, holder_id in held:
        holder = context.organisation(holder_id)
        if registration is not None and holder is not None:
            require_new(holder, registration)
    errors = tuple(
        FieldError(f"/data/identifiers/{index}", "identifier-held", f"is held by {holder_id}")
        for index, _, holder_id in held
    )
    _, first, holder_id = held[0]
    raise IdentifierHeld(
        f"{first.scheme} {first.value} is held by {holder_id}",
        errors=errors,
        scheme=first.scheme,
        value=first.value,
        holder_id=holder_id,
    )


def holders(
    identifiers: tuple[Identifier, ...], organisation_id: str, context: Context
) -> Iterator[tuple[int, Identifier, str]]:
    for index, one in enumerate(identifiers):
        holder_id = context.holder(one.scheme, one.value)
        if holder_id is not None and holder_id != organisation_id:
            yield index, one, holder_id


def require_new(known: OrganisationState, registration: Registered) -> None:
    """Passes unless an organisation was registered in these very words, at least one identifier among them."""
    if registration.identifiers and unordered(known.first) == unordered(registration):
        raise AlreadyRecorded(known.first_event_id)


def unordered(registration: Registered) -> dict[str, Any]:
    """The members of a registration for comparing: the order of its identifiers means nothing."""
    members = {each.name: getattr(registration, each.name) for each in fields(Registered)}
    return members | {"identifiers": frozenset(registration.identifiers)}


def require_opening_day(day: date | None, context: Context) -> None:
    """Schools may be older than anything the ledger records, so that there is no earliest day."""
    if day is not None:
        context.planned(max(day, EARLIEST), "/data/opened_on")
