"""The facts of a practice's stream."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

from ledger.domain.values import Category, Line, Link, OrganisationId, Prose, Secretive

AssuranceVerdict = Literal["assured", "needs_work"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Shared:
    """An organisation gives a practice away."""

    organisation_id: OrganisationId
    title: Line
    category: Category
    summary: Prose
    link: Link | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Assured:
    """Another organisation, outside the author's trust, looked at it against criteria."""

    assured_by: OrganisationId
    verdict: AssuranceVerdict
    criteria: Secretive
    comment: Secretive | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Adopted:
    organisation_id: OrganisationId
    on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Returned:
    """It came back better: an adopter gives its improvement to the author."""

    improvement: Secretive
    link: Link | None = None
