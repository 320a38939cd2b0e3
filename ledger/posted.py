"""What a door hands in, and what it gets back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar

from ledger.errors import Kind, Refusal


@dataclass(frozen=True, slots=True, kw_only=True)
class Posted:
    """One event as a client sent it, not yet read: `data` is a JSON value, `time` RFC 3339, the rest text.

    `expectedversion` is the stream's version the client relies on, 0 for "must be new".
    """

    type: str
    data: Any
    subject: str | None = None
    source: str | None = None
    id: str | None = None
    time: str | None = None
    recordedfor: str | None = None
    correlationid: str | None = None
    causationid: str | None = None
    expectedversion: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """Where an admitted event stands. `replayed`: it was there already, and nothing was written now."""

    event_id: str
    position: int
    stream_kind: str
    stream_id: str
    version: int
    recorded_at: datetime
    replayed: bool = False


class IdempotencyMismatch(Refusal):
    """The key of an earlier event was sent with other content. Fields: `position` of the earlier one."""

    code = "idempotency-mismatch"
    kind: ClassVar[Kind] = "claim"
    title = "This id was used before with other content"


class VersionMoved(Refusal):
    """The stream is not at the expected version. Fields: `expected`, `current`."""

    code = "version-moved"
    kind: ClassVar[Kind] = "precondition"
    title = "The stream has moved since you looked"


class TooLarge(Refusal):
    """An event, a record or a batch is larger than the ledger takes. Fields: `bytes` or `events`, `most`."""

    code = "too-large"
    kind: ClassVar[Kind] = "too_large"
    title = "Larger than the ledger takes"


class StreamOfAnotherKind(Refusal):
    """The id belongs to a stream of another kind. Fields: `id`, `stream_kind` (the one it has)."""

    code = "stream-of-another-kind"
    title = "This id belongs to something else"


class BatchRefused(Refusal):
    """One event of an atomic batch was refused, so nothing of it was written. Fields: `index`, `refusal`."""

    code = "batch-refused"
    title = "Nothing of this batch was written"

    def __init__(self, index: int, refusal: Refusal) -> None:
        super().__init__(f"event {index}: {refusal.detail}", index=index, refusal=refusal)
