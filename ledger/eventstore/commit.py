"""A batch of requests: stamped, hashed, sent in one round trip, and each told what became of it."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Final, Protocol

import orjson
import psycopg

from ledger.domain.values import moment as in_record
from ledger.errors import Busy
from ledger.eventstore import wire
from ledger.eventstore.append import Appended, KeyTaken, Outcome, Stale
from ledger.eventstore.connection import Reply, WriterConnection
from ledger.eventstore.job import Job
from ledger.integrity.tree import leaf_hash

LOG: Final = logging.getLogger(__name__)
STAMP_TRIES = 3
_LONG_AGO = datetime(1, 1, 1, tzinfo=UTC)
_OIDS = (
    wire.INT8, wire.UUID_OID, wire.UUID_OID, wire.UUID_OID, wire.UUID_OID, wire.DATE, wire.TEXT, wire.TEXT, wire.TEXT,
    wire.BYTEA, wire.BYTEA,
)  # fmt: skip


def _nothing() -> None:
    pass


@dataclass(slots=True)
class Stats:
    """Counted since the store was opened: commits, events written, requests refused, times the clock was behind."""

    batches: int = 0
    direct: int = 0
    events: int = 0
    conflicts: int = 0
    stamped_again: int = 0
    commit_seconds: float = 0.0


@dataclass(frozen=True, slots=True)
class Committed:
    """One batch that was sent, once every request in it has an outcome: how many requests and events it held, how many
    events were written, when it began (`time.time_ns`), how long it took, and what the observer put on each request."""

    requests: int
    events: int
    written: int
    began_ns: int
    seconds: float
    marks: Sequence[object]


class Observer(Protocol):
    """Who watches the writer. It takes part in nothing: what it raises is logged."""

    def mark(self) -> object:
        """Called in the thread of each request, before it waits; what it answers comes back in `Committed.marks`."""

    def committed(self, batch: Committed) -> None:
        """Called once for each batch, in the thread that sent it, which may be that of a request."""


@dataclass(slots=True)
class Committer:
    """Commits batches through one connection. `now` gives the moment in UTC; it may run backwards, facts do not."""

    connection: WriterConnection
    now: Callable[[], datetime]
    reply_seconds: float
    stats: Stats = field(default_factory=Stats)
    latest: datetime = _LONG_AGO
    observer: Observer | None = None

    def commit(self, batch: Sequence[Job], meanwhile: Callable[[], None] = _nothing) -> None:
        """Give every job its outcome or its failure. None of them may lean on what another touches.

        `meanwhile` is called while the database is at work; it may be called again.
        """
        before, began_ns, started = self.stats.events, time.time_ns(), time.perf_counter()
        try:
            moment, reply = self._write(batch, meanwhile)
        except Busy as refusal:
            _fail(batch, refusal)
        except psycopg.Error as error:
            if len(batch) > 1:
                self._isolate(batch)
                return
            _fail(batch, error)
        except Exception as error:  # noqa: BLE001 - a fault of ours answers those who wait, it does not end the writer
            _fail(batch, error)
        else:
            self._settle(batch, moment, reply)
        seconds = time.perf_counter() - started
        self.stats.batches += 1
        self.stats.commit_seconds += seconds
        if self.observer is not None:
            self._tell(self.observer, batch, self.stats.events - before, began_ns, seconds)

    def _tell(self, observer: Observer, batch: Sequence[Job], written: int, began_ns: int, seconds: float) -> None:
        events, marks = sum(job.events for job in batch), [job.mark for job in batch]
        try:
            observer.committed(Committed(len(batch), events, written, began_ns, seconds, marks))
        except Exception:  # what was written is answered, whatever those think of it who only watch
            LOG.exception("the writer's observer failed")

    def _write(self, batch: Sequence[Job], meanwhile: Callable[[], None]) -> tuple[datetime, Reply]:
        encoded = _encode(batch)
        for _ in range(STAMP_TRIES):
            moment = max(self.now(), self.latest)
            reply = self.connection.append(_stamped(batch, encoded, moment), self.reply_seconds, meanwhile)
            if reply.later is None:
                break
            self.stats.stamped_again += 1
            self.latest = datetime.fromisoformat(reply.later)
        else:
            moment, reply = self._write_locked(batch, encoded)
        self.latest = moment
        return moment, reply

    def _write_locked(self, batch: Sequence[Job], encoded: _Encoded) -> tuple[datetime, Reply]:
        """For a clock that others keep overtaking: hold the head while stamping."""
        moments = [self.now()]

        def parameters(head_at: str | None) -> list[bytes]:
            if head_at is not None:
                moments[0] = max(moments[0], datetime.fromisoformat(head_at))
            return _stamped(batch, encoded, moments[0])

        reply = self.connection.append_locked(parameters, self.reply_seconds)
        return moments[0], reply

    def _isolate(self, batch: Sequence[Job]) -> None:
        """One request of the batch made the whole statement fail: find out which."""
        for job in batch:
            self.commit([job])

    def _settle(self, batch: Sequence[Job], moment: datetime, reply: Reply) -> None:
        refused = _refusals(batch, reply) if reply.taken or reply.stale else {}
        self.stats.conflicts += len(refused)
        position = reply.head + 1
        for number, job in enumerate(batch):
            outcome = refused.get(number)
            if outcome is None:
                outcome = Appended(position, moment)
                position += job.events
            job.outcome = outcome
        self.stats.events += position - reply.head - 1


_Encoded = tuple[list[bytes], list[bytes]]  # what stands before and after the leaves and the records


def _encode(batch: Sequence[Job]) -> _Encoded:
    join = b"".join
    count = sum(job.events for job in batch)
    numbered = list(enumerate(batch, 1))
    before = [wire.int4s([number for number, job in numbered for _ in range(job.events)])]
    columns = zip(*(job.columns for job in batch), strict=True)
    before += [wire.array(oid, count, join(parts)) for oid, parts in zip(_OIDS, columns, strict=True)]
    return before, [*_streams(numbered), *_leans(numbered), *_keys(batch), *_vault_keys(numbered)]


def _streams(numbered: list[tuple[int, Job]]) -> list[bytes]:
    rows = [(number, stream, version) for number, job in numbered for stream, version in job.streams.items()]
    return [
        wire.int4s([number for number, _, _ in rows]),
        wire.array(wire.UUID_OID, len(rows), b"".join([wire.uuid(stream) for _, stream, _ in rows])),
        wire.array(wire.INT8, len(rows), b"".join([wire.int8(version) for _, _, version in rows])),
    ]


def _leans(numbered: list[tuple[int, Job]]) -> list[bytes]:
    rows = [(number, key, position) for number, job in numbered for key, position in job.append.leans.items()]
    return [
        wire.int4s([number for number, _, _ in rows]),
        wire.array(wire.TEXT, len(rows), b"".join([wire.text(key) for _, key, _ in rows])),
        wire.array(wire.INT8, len(rows), b"".join([wire.int8(position) for _, _, position in rows])),
    ]


def _keys(batch: Sequence[Job]) -> list[bytes]:
    drafts: list[int] = []
    first = 1
    for job in batch:
        drafts += [first + place for place in job.key_drafts]
        first += job.events
    return [wire.int4s(drafts), wire.array(wire.TEXT, len(drafts), b"".join([job.keys for job in batch]))]


def _vault_keys(numbered: list[tuple[int, Job]]) -> list[bytes]:
    rows = [(number, key) for number, job in numbered for key in job.append.vault_keys]
    return [
        wire.int4s([number for number, _ in rows]),
        wire.array(wire.UUID_OID, len(rows), b"".join([wire.uuid(key.key_id) for _, key in rows])),
        wire.array(wire.TEXT, len(rows), b"".join([wire.text(key.epoch) for _, key in rows])),
        wire.array(wire.BYTEA, len(rows), b"".join([wire.bytea(key.wrapped) for _, key in rows])),
    ]


def _stamped(batch: Sequence[Job], encoded: _Encoded, moment: datetime) -> list[bytes]:
    stamp = in_record(moment).encode()
    size = len(stamp)
    records = [
        draft.record[:cut] + stamp + draft.record[cut + size :]
        for job in batch
        for draft, cut in zip(job.append.drafts, job.cuts, strict=True)
    ]
    leaves = wire.array(wire.BYTEA, len(records), b"".join([wire.bytea(leaf_hash(record)) for record in records]))
    bodies = wire.array(wire.BYTEA, len(records), b"".join([wire.bytea(record) for record in records]))
    before, after = encoded
    return [wire.moment(moment), *before, leaves, bodies, *after]


def _refusals(batch: Sequence[Job], reply: Reply) -> dict[int, Outcome]:
    """The outcome of each request that was not written, by its place in the batch, from 0."""
    refused: dict[int, Outcome] = {}
    places = [(number, index) for number, job in enumerate(batch) for index in range(job.events)]
    for draft, position, mac in orjson.loads(reply.taken or b"[]"):
        number, index = places[draft - 1]
        same = batch[number].append.drafts[index].content_mac == bytes.fromhex(mac)
        refused.setdefault(number, KeyTaken(index, position, same))
    keys: dict[int, list[str]] = {}
    for request, key in orjson.loads(reply.stale or b"[]"):
        keys.setdefault(request - 1, []).append(key)
    for number, moved in keys.items():
        refused.setdefault(number, Stale(tuple(sorted(set(moved)))))
    return refused


def _fail(batch: Sequence[Job], failure: Exception) -> None:
    for job in batch:
        # A refusal of its own for each thread: raising one object in several would mix their tracebacks.
        job.failure = type(failure)(failure.detail, **failure.fields) if isinstance(failure, Busy) else failure
