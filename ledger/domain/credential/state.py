"""The state of a principal's credential: in force, or revoked. An end by its own day is the door's to see."""

from __future__ import annotations

from dataclasses import dataclass

from ledger.domain.credential.facts import Issued, Revoked
from ledger.domain.fact import AnyFact


@dataclass(frozen=True, slots=True, kw_only=True)
class CredentialInForce:
    issued: Issued


@dataclass(frozen=True, slots=True, kw_only=True)
class CredentialRevoked:
    issued: Issued


CredentialState = CredentialInForce | CredentialRevoked


def evolve(state: CredentialState | None, fact: AnyFact) -> CredentialState:
    """The state after a fact of this stream: issuing again replaces what was issued before."""
    match fact.data:
        case Issued() as issued:
            return CredentialInForce(issued=issued)
        case Revoked() if state is not None:
            return CredentialRevoked(issued=state.issued)
    raise TypeError(f"{fact.type} cannot stand here in a credential's stream")


def concerned(state: CredentialState) -> frozenset[str]:
    organisations = frozenset(state.issued.organisations or ())
    return organisations if state.issued.trust is None else organisations | {state.issued.trust}


def partnership(state: CredentialState | None) -> str | None:  # a credential belongs to no partnership
    return None
