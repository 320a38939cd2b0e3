"""What may be said of a principal's credential."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from ledger.domain.context import Context
from ledger.domain.credential.facts import Issued, Revoked
from ledger.domain.credential.state import CredentialInForce, CredentialRevoked, CredentialState
from ledger.domain.fact import AnyClaim
from ledger.domain.refusals import AlreadySaid, NotThere, WrongStream, require_sound
from ledger.errors import FieldError, Refusal


class PersonHasPrincipal(Refusal):
    """A person is one principal, whichever key they use. Fields: `principal` (the one they are)."""

    code = "person-has-principal"
    title = "This person speaks as another principal already"


def parties(state: CredentialState | None, claim: AnyClaim, context: Context) -> Mapping[str, frozenset[str]]:
    return {}  # no organisation speaks here


def admit(state: CredentialState | None, claim: AnyClaim, context: Context) -> Any:
    """The data of the fact, or a Refusal."""
    if claim.data.principal != claim.stream.id:
        raise WrongStream(id=claim.data.principal)
    match claim.data:
        case Issued() as data:
            require_sound(unsound(data, context))
            require_one_principal(data, context)
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
    for index, organisation_id in enumerate(organisations):
        # a client may register organisations of its own later: its list may run ahead of the directory
        if data.role != "client" and context.organisation(organisation_id) is None:
            pointer = f"/data/organisations/{index}"
            yield FieldError(pointer, "unknown-organisation", "must be a registered organisation")


def require_one_principal(data: Issued, context: Context) -> None:
    """Passes unless the person holds a credential in force as another principal. Leans on the person's key."""
    if data.person_id is None:
        return
    key = f"person:{data.person_id}"
    context.lookup.lean(key)
    for principal in context.lookup.streams_with_key(key, "credential"):
        other = context.lookup.state("credential", principal)
        if principal != data.principal and isinstance(other, CredentialInForce):
            raise PersonHasPrincipal(f"give {principal} a further key instead", principal=principal)


def admit_revoked(state: CredentialState | None, data: Revoked) -> Revoked:
    if state is None:
        raise NotThere(stream_kind="credential", id=data.principal)
    if isinstance(state, CredentialRevoked):
        raise AlreadySaid("this credential was revoked before", id=data.principal)
    return data
