"""The live feed: the facts one reader may see, sent as they are recorded, as server-sent events.

Everything that is sent bears the position up to which the reader then knows all that it may see: who comes back with
it misses nothing and gets nothing twice.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Generator, Iterator
from dataclasses import dataclass, replace
from typing import Any, Final

import orjson
import structlog

from api.facts import Printer
from api.streams import Streams
from ledger.domain.fact import Speaker
from ledger.errors import Busy, Refusal
from ledger.eventstore.searching import FactQuery
from ledger.scope import Scope, changed_since
from ledger.service import Ledger

LOG: Final = structlog.get_logger()
PAGE: Final = 100
"""Facts sent at once: what is seen of them is worked out for so many at a time."""
WINDOW: Final = 10_000
"""Positions looked through at once for those that are within sight."""
CHECK_SECONDS: Final = 1.0
"""How often it is looked whether the credential still holds and the client is still there; keys that were looked up
are remembered for a second or two besides."""
MOST_REST_SECONDS: Final = 0.1
"""A stream that has caught up rests for twice as long as its last look took, at most so long: many streams leave the
process to those who post."""
RETRY_MILLISECONDS: Final = 1_000
NOTHING: Final = b""
"""Sends nothing; a server that writes it finds out whether its client has gone."""


def message(name: str | None, position: int, data: Any) -> bytes:
    """One event of the stream; a fact has no name."""
    named = b"" if name is None else b"event: %s\n" % name.encode()
    return b"%sid: %d\ndata: %s\n\n" % (named, position, orjson.dumps(data))


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What one reader asked for: its filters (`after` is where it begins) and how facts are printed. `who` says who it
    is now, and raises what a new request would be refused with."""

    query: FactQuery
    root: str
    as_stored: bool
    who: Callable[[], Speaker]


class Feed:
    """One open stream. It is iterated by one thread and ends by itself; `close` frees its place."""

    def __init__(self, ledger: Ledger, printer: Printer, streams: Streams, wanted: Wanted) -> None:
        """Raises TooManyStreams, and what `wanted.who` raises."""
        self._ledger, self._printer, self._streams, self._wanted = ledger, printer, streams, wanted
        self._position = wanted.query.after
        self._heartbeat_seconds = ledger.settings.stream_heartbeat_seconds
        now = time.monotonic()
        self._said_at = self._checked_at = now
        self._until = now + ledger.settings.stream_life_seconds
        self._speaker, self._is_unsure = wanted.who(), False
        self._scope = Scope.of(ledger, self._speaker)
        self._parts = self._run()
        self._place = streams.place(self._speaker.principal, self)

    def __iter__(self) -> Iterator[bytes]:
        return self

    def __next__(self) -> bytes:
        return next(self._parts)

    def close(self) -> None:
        """Ends it: the server calls this when the client has gone, too."""
        self._parts.close()
        self._place()

    def _run(self) -> Generator[bytes, None, None]:
        try:
            yield from self._told()
        except Refusal as refusal:
            if not isinstance(refusal, Busy):  # else it comes back in a moment, and finds out
                yield self._message("end", code=refusal.code)
        except Exception as error:
            # No problem can be answered any more: the client comes back, and the log says why it has to.
            LOG.error("stream-broken", position=self._position, exc_info=error)
        finally:
            self._place()

    def _told(self) -> Iterator[bytes]:
        yield b"retry: %d\n\n" % RETRY_MILLISECONDS
        yield from self._beginning()
        head = self._ledger.head()
        while not self._streams.ended and time.monotonic() < self._until:
            looked_at = time.monotonic()
            yield from self._look(head)
            yield self._heart() if time.monotonic() - self._said_at >= self._heartbeat_seconds else NOTHING
            if self._position >= head:  # what comes meanwhile is looked at together
                time.sleep(min(2 * (time.monotonic() - looked_at), MOST_REST_SECONDS))
            head = self._streams.heads.beyond(self._position, self._pause())
            self._check()

    def _beginning(self) -> Iterator[bytes]:
        """Where it begins, and whether the reader has to read afresh what it knew."""
        head = self._ledger.head()
        if self._position > head:  # it knows more than there is: the ledger was restored to an earlier moment
            self._position = head
            yield self._message("resync", code="position-unknown")
        elif changed_since(self._ledger, self._speaker, self._position):
            yield self._message("resync", code="scope-changed")
        yield self._heart()

    def _look(self, head: int) -> Iterator[bytes]:
        """What there is up to the head. What does not concern the reader is passed over at once."""
        if head > self._position:
            if self._scope.is_concerned(self._ledger, self._position, head):
                yield from self._page()
                return
            self._position = head
        if self._is_unsure:
            self._is_unsure = False
            yield from self._rescoped()

    def _page(self) -> Iterator[bytes]:
        """What one bounded look finds; a look that finds nothing moves the position on all the same."""
        query = replace(self._wanted.query, after=self._position, until=self._position + WINDOW, limit=PAGE)
        speaker, wanted = self._speaker, self._wanted
        found = self._ledger.page(query, speaker)
        printed = self._printer.printed(found.facts, speaker, wanted.root, as_stored=wanted.as_stored)
        yield from self._rescoped()  # no older than what was seen by
        self._position = found.last_position
        if printed:
            self._said_at = time.monotonic()
            yield b"".join(message(None, int(event["sequence"]), event) for event in printed)

    def _rescoped(self) -> Iterator[bytes]:
        """Tells the reader to read afresh where it sees otherwise now what it knows."""
        before, self._scope = self._scope, Scope.of(self._ledger, self._speaker)
        if self._scope.differs(before, self._ledger, self._position):
            yield self._message("resync", code="scope-changed")

    def _check(self) -> None:
        """The credential as it is now, and perhaps another day. Raises what a new request would be refused with."""
        now = time.monotonic()
        if now - self._checked_at >= CHECK_SECONDS:
            self._checked_at = now
            self._speaker = self._wanted.who()
            self._is_unsure = True

    def _pause(self) -> float:
        """How long to wait for something new."""
        then = min(self._said_at + self._heartbeat_seconds, self._checked_at + CHECK_SECONDS, self._until)
        return max(then - time.monotonic(), 0.0)

    def _heart(self) -> bytes:
        self._said_at = time.monotonic()
        return self._message("heartbeat")

    def _message(self, name: str, **more: str) -> bytes:
        return message(name, self._position, {"position": self._position, **more})
