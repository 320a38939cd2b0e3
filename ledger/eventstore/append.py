"""What a request to the log is made of, and what becomes of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID

from ledger.errors import Busy

RECORDED_AT_PLACEHOLDER = b"0000-00-00T00:00:00.000000Z"
"""The 27 characters a draft's record holds at `recorded_at` until the writer knows the moment."""

RECORD_BYTES_MAX = 65_535

CHANNEL = "pledger_facts"
"""Where each commit notifies, with the new head's position as payload."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """One fact to append, before its position and its moment are known.

    `record` is the stored record with RECORDED_AT_PLACEHOLDER at `recorded_at`; `stream_kind`, `event_id`, `actor`,
    `voice`, `business_on` and `correlation_id` repeat members of it for the filters. `keys` are what the fact touches;
    `idempotency_key` and `content_mac` are 32 bytes each. Ids are lower-case UUIDs.
    """

    stream_id: str
    version: int
    type: str
    record: bytes
    keys: tuple[str, ...]
    idempotency_key: bytes
    content_mac: bytes
    stream_kind: str
    event_id: str
    actor: str
    business_on: date
    voice: str | None = None
    correlation_id: str | None = None

    @property
    def originator_id(self) -> UUID:
        """The stream, as the event sourcing library names it."""
        return UUID(self.stream_id)

    @property
    def originator_version(self) -> int:
        """The version, as the event sourcing library names it."""
        return self.version


@dataclass(frozen=True, slots=True)
class VaultKey:
    """A wrapped text key, written in the transaction of the fact whose text it opens."""

    key_id: str
    epoch: str
    wrapped: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Append:
    """One request: every draft is written, or none.

    `leans` maps each key the decision leaned on to the position up to which it was read. `deadline` is a moment of
    `time.monotonic()` in seconds; a request that was not sent by then is not written.
    """

    drafts: tuple[Draft, ...]
    deadline: float
    leans: Mapping[str, int] = field(default_factory=dict)
    vault_keys: tuple[VaultKey, ...] = ()


@dataclass(frozen=True, slots=True)
class Appended:
    """Durable. The drafts stand at `first_position`, `first_position + 1`, … in their order."""

    first_position: int
    recorded_at: datetime


@dataclass(frozen=True, slots=True)
class Stale:
    """Nothing was written: a fact that touches these keys stands after the position they were read at."""

    keys: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class KeyTaken:
    """Nothing was written: the log holds the idempotency key of draft `index` (from 0) at `position` already."""

    index: int
    position: int
    same_content: bool


Outcome = Appended | Stale | KeyTaken


@dataclass(frozen=True, slots=True)
class Stored:
    """A fact as the log holds it: `record` and `leaf_hash` as stored, `recorded_at` in UTC, `position` from 1."""

    position: int
    stream_id: str
    version: int
    type: str
    record: bytes
    leaf_hash: bytes
    recorded_at: datetime

    @property
    def originator_id(self) -> UUID:
        """The stream, as the event sourcing library names it."""
        return UUID(self.stream_id)

    @property
    def originator_version(self) -> int:
        """The version, as the event sourcing library names it."""
        return self.version


class NotAppendable(ValueError):
    """A request that no log could take: an error of whoever made it, not of the moment."""


class QueueFull(Busy):
    """More events wait to be written than the store lets wait; nothing was written. Fields: `waiting`, `limit`."""

    title = "Too many events are waiting to be written"


class DeadlineExceeded(Busy):
    """The request's time ran out before it was sent to the database; nothing was written."""

    title = "The request waited too long and was not written"


class StoreUnavailable(Busy):
    """The database cannot be reached or declined for a reason of its own; nothing was written."""

    code = "store-unavailable"
    title = "The ledger cannot reach its database"


class CommitUnknown(Busy):
    """The reply was lost after the request was sent: it was written wholly or not at all; the same keys will tell."""

    code = "commit-unknown"
    title = "The request may or may not have been written"
