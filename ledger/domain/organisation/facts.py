"""The facts of an organisation's stream."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Final, Literal

from ledger.domain.values import (
    AuthorityCode,
    FrameworkId,
    Items,
    Line,
    LocalId,
    Name,
    OrganisationId,
    Range,
    Secretive,
    Text,
)
from ledger.errors import FieldError

OrganisationKind = Literal["school", "trust", "federation", "local_authority", "hub", "diocese", "other"]
Scheme = Literal["urn", "ukprn", "laestab", "trust_uid", "trust_ref", "companies_house"]
Assurance = Literal["in_place", "in_part", "not_yet"]

IDENTIFIER_FORMS: Final = {
    "urn": (r"\d{6}", "six digits"),
    "ukprn": (r"1\d{7}", "eight digits beginning with 1"),
    "laestab": (r"\d{3}/?\d{4}", "seven digits such as 201/3614"),
    "trust_uid": (r"[1-9]\d{0,7}", "a whole number without leading zeros"),
    "trust_ref": (r"TR\d{5}", "TR and five digits"),
    "companies_house": (r"[A-Z0-9]{2}\d{6}", "eight characters, leading zeros kept"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Identifier:
    """An identifier from a public register. A LAESTAB may be written `201/3614` or `2013614`."""

    scheme: Scheme
    value: Annotated[str, Text(20)]

    def check(self) -> Iterator[FieldError]:
        form, meaning = IDENTIFIER_FORMS[self.scheme]
        if not re.fullmatch(form, self.value, re.ASCII):
            yield FieldError("/value", "identifier-malformed", f"must be {meaning} for the scheme {self.scheme}")


Identifiers = Annotated[tuple[Identifier, ...], Items(0, 6)]
Pupils = Annotated[int, Range(0, 20_000)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Registered:
    """An organisation stands in the ledger's directory."""

    name: Name
    kind: OrganisationKind
    identifiers: Identifiers
    phase: Line | None = None
    region: Line | None = None
    local_authority: AuthorityCode | None = None
    pupils: Pupils | None = None
    opened_on: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DetailsChanged:
    """What the directory says was put right; members that are absent stay as they were."""

    name: Name | None = None
    kind: OrganisationKind | None = None
    identifiers: Identifiers | None = None
    phase: Line | None = None
    region: Line | None = None
    local_authority: AuthorityCode | None = None
    pupils: Pupils | None = None
    opened_on: date | None = None
    reason: Secretive | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class JoinedTrust:
    trust_id: OrganisationId
    on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class LeftTrust:
    trust_id: OrganisationId
    on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Closed:
    on: date
    reason: Secretive


@dataclass(frozen=True, slots=True, kw_only=True)
class Succeeded:
    """Another organisation goes on from this one, such as an academy after its conversion."""

    successor_id: OrganisationId
    on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class DuplicateDeclared:
    """This organisation was registered twice; views read both as one."""

    duplicate_of: OrganisationId
    reason: Secretive


@dataclass(frozen=True, slots=True, kw_only=True)
class Assessed:
    """How far a component of a framework is in place here, said by `assessed_by`."""

    framework_id: FrameworkId
    component_id: LocalId
    status: Assurance
    evidence: Secretive
    assessed_on: date
    assessed_by: OrganisationId


@dataclass(frozen=True, slots=True, kw_only=True)
class Departed:
    """The organisation does it otherwise and says why: comply or explain."""

    framework_id: FrameworkId
    component_id: LocalId
    reason: Secretive
    review_on: date
