"""A request made ready for the writer, in the thread of whoever asks, so that the writer only joins bytes."""

from __future__ import annotations

import threading
from typing import Any

from ledger.eventstore import wire
from ledger.eventstore.append import (
    RECORD_BYTES_MAX,
    RECORDED_AT_PLACEHOLDER,
    Append,
    Draft,
    NotAppendable,
    Outcome,
)

_MEMBER = b'"recorded_at":"'
_STAMP = _MEMBER + RECORDED_AT_PLACEHOLDER + b'"'


class Job:
    """One request on its way: encoded, queued, sent, given an outcome or a failure; then its `done` is released."""

    __slots__ = (
        "append",
        "bytes",
        "columns",
        "cuts",
        "done",
        "events",
        "failure",
        "idempotency",
        "key_drafts",
        "keys",
        "mark",
        "needs",
        "outcome",
        "streams",
        "touched",
        "waits",
    )

    def __init__(self, append: Append) -> None:
        drafts = append.drafts
        if not drafts:
            raise NotAppendable("a request appends one fact at least")
        self.append = append
        self.events = len(drafts)
        self.bytes = sum(len(draft.record) for draft in drafts)
        self.cuts = [_cut(draft.record) for draft in drafts]
        try:
            self.columns = _columns(drafts)
        except ValueError as error:
            raise NotAppendable(f"an id is no UUID: {error}") from error
        self.streams = _first_versions(drafts)
        keys = [(place, key) for place, draft in enumerate(drafts) for key in _keys(draft)]
        self.key_drafts = [place for place, _ in keys]
        self.keys = b"".join([wire.text(key) for _, key in keys])
        self.touched = {key for _, key in keys}
        self.idempotency = {draft.idempotency_key: index for index, draft in enumerate(drafts)}
        if len(self.idempotency) != len(drafts):
            raise NotAppendable("two drafts of one request have the same idempotency key")
        self.needs = {*append.leans, *map(_stream_key, self.streams)}
        self.done = threading.Lock()
        self.done.acquire()
        self.waits = False
        self.mark: object = None
        self.outcome: Outcome | None = None
        self.failure: BaseException | None = None

    def result(self) -> Outcome:
        """The outcome. Raises what the writer failed with."""
        if self.failure is not None:
            raise self.failure
        if self.outcome is None:
            raise AssertionError("asked before it was answered")
        return self.outcome


def _columns(drafts: tuple[Draft, ...]) -> list[bytes]:
    """The elements of every array that does not depend on the moment, in the order of `pledger.append`."""
    join = b"".join
    return [
        join([wire.int8(draft.version) for draft in drafts]),
        join([wire.uuid(draft.stream_id) for draft in drafts]),
        join([wire.uuid(draft.event_id) for draft in drafts]),
        join([wire.uuid(draft.actor) for draft in drafts]),
        join([wire.NULL if draft.voice is None else wire.uuid(draft.voice) for draft in drafts]),
        join([wire.day(draft.business_on) for draft in drafts]),
        join([wire.text(draft.stream_kind) for draft in drafts]),
        join([wire.text(draft.type) for draft in drafts]),
        join([wire.NULL if draft.correlation_id is None else wire.text(draft.correlation_id) for draft in drafts]),
        join([wire.bytea(draft.idempotency_key) for draft in drafts]),
        join([wire.bytea(draft.content_mac) for draft in drafts]),
    ]


def _first_versions(drafts: tuple[Draft, ...]) -> dict[str, int]:
    first: dict[str, int] = {}
    count: dict[str, int] = {}
    for draft in drafts:
        expected = first.setdefault(draft.stream_id, draft.version) + count.get(draft.stream_id, 0)
        if draft.version != expected:
            raise NotAppendable(f"versions of stream {draft.stream_id} do not follow each other")
        count[draft.stream_id] = count.get(draft.stream_id, 0) + 1
    return first


def _cut(record: bytes) -> int:
    """Where the moment stands: the last such member, because those inside `data` come before it."""
    at = record.rfind(_MEMBER) + len(_MEMBER)
    if not record.startswith(_STAMP, at - len(_MEMBER)):
        raise NotAppendable("the record has no placeholder at recorded_at")
    if len(record) > RECORD_BYTES_MAX:
        raise NotAppendable(f"a record holds {RECORD_BYTES_MAX} bytes at most")
    return at


def moment_of(record: bytes) -> str:
    """The moment a stored record bears, as its 27 characters."""
    at = record.rfind(_MEMBER) + len(_MEMBER)
    return record[at : at + len(RECORDED_AT_PLACEHOLDER)].decode()


def _keys(draft: Draft) -> dict[str, Any]:
    return dict.fromkeys((_stream_key(draft.stream_id), *draft.keys))


def _stream_key(stream_id: str) -> str:
    return f"stream:{stream_id}"
