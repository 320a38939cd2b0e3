"""The words of the ledger's answers, typed: receipts, problems, pages and events. Nothing here asks anything."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Self


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """Where an admitted event stands: `position` in the ledger, `version` in its stream, both from 1.

    `replayed`: it was there already, and nothing was written for this post. `told` is the receipt as it came.
    """

    event_id: str
    position: int
    stream_kind: str
    stream_id: str
    version: int
    recorded_at: datetime
    sealed: bool
    replayed: bool
    told: Mapping[str, Any] = field(repr=False, compare=False)

    @classmethod
    def read(cls, told: Mapping[str, Any], *, replayed: bool) -> Self:
        """Raises KeyError, TypeError and ValueError for what is no receipt."""
        return cls(
            event_id=told["event_id"],
            position=int(told["position"]),
            stream_kind=told["stream"]["kind"],
            stream_id=told["stream"]["id"],
            version=int(told["version"]),
            recorded_at=datetime.fromisoformat(told["recorded_at"]),
            sealed=told["sealed"],
            replayed=replayed,
            told=told,
        )


@dataclass(frozen=True, slots=True)
class Wrong:
    """One thing wrong with one member of what was sent; `pointer` is a JSON pointer into it."""

    pointer: str
    code: str
    detail: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """A no with its reason (RFC 9457). `index` is the place of the refused event in a batch; `told` is all that came.

    `status` 0: no answer came at all.
    """

    code: str
    status: int
    title: str
    detail: str
    retryable: bool
    errors: tuple[Wrong, ...] = ()
    instance: str | None = None
    index: int | None = None
    told: Mapping[str, Any] = field(default_factory=dict, repr=False, compare=False)

    @classmethod
    def read(cls, told: Mapping[str, Any]) -> Self:
        """Raises KeyError, TypeError and ValueError for what is no problem."""
        return cls(
            code=told["code"],
            status=int(told["status"]),
            title=told["title"],
            detail=told["detail"],
            retryable=bool(told["retryable"]),
            errors=tuple(Wrong(one["pointer"], one["code"], one["detail"]) for one in told.get("errors", ())),
            instance=told.get("instance"),
            index=told.get("index"),
            told=told,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """A fact as the ledger gives it out. `subject` is its stream, `id` the fact's own; what is not told is None.

    `data` holds what this reader may know, in the newest schema.
    """

    id: str
    type: str
    subject: str
    source: str
    position: int
    version: int
    time: datetime
    recorded_time: datetime
    auth_type: str
    auth_id: str
    voice: str | None
    recorded_for: str | None
    correlation_id: str | None
    causation_id: str | None
    client_source: str | None
    client_id: str | None
    schema: str
    data: Mapping[str, Any]
    told: Mapping[str, Any] = field(repr=False, compare=False)

    @classmethod
    def read(cls, told: Mapping[str, Any]) -> Self:
        """Raises KeyError, TypeError and ValueError for what is no fact."""
        return cls(
            id=told["id"],
            type=told["type"],
            subject=told["subject"],
            source=told["source"],
            position=int(told["sequence"]),
            version=int(told["streamversion"]),
            time=datetime.fromisoformat(told["time"]),
            recorded_time=datetime.fromisoformat(told["recordedtime"]),
            auth_type=told["authtype"],
            auth_id=told["authid"],
            voice=told.get("voice"),
            recorded_for=told.get("recordedfor"),
            correlation_id=told.get("correlationid"),
            causation_id=told.get("causationid"),
            client_source=told.get("clientsource"),
            client_id=told.get("clientid"),
            schema=told["dataschema"],
            data=told["data"],
            told=told,
        )


@dataclass(frozen=True, slots=True)
class Resync:
    """Read afresh what you keep: from `position` on the feed goes by another sight of the ledger. `code` says why."""

    position: int
    code: str


@dataclass(frozen=True, slots=True)
class Heartbeat:
    """All that this reader may see up to `position` has arrived."""

    position: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """A page of a list. `next` goes on after the last one looked at, also from an empty page; cursors do not expire.

    `told` is the whole answer: of figures, what stands around the lines too.
    """

    items: tuple[Mapping[str, Any], ...]
    next: str
    has_more: bool
    position: int
    told: Mapping[str, Any] = field(repr=False, compare=False)

    @classmethod
    def read(cls, told: Mapping[str, Any]) -> Self:
        """Raises KeyError, TypeError and ValueError for what is no page."""
        items = told["events"] if "events" in told else told["items"]
        return cls(
            items=tuple(items),
            next=str(told["next"]),
            has_more=bool(told["has_more"]),
            position=int(told["position"]),
            told=told,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """The exact stored bytes of a fact, and the leaf hash (RFC 6962) that they were found to have."""

    event_id: str
    position: int
    content: bytes
    leaf_hash: bytes
