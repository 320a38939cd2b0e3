"""The state of an organisation: one shape, from its registration on; an ending is added to it, never put in its place.

A closed or succeeded organisation goes on to be read and to settle what is open, so its details stay at hand.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from datetime import date
from typing import Any, Final

from ledger.domain.fact import AnyFact
from ledger.domain.organisation.facts import (
    Assessed,
    Assurance,
    Closed,
    Departed,
    DetailsChanged,
    DuplicateDeclared,
    Identifier,
    JoinedTrust,
    LeftTrust,
    OrganisationKind,
    Registered,
    Succeeded,
)

KEPT_WHEN_CLOSED: Final = frozenset({"urn", "ukprn", "trust_uid"})


@dataclass(frozen=True, slots=True, kw_only=True)
class TrustSpan:
    """Part of a trust from the day of joining up to the day before `until`; None while no leaving is known."""

    trust_id: str
    since: date
    until: date | None = None

    def covers(self, day: date) -> bool:
        return self.since <= day and (self.until is None or day < self.until)


@dataclass(frozen=True, slots=True, kw_only=True)
class Succession:
    successor_id: str
    on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Assessment:
    """How far one component is in place, in one organisation's word."""

    status: Assurance
    assessed_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class RegisteredOrganisation:
    """`first` is the registration as it was made, by the fact `first_event_id`; `details` are those of now.

    `by_itself` and `by_others` hold the latest assessment by (framework, component) and by (framework, component,
    assessor); `departures` holds the day on which each departure, by (framework, component), is looked at again.
    """

    id: str
    first: Registered
    first_event_id: str
    details: Registered
    spans: tuple[TrustSpan, ...] = ()
    closed_on: date | None = None
    succession: Succession | None = None
    duplicate_of: str | None = None
    by_itself: Mapping[tuple[str, str], Assessment] = field(default_factory=dict)
    by_others: Mapping[tuple[str, str, str], Assessment] = field(default_factory=dict)
    departures: Mapping[tuple[str, str], date] = field(default_factory=dict)

    @property
    def name(self) -> str:
        return self.details.name

    @property
    def kind(self) -> OrganisationKind:
        return self.details.kind

    @property
    def local_authority(self) -> str | None:
        return self.details.local_authority

    @property
    def successor_id(self) -> str | None:
        return None if self.succession is None else self.succession.successor_id

    def succeeded_on(self, day: date) -> str | None:
        """The organisation that goes on from it by that day."""
        return self.succession.successor_id if self.succession is not None and self.succession.on <= day else None

    def holds(self, scheme: str, value: str) -> bool:
        """Whether it holds an identifier; closing frees all but its URN, UKPRN and trust UID."""
        if self.closed_on is not None and scheme not in KEPT_WHEN_CLOSED:
            return False
        wanted = canonical_value(scheme, value)
        return any((one.scheme, one.value) == (scheme, wanted) for one in self.details.identifiers)

    def trust_on(self, day: date) -> str | None:
        """The trust it is part of on a day."""
        return next((span.trust_id for span in self.spans if span.covers(day)), None)

    def ended_on(self, day: date) -> bool:
        """Whether it has closed or was succeeded by that day, the day itself included."""
        closed = self.closed_on is not None and self.closed_on <= day
        return closed or (self.succession is not None and self.succession.on <= day)


OrganisationState = RegisteredOrganisation


def canonical_value(scheme: str, value: str) -> str:
    """The one form in which an identifier is kept and compared: a LAESTAB always with its slash, `201/3614`."""
    if scheme == "laestab" and "/" not in value:
        return f"{value[:3]}/{value[3:]}"
    return value


def canonical(identifiers: tuple[Identifier, ...]) -> tuple[Identifier, ...]:
    return tuple(replace(one, value=canonical_value(one.scheme, one.value)) for one in identifiers)


def changes(given: DetailsChanged) -> dict[str, Any]:
    """The members a change gives, by name."""
    names = [each.name for each in fields(Registered)]
    return {name: value for name in names if (value := getattr(given, name)) is not None}


def evolve(state: OrganisationState | None, fact: AnyFact) -> OrganisationState:
    """The state after a fact of this stream."""
    if isinstance(fact.data, Registered):
        data = replace(fact.data, identifiers=canonical(fact.data.identifiers))
        return RegisteredOrganisation(id=fact.stream.id, first=data, first_event_id=fact.event_id, details=data)
    if state is None:
        raise TypeError(f"{fact.type} cannot begin an organisation's stream")
    if isinstance(fact.data, Assessed | Departed):
        return evolve_framework(state, fact.data)
    return evolve_standing(state, fact)


def evolve_standing(state: OrganisationState, fact: AnyFact) -> OrganisationState:
    match fact.data:
        case DetailsChanged() as data:
            details = replace(state.details, **changes(data))
            return replace(state, details=replace(details, identifiers=canonical(details.identifiers)))
        case JoinedTrust(trust_id=trust_id, on=on):
            return replace(state, spans=(*state.spans, TrustSpan(trust_id=trust_id, since=on)))
        case LeftTrust(trust_id=trust_id, on=on):
            return replace(state, spans=tuple(left(span, trust_id, on) for span in state.spans))
        case Closed(on=on):
            return replace(state, closed_on=on)
        case Succeeded(successor_id=successor_id, on=on):
            return replace(state, succession=Succession(successor_id=successor_id, on=on))
        case DuplicateDeclared(duplicate_of=other):
            return replace(state, duplicate_of=other)
    raise TypeError(f"{fact.type} is no event of an organisation")


def left(span: TrustSpan, trust_id: str, on: date) -> TrustSpan:
    return replace(span, until=on) if span.trust_id == trust_id and span.until is None else span


def evolve_framework(state: OrganisationState, data: Assessed | Departed) -> OrganisationState:
    component = (data.framework_id, data.component_id)
    if isinstance(data, Departed):
        return replace(state, departures={**state.departures, component: data.review_on})
    said = Assessment(status=data.status, assessed_on=data.assessed_on)
    if data.assessed_by == state.id:
        latest = later(state.by_itself.get(component), said)
        return replace(state, by_itself={**state.by_itself, component: latest})
    key = (*component, data.assessed_by)
    return replace(state, by_others={**state.by_others, key: later(state.by_others.get(key), said)})


def later(before: Assessment | None, said: Assessment) -> Assessment:
    """The assessment of the later day; of two for one day, the one said last."""
    return said if before is None or said.assessed_on >= before.assessed_on else before


def concerned(state: OrganisationState) -> frozenset[str]:
    return frozenset({state.id})


def partnership(state: OrganisationState | None) -> str | None:  # an organisation belongs to no partnership
    return None
