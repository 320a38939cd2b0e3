"""Streams' states as the deciding process knows them: cached by position, checked by the append condition.

A cached state may be behind. That is harmless: every decision names the positions it rests on, and the store refuses
the append when anything was recorded after them. A refusal alone needs a state that was just read.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any, Final

from ledger.domain.fact import AnyFact
from ledger.domain.streams import STREAMS
from ledger.eventstore.codec import decode
from ledger.eventstore.store import Store
from ledger.posted import StreamOfAnotherKind

CACHED_STREAMS: Final = 50_000


@dataclass(frozen=True, slots=True)
class Known:
    """A stream's state: `kind` None when it has not begun; right as of `position`."""

    kind: str | None
    version: int
    state: Any
    position: int


NEW: Final = Known(None, 0, None, 0)


class StateCache:
    """The most recently used states, safe for many threads."""

    def __init__(self, most: int = CACHED_STREAMS) -> None:
        self._most = most
        self._lock = threading.Lock()
        self._known: OrderedDict[str, Known] = OrderedDict()

    def get(self, stream_id: str) -> Known | None:
        with self._lock:
            known = self._known.get(stream_id)
            if known is not None:
                self._known.move_to_end(stream_id)
            return known

    def put(self, stream_id: str, known: Known) -> None:
        """Keeps the later of what is there and what is given."""
        with self._lock:
            present = self._known.get(stream_id)
            if present is None or present.position < known.position:
                self._known[stream_id] = known
                self._known.move_to_end(stream_id)
            while len(self._known) > self._most:
                self._known.popitem(last=False)

    def drop(self, stream_id: str) -> None:
        with self._lock:
            self._known.pop(stream_id, None)


def load(store: Store, stream_ids: Iterable[str], cache: StateCache | None = None) -> dict[str, Known]:
    """The states of streams as they are now, in one statement. What a `cache` holds of them is only gone on from."""
    ids = list(stream_ids)
    held = {} if cache is None else {one: known for one in ids if (known := cache.get(one)) is not None}
    rows, position = store.read_streams(ids, {one: known.version for one, known in held.items()})
    found = {one: folded(decode_all(stored), position, held.get(one, NEW)) for one, stored in rows.items()}
    for one, known in found.items():
        if cache is not None and known.kind is not None:
            cache.put(one, known)
    return found


def decode_all(stored: Iterable[Any]) -> list[AnyFact]:
    return [decode(row.record, row.position) for row in stored]


def folded(facts: list[AnyFact], position: int, onto: Known = NEW) -> Known:
    """What a stream's facts come to, those that follow what is known already."""
    if not facts:
        return replace(onto, position=position)
    kind = facts[0].stream.kind
    evolve, state = STREAMS[kind].evolve, onto.state
    for fact in facts:
        state = evolve(state, fact)
    return Known(kind, facts[-1].version, state, position)


class Decision:
    """What one request reads while it is decided: implements ledger.domain.context.Lookup.

    `fresh` reads every stream from the store once. Facts admitted earlier in the same request are seen through
    `overlay`; they are not leaned on. `leans` maps each key to the position it was read at.
    """

    def __init__(self, store: Store, cache: StateCache, *, fresh: bool) -> None:
        self._store = store
        self._cache = cache
        self._fresh = fresh
        self._seen: dict[str, Known] = {}
        self._touched: dict[str, list[tuple[str, str]]] = {}
        self._keyed: dict[str, list[tuple[str, str]]] = {}
        self.overlay: dict[str, Known] = {}
        self.leans: dict[str, int] = {}
        self.used_cache = False

    def prefetch(self, stream_ids: Iterable[str]) -> None:
        """Reads many streams at once, those that are not known yet."""
        wanted = [one for one in stream_ids if one not in self._seen and (self._fresh or self._cache.get(one) is None)]
        if len(wanted) > 1:
            for stream_id, known in load(self._store, wanted).items():
                self._see(stream_id, known)

    def assume_new(self, stream_id: str) -> None:
        """Takes a stream as not begun without looking: the append condition looks."""
        if stream_id not in self._seen and not self._fresh and self._cache.get(stream_id) is None:
            self._see(stream_id, NEW)
            self.used_cache = True

    def known(self, stream_id: str) -> Known:
        """The stream, through what this request already added to it."""
        base = self.base(stream_id)
        return self.overlay.get(stream_id, base)

    def base(self, stream_id: str) -> Known:
        known = self._seen.get(stream_id)
        if known is None:
            known = None if self._fresh else self._cache.get(stream_id)
            if known is None:
                known = load(self._store, [stream_id])[stream_id]
            else:
                self.used_cache = True
            self._see(stream_id, known)
        return known

    def _see(self, stream_id: str, known: Known) -> None:
        self._seen[stream_id] = known
        self.leans[f"stream:{stream_id}"] = known.position
        if known.kind is not None:
            self._cache.put(stream_id, known)

    def state(self, kind: str, stream_id: str) -> Any:
        known = self.known(stream_id)
        return known.state if known.kind == kind else None

    def require_kind(self, kind: str, stream_id: str) -> Known:
        """The stream a claim goes into. Raises StreamOfAnotherKind."""
        known = self.known(stream_id)
        if known.kind not in (None, kind):
            raise StreamOfAnotherKind(id=stream_id, stream_kind=known.kind)
        return known

    def streams_with_key(self, key: str, kind: str) -> tuple[str, ...]:
        if key not in self._keyed:
            self._keyed[key] = self._store.streams_with_key(key)
        found = (*self._keyed[key], *self._touched.get(key, ()))
        return tuple(dict.fromkeys(stream_id for one, stream_id in found if one == kind))

    def head(self) -> int:
        return self._store.head()[0]

    def lean(self, key: str) -> None:
        """The position is read before the index is, so that nothing can slip in between unseen."""
        if key not in self.leans:
            self.leans[key] = self.head()

    def admitted(self, fact: AnyFact, after: Any, keys: tuple[str, ...]) -> None:
        """A fact of this request: what follows in the request sees it."""
        stream = fact.stream
        self.overlay[stream.id] = Known(stream.kind, fact.version, after, self.base(stream.id).position)
        for key in keys:
            self._touched.setdefault(key, []).append((stream.kind, stream.id))
