"""The facts of the log's own stream."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Annotated, Literal

from ledger.domain.values import MAX_INTEGER, EventId, Line, Name, Pattern, Range, Secretive, Text

UUID = r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"
VerifierKey = Annotated[str, Text(300)]
Position = Annotated[int, Range(0, MAX_INTEGER)]
PeriodScope = Annotated[str, Pattern(rf"ledger|trust:{UUID}", '"ledger" or "trust:" and the trust\'s id')]
RedactionReason = Literal["pupil_named", "person_named", "special_category", "error"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """The first fact of every ledger: its origin, the key its checkpoints are signed with, and its time zone."""

    origin: Line
    vkey: VerifierKey
    zone: Name


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyIntroduced:
    """A new key; without `signed_by_old` the old one was lost or compromised and auditors pin anew."""

    vkey: VerifierKey
    signed_by_old: VerifierKey | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Restored:
    """A restore lost sealed facts; from here on another origin speaks."""

    origin: Line
    size: Position
    lost_from: Position
    lost_to: Position


@dataclass(frozen=True, slots=True, kw_only=True)
class PeriodClosed:
    scope: PeriodScope
    until: date
    figures_position: Position


@dataclass(frozen=True, slots=True, kw_only=True)
class PeriodReopened:
    scope: PeriodScope
    until: date
    reason: Secretive


@dataclass(frozen=True, slots=True, kw_only=True)
class TextRedacted:
    """The key to the free text of one fact is destroyed."""

    event_id: EventId
    reason: RedactionReason
