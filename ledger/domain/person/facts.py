"""The facts of a person's stream."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

from ledger.domain.values import OrganisationId, PersonId, PersonText, Secretive

PersonRole = Literal[
    "head", "senior_leader", "specialist", "teacher", "business_manager", "governor", "trustee", "central_team",
    "support_staff", "independent",
]  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Introduced:
    """A person has a role in an organisation; `name` and `email` are sealed under the person's own key."""

    person_id: PersonId
    organisation_id: OrganisationId
    role: PersonRole
    name: PersonText
    email: PersonText | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DetailsCorrected:
    person_id: PersonId
    role: PersonRole | None = None
    name: PersonText | None = None
    email: PersonText | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RoleEnded:
    person_id: PersonId
    on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Erased:
    """The key to the person's name is destroyed; what they did stays, without a name."""

    person_id: PersonId
    request: Secretive
