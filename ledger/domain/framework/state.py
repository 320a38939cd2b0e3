"""The state of a framework: its latest version, whole."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from ledger.domain.fact import AnyFact
from ledger.domain.framework.facts import Component, Published


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishedFramework:
    """`components` by their ids, in the order in which they were published."""

    owner_id: str
    name: str
    components: Mapping[str, Component]


FrameworkState = PublishedFramework


def evolve(state: FrameworkState | None, fact: AnyFact) -> FrameworkState:
    """The state after a fact of this stream: a new version replaces the former one."""
    if not isinstance(fact.data, Published):
        raise TypeError(f"{fact.type} is no event of a framework")
    components = {component.component_id: component for component in fact.data.components}
    return PublishedFramework(owner_id=fact.data.owner_id, name=fact.data.name, components=components)


def concerned(state: FrameworkState) -> frozenset[str]:
    return frozenset({state.owner_id})


def partnership(state: FrameworkState | None) -> str | None:  # a framework belongs to no partnership
    return None
