"""What may be said of a framework."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from ledger.domain.context import Context
from ledger.domain.fact import AnyClaim
from ledger.domain.framework.facts import Published
from ledger.domain.framework.state import FrameworkState
from ledger.domain.refusals import require_sound
from ledger.errors import FieldError


def parties(state: FrameworkState | None, claim: AnyClaim, context: Context) -> Mapping[str, frozenset[str]]:
    owner_id = claim.data.owner_id if state is None else state.owner_id
    return {"owner": frozenset({owner_id})}


def admit(state: FrameworkState | None, claim: AnyClaim, context: Context) -> Any:
    """The data of the fact, or a Refusal."""
    if not isinstance(claim.data, Published):
        raise TypeError(f"{claim.type} is no event of a framework")
    require_sound(unsound(state, claim.data))
    return claim.data


def unsound(state: FrameworkState | None, data: Published) -> Iterator[FieldError]:
    if state is not None and data.owner_id != state.owner_id:
        yield FieldError("/data/owner_id", "owner-changed", f"this framework belongs to {state.owner_id}")
    seen: set[str] = set()
    for index, component in enumerate(data.components):
        if component.component_id in seen:
            yield FieldError(f"/data/components/{index}/component_id", "given-twice", "is given before")
        seen.add(component.component_id)
