"""The state of the log's own stream."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Final
from uuid import NAMESPACE_URL, uuid5

from ledger.domain.fact import AnyFact
from ledger.domain.log.facts import KeyIntroduced, Opened, PeriodClosed, PeriodReopened, Restored, TextRedacted

LOG_STREAM_ID: Final = str(uuid5(NAMESPACE_URL, "urn:pledger:log"))


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenLog:
    """`closings` are, by scope, the last days of the closed periods with their figures' positions."""

    origin: str
    vkey: str
    zone: str
    closings: Mapping[str, Mapping[date, int]] = field(default_factory=dict)
    redacted: frozenset[str] = frozenset()

    def closed_until(self, scope: str) -> date | None:
        """The last day of the latest closed period of a scope."""
        return max(self.closings.get(scope, ()), default=None)


LogState = OpenLog


def evolve(state: LogState | None, fact: AnyFact) -> LogState:
    """The state after a fact of this stream."""
    match fact.data:
        case Opened(origin=origin, vkey=vkey, zone=zone):
            return OpenLog(origin=origin, vkey=vkey, zone=zone)
        case KeyIntroduced(vkey=vkey) if state is not None:
            return replace(state, vkey=vkey)
        case Restored(origin=origin) if state is not None:
            return replace(state, origin=origin)
        case PeriodClosed(scope=scope, until=until, figures_position=position) if state is not None:
            return with_closings(state, scope, {**state.closings.get(scope, {}), until: position})
        case PeriodReopened(scope=scope, until=until) if state is not None:
            kept = {day: position for day, position in state.closings.get(scope, {}).items() if day != until}
            return with_closings(state, scope, kept)
        case TextRedacted(event_id=event_id) if state is not None:
            return replace(state, redacted=state.redacted | {event_id})
    raise TypeError(f"{fact.type} cannot stand here in the log's stream")


def with_closings(state: LogState, scope: str, closings: Mapping[date, int]) -> LogState:
    return replace(state, closings={**state.closings, scope: closings})


def concerned(state: LogState) -> frozenset[str]:  # what a fact here concerns, it names
    return frozenset()


def partnership(state: LogState | None) -> str | None:  # the log belongs to no partnership
    return None
