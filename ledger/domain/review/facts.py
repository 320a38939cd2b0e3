"""The facts of a peer review's stream."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Literal

from ledger.domain.values import (
    EventId,
    FrameworkId,
    Items,
    Line,
    LocalId,
    OrganisationId,
    PartnershipId,
    PersonId,
    Secretive,
    SupportId,
)
from ledger.errors import FieldError

Judgement = Literal["strength", "sound", "to_develop"]
ModerationVerdict = Literal["upheld", "amended", "not_upheld"]
Parts = Literal["all", "summary", "strengths"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Reviewer:
    organisation_id: OrganisationId
    person_id: PersonId | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Scheduled:
    reviewed_id: OrganisationId
    reviewers: Annotated[tuple[Reviewer, ...], Items(1, 20)]
    lead_id: OrganisationId
    moderator_id: OrganisationId | None = None
    partnership_id: PartnershipId | None = None
    framework_id: FrameworkId | None = None
    on: date
    support_id: SupportId | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    finding_id: LocalId
    area: Line
    judgement: Judgement
    evidence: Secretive | None = None
    next_step: Secretive | None = None

    def check(self) -> Iterator[FieldError]:
        if self.judgement == "to_develop":
            for name in ("evidence", "next_step"):
                if getattr(self, name) is None:
                    yield FieldError(f"/{name}", "missing", "is needed where something is to develop")


@dataclass(frozen=True, slots=True, kw_only=True)
class Completed:
    findings: Annotated[tuple[Finding, ...], Items(1, 100)]
    on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class FindingAnswer:
    finding_id: LocalId
    accepted: bool
    comment: Secretive | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered:
    """The reviewed organisation's right of reply, once."""

    response: Secretive
    findings: Annotated[tuple[FindingAnswer, ...], Items(0, 100)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Moderated:
    verdict: ModerationVerdict
    comment: Secretive


@dataclass(frozen=True, slots=True, kw_only=True)
class Shared:
    """The reviewed organisation opens its report to others."""

    with_: Annotated[tuple[OrganisationId, ...], Items(1, 100)]
    parts: Parts


@dataclass(frozen=True, slots=True, kw_only=True)
class EntryWithdrawn:
    event_id: EventId
    reason: Secretive
