"""From what was posted to facts that are durable: decide on what is known, append on condition, decide again if moved.

A first decision may rest on cached states. When it admits, the append condition proves that they were current; when it
refuses, it is taken again on states just read, so that nobody is refused for what is no longer so.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Final

from ledger.claims import Prepared, prepare
from ledger.clock import Clock
from ledger.deciding import Admitted, Decider
from ledger.domain.fact import AnyFact, Speaker
from ledger.domain.refusals import AlreadyRecorded, NotAPartner, NotThere, UnknownReference, WrongVoice
from ledger.domain.streams import STREAMS
from ledger.domain.support.facts import Agreed
from ledger.errors import Busy, FieldError, Refusal
from ledger.eventstore.append import Append, Appended, KeyTaken, Stale
from ledger.eventstore.codec import decode
from ledger.eventstore.store import Store
from ledger.posted import BatchRefused, IdempotencyMismatch, Posted, Receipt, TooLarge
from ledger.states import Decision, Known, StateCache

ATTEMPTS: Final = 5
STRIPES: Final = 1024

Receipts = dict[bytes, Receipt]


@dataclass(frozen=True, slots=True)
class PostLimits:
    """`deadline_seconds` bounds how long a request may wait for its commit; the rest bound what it may hold."""

    deadline_seconds: float
    event_bytes: int
    batch_events: int


class Posting:
    """Decides and appends. Safe for many threads; one per process."""

    def __init__(
        self,
        store: Store,
        decider: Decider,
        clock: Clock,
        limits: PostLimits,
        may_address: Callable[[Speaker, str], bool],
    ) -> None:
        """`may_address(speaker, stream_id)`: whether the speaker may be told why its claim is refused."""
        self._store = store
        self._decider = decider
        self._clock = clock
        self._limits = limits
        self._may_address = may_address
        self.cache = StateCache()
        # Two threads that write one stream would only refuse each other: within the process they take turns.
        self._turns = [threading.Lock() for _ in range(STRIPES)]

    def post(self, speaker: Speaker, posted: Posted) -> Receipt:
        """Records one event. Raises a Refusal, of kind `busy` when it may be sent again."""
        item = self._prepare(speaker, posted)
        with self._turns[hash(item.claim.stream.id) % STRIPES]:
            try:
                return self._settle([item])[0]
            except BatchRefused as refused:
                raise refused.fields["refusal"] from None

    def check(self, speaker: Speaker, posted: Sequence[Posted]) -> None:
        """Asks every rule and writes nothing. Raises BatchRefused for the first event refused."""
        items = self._prepare_all(speaker, posted)
        receipts = self._repeats(items)
        decision = Decision(self._store, self.cache, fresh=True)
        self._decide(undecided(items, receipts), items, decision, {}, dry=True)

    def post_batch(self, speaker: Speaker, posted: Sequence[Posted]) -> list[Receipt]:
        """Records all events or none; later ones may rely on earlier ones. Raises BatchRefused, or Busy."""
        return self._settle(self._prepare_all(speaker, posted))

    def post_each(self, speaker: Speaker, posted: Sequence[Posted]) -> list[Receipt | Refusal]:
        """Records what can be recorded, in order, and answers for each event on its own."""
        self._require_size(posted)
        return [self._post_or_refuse(speaker, one) for one in posted]

    def _post_or_refuse(self, speaker: Speaker, posted: Posted) -> Receipt | Refusal:
        try:
            return self.post(speaker, posted)
        except Refusal as refusal:
            return refusal

    def _require_size(self, posted: Sequence[Posted]) -> None:
        most = self._limits.batch_events
        if len(posted) > most:
            raise TooLarge(f"{len(posted)} events are more than the {most} one post may hold", events=len(posted))

    def _prepare(self, speaker: Speaker, posted: Posted) -> Prepared:
        content_key = self._decider.vault.content_key
        return prepare(posted, speaker, self._clock.now(), content_key, self._limits.event_bytes)

    def _prepare_all(self, speaker: Speaker, posted: Sequence[Posted]) -> list[Prepared]:
        self._require_size(posted)
        prepared, seen = [], dict[bytes, bytes]()
        for index, one in enumerate(posted):
            try:
                item = self._prepare(speaker, one)
                if seen.setdefault(item.idempotency_key, item.content_mac) != item.content_mac:
                    raise IdempotencyMismatch("the same source and id stand twice in this batch, for different events")
            except Refusal as refusal:
                raise BatchRefused(index, refusal) from None
            prepared.append(item)
        return prepared

    def _settle(self, items: list[Prepared]) -> list[Receipt]:
        """Decides and appends until the log took it or refused it, or moved five times under it."""
        deadline = time.monotonic() + self._limits.deadline_seconds
        for attempt in range(ATTEMPTS):
            # A single event is looked up only when it is refused or taken: the append itself finds a repeat.
            receipts = self._repeats(items) if attempt or len(items) > 1 else {}
            admitted, decision = self._decide_twice(items, receipts)
            if not admitted:
                return [receipts[item.idempotency_key] for item in items]
            request = Append(
                drafts=tuple(one.draft for one in admitted),
                deadline=deadline,
                leans=decision.leans,
                vault_keys=tuple(key for one in admitted for key in one.vault_keys),
            )
            match self._store.append(request):
                case Appended() as outcome:
                    receipts |= self._appended(admitted, outcome, decision)
                    return [receipts[item.idempotency_key] for item in items]
                case Stale(keys):
                    for key in keys:
                        self.cache.drop(key.removeprefix("stream:"))
                case KeyTaken():
                    pass  # the next round finds it and answers with the first receipt
        raise Busy("the streams of this request keep moving; send it again")

    def _decide_twice(self, items: list[Prepared], receipts: Receipts) -> tuple[list[Admitted], Decision]:
        """A refusal that rests on cached states is asked for once more, on states just read and repeats looked up."""
        rest = undecided(items, receipts)
        decision = Decision(self._store, self.cache, fresh=False)
        found: Receipts = {}
        try:
            admitted = self._decide(rest, items, decision, found)
        except BatchRefused:
            # Not for what may no longer be so, and not without having looked for a repeat.
            receipts |= self._repeats(items)
            rest = undecided(items, receipts)
            decision, found = Decision(self._store, self.cache, fresh=True), {}
            admitted = self._decide(rest, items, decision, found)
        receipts |= found
        return admitted, decision

    def _decide(
        self, rest: list[Prepared], items: list[Prepared], decision: Decision, found: Receipts, *, dry: bool = False
    ) -> list[Admitted]:
        now = self._clock.now()
        self._decider.prefetch(rest, decision)
        admitted = []
        for item in rest:
            try:
                one = self._decider.decide(item, decision, now, dry=dry)
            except AlreadyRecorded as already:
                found[item.idempotency_key] = self._receipt(already.event_id)
            except Refusal as refusal:
                raise BatchRefused(items.index(item), self._told(item, refusal)) from None
            else:
                if one is not None:
                    admitted.append(one)
        return admitted

    def _told(self, item: Prepared, refusal: Refusal) -> Refusal:
        """The refusal as the speaker may hear it: a stream out of its sight is absent, whatever a rule says of it, and
        so are a partnership that it names and is no partner of, and an offer that it answers and may not see."""
        speaker, stream, data = item.claim.speaker, item.claim.stream, item.claim.data
        if refusal.kind in ("rule", "precondition") and not self._may_address(speaker, stream.id):
            return NotThere(stream_kind=stream.kind, id=stream.id)
        if isinstance(refusal, NotAPartner) and not self._may_address(speaker, one := refusal.fields["partnership_id"]):
            if getattr(data, "to", None) == one:
                return UnknownReference("there is no partnership with this id", id=one)
            return NotThere(stream_kind="partnership", id=one)
        answers = data.answers if isinstance(refusal, WrongVoice) and isinstance(data, Agreed) else None
        if answers is not None and not self._may_address(speaker, answers.support_id):
            return UnknownReference("there is no offer and no request with this id", id=answers.support_id)
        return refusal

    def _repeats(self, items: list[Prepared]) -> Receipts:
        """The first receipts of those that the log holds. Raises BatchRefused for one with other content."""
        taken = self._store.find_keys([item.idempotency_key for item in items])
        receipts = {}
        for index, item in enumerate(items):
            held = taken.get(item.idempotency_key)
            if held is None:
                continue
            position, content_mac = held
            if content_mac != item.content_mac:
                mismatch = IdempotencyMismatch("this source and id were used for another event", position=position)
                raise BatchRefused(index, mismatch)
            stored = self._store.read_position(position)
            if stored is None:
                raise Busy("the log is behind itself; send it again")
            receipts[item.idempotency_key] = replace(receipt_of(decode(stored.record, position)), replayed=True)
        return receipts

    def _receipt(self, event_id: str) -> Receipt:
        stored = self._store.read_event(event_id)
        if stored is None:
            raise Busy("the first receipt cannot be found at this moment; send it again")
        return replace(receipt_of(decode(stored.record, stored.position)), replayed=True)

    def _appended(self, admitted: list[Admitted], outcome: Appended, decision: Decision) -> Receipts:
        """The receipts; and the cache learns what the append proved: these streams are current up to the last fact."""
        last = outcome.first_position + len(admitted) - 1
        states: dict[str, Known] = {}
        receipts = {}
        for offset, one in enumerate(admitted):
            fact = replace(one.fact, recorded_at=outcome.recorded_at, position=outcome.first_position + offset)
            stream = fact.stream
            before = states.get(stream.id) or decision.base(stream.id)
            after = STREAMS[stream.kind].evolve(before.state, fact)
            states[stream.id] = Known(stream.kind, fact.version, after, last)
            receipts[one.draft.idempotency_key] = receipt_of(fact)
        for stream_id, known in states.items():
            self.cache.put(stream_id, known)
        return receipts


def undecided(items: list[Prepared], receipts: Receipts) -> list[Prepared]:
    """Each event that has no receipt yet, once: the same event may stand in a batch twice."""
    return list({item.idempotency_key: item for item in items if item.idempotency_key not in receipts}.values())


def receipt_of(fact: AnyFact) -> Receipt:
    return Receipt(
        event_id=fact.event_id,
        position=fact.position,
        stream_kind=fact.stream.kind,
        stream_id=fact.stream.id,
        version=fact.version,
        recorded_at=fact.recorded_at,
    )


def pointed(refusal: Refusal, index: int) -> tuple[FieldError, ...]:
    """The errors of one event of a batch, their pointers leading into the batch."""
    return tuple(FieldError(f"/{index}{error.pointer}", error.code, error.detail) for error in refusal.errors)
