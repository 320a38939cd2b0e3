"""The envelope of a claim and of a fact, and who speaks."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Generic, Literal, TypeVar

from ledger.domain.values import NIL

D_co = TypeVar("D_co", covariant=True)

Role = Literal["member", "client", "coordinator", "auditor", "admin", "ledger"]


@dataclass(frozen=True, slots=True)
class Stream:
    """The thing a fact is about: its kind and its id (a lower-case UUID)."""

    kind: str
    id: str


@dataclass(frozen=True, slots=True)
class Reason:
    """Why an auditor reads texts and what is confidential, in one request. `opened` gathers the streams whose texts or
    confidence it opened."""

    text: str
    opened: set[str] = field(default_factory=set)


@dataclass(frozen=True, slots=True, kw_only=True)
class Speaker:
    """A principal and what its credential allows. `organisations` are those it speaks for: a coordinator has one.

    The ledger itself speaks with role `ledger`. `whole_ledger` is an auditor's scope when it is not one trust. An
    auditor may give a `reason` for one request; whose request it is does not depend on it.
    """

    principal: str
    role: Role
    organisations: frozenset[str] = frozenset()
    trust: str | None = None
    whole_ledger: bool = False
    person_id: str | None = None
    scopes: frozenset[str] = frozenset()
    reason: Reason | None = field(default=None, compare=False)


LEDGER = Speaker(principal=NIL, role="ledger", whole_ledger=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim(Generic[D_co]):
    """What somebody says happened, before the ledger admits it. `voice` is the organisation whose word it is."""

    type: str
    stream: Stream
    data: D_co
    occurred_at: datetime
    speaker: Speaker
    voice: str | None = None
    recorded_for: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact(Generic[D_co]):
    """An admitted event. `version` counts in its stream from 1; `position` in the ledger from 1 (0: not yet known)."""

    type: str
    schema: int
    stream: Stream
    version: int
    event_id: str
    actor: str
    voice: str | None = None
    recorded_for: str | None = None
    occurred_at: datetime
    recorded_at: datetime
    source: str
    client_event_id: str
    correlation_id: str | None = None
    causation_id: str | None = None
    data: D_co
    position: int = 0


AnyFact = Fact[Any]
AnyClaim = Claim[Any]
