"""The facts of a framework's stream."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Literal

from ledger.domain.values import Items, LocalId, Name, OrganisationId, Prose

Stance = Literal["required", "expected", "free"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Component:
    component_id: LocalId
    statement: Prose
    stance: Stance


@dataclass(frozen=True, slots=True, kw_only=True)
class Published:
    """A framework in a new version, whole."""

    owner_id: OrganisationId
    name: Name
    components: Annotated[tuple[Component, ...], Items(1, 100)]
