"""What may be said of a principal's credential."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from ledger.domain.context import Context
from ledger.domain.credential.facts import Issued, Revoked
from ledger.domain.credential.state import CredentialRevoked, CredentialState
from ledger.domain.fact import AnyClaim
from ledger.domain.refusals import AlreadySaid, NotThere, WrongStream, require_sound
from ledger.errors import FieldError


def parties(state: CredentialState | None, claim: AnyClaim, context: Context) -> Mapping[str, frozenset[str]]:
    return {}  # no organisation speaks here


def admit(state: CredentialState | None, claim: AnyClaim, context: Context) -> Any:
    """The data of the fact, or a Refusal."""
    if claim.data.principal != claim.stream.id:
        raise WrongStream(id=claim.data.principal)
    match claim.data:
        case Issued() as data:
            require_sound(unsound(data, context))
            return data
        case Revoked() as data:
            return admit_revoked(state, data)
    raise TypeError(f"{claim.type} is no event of a credential")


def unsound(data: Issued, context: Context) -> Iterator[FieldError]:
    if data.trust is not None:
        trust = context.organisation(data.trust)
        if trust is None or trust.kind != "trust":
            yield FieldError("/data/trust", "not-a-trust", "must be the id of a registered trust")
    if data.expires_at is not None and data.expires_at <= context.now:
        yield FieldError("/data/expires_at", "in-the-past", "must lie in the future")
    organisations = data.organisations or ()
    if len(set(organisations)) != len(organisations):
        yield FieldError("/data/organisations", "given-twice", "must name each organisation once")


def admit_revoked(state: CredentialState | None, data: Revoked) -> Revoked:
    if state is None:
        raise NotThere(stream_kind="credential", id=data.principal)
    if isinstance(state, CredentialRevoked):
        raise AlreadySaid("this credential was revoked before", id=data.principal)
    return data
