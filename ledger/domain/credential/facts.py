"""The facts of a principal's stream: never a secret among them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Literal

from ledger.domain.values import Items, OrganisationId, PersonId, PrincipalId
from ledger.errors import FieldError

CredentialRole = Literal["member", "client", "coordinator", "auditor", "admin"]
Scope = Literal["events:write", "events:read", "reports:read"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Issued:
    """A principal may speak: for one organisation (member, coordinator), several (client), or audit a trust or all."""

    principal: PrincipalId
    role: CredentialRole
    organisations: Annotated[tuple[OrganisationId, ...], Items(1, 100)] | None = None
    trust: OrganisationId | None = None
    ledger: bool | None = None
    person_id: PersonId | None = None
    scopes: Annotated[tuple[Scope, ...], Items(1, 3)] | None = None
    expires_at: datetime | None = None

    def check(self) -> Iterator[FieldError]:
        count = len(self.organisations or ())
        if self.role in ("member", "coordinator") and count != 1:
            yield FieldError("/organisations", "one-organisation", f"a {self.role} speaks for exactly one organisation")
        if self.role == "client" and count == 0:
            yield FieldError("/organisations", "missing", "a client lists the organisations it speaks for")
        if self.role in ("auditor", "admin") and count:
            yield FieldError("/organisations", "not-for-this-role", f"an {self.role} speaks for no organisation")
        if self.role == "auditor" and bool(self.trust) == bool(self.ledger):
            yield FieldError("/trust", "trust-or-ledger", "an auditor reads one trust, or the whole ledger")
        if self.role != "auditor" and (self.trust or self.ledger):
            yield FieldError("/trust", "not-for-this-role", "only an auditor's credential names a trust or the ledger")


@dataclass(frozen=True, slots=True, kw_only=True)
class Revoked:
    principal: PrincipalId
