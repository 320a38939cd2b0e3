"""Pages of the log, each record decoded once for all views that read its type, and not at all where none does."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from typing import Protocol

from ledger.domain.fact import AnyFact
from ledger.eventstore.append import Stored
from ledger.eventstore.codec import decode
from projections.bookmarks import Failure


class Log(Protocol):
    """What the runner asks of the log; the store answers it."""

    def read_positions(self, after: int, limit: int) -> list[Stored]:
        """At most `limit` facts that follow the position `after`, in order."""


@dataclass(frozen=True, slots=True)
class Page:
    """Facts in order of position up to `until`; `unreadable` are those whose record could not be decoded.

    `is_last` says that the log held no more when it was read.
    """

    after: int
    until: int
    is_last: bool
    facts: Sequence[AnyFact]
    unreadable: Sequence[Failure] = ()

    def concerns(self, types: Collection[str]) -> bool:
        """Whether it holds anything of these types."""
        return any(one.type in types for one in self.unreadable) or any(fact.type in types for fact in self.facts)

    def of(self, types: Collection[str]) -> tuple[list[AnyFact], Failure | None]:
        """The facts of these types up to the first of them that cannot be read, and why it cannot."""
        failure = next((one for one in self.unreadable if one.type in types), None)
        facts = [fact for fact in self.facts if fact.type in types]
        if failure is not None:
            facts = [fact for fact in facts if fact.position < failure.position]
        return facts, failure


class Pages:
    """Reads pages; while a long log is worked through, the next one is fetched and decoded beside the work."""

    def __init__(self, log: Log, limit: int) -> None:
        self._log = log
        self._limit = limit
        self._reader = ThreadPoolExecutor(max_workers=1, thread_name_prefix="pledger-pages")
        self._ahead: tuple[int, frozenset[str], Future[Page | None]] | None = None

    def read(self, after: int, types: frozenset[str], until: int | None = None) -> Page | None:
        """The next page, None at the end of the log. Facts of other types are passed over undecoded.

        Where `until` is named, the page does not go beyond that position.
        """
        limit = self._limit if until is None else min(self._limit, until - after)
        page = self._fetched(after, types, limit)
        if page is not None and page.until - page.after == self._limit:
            ahead = self._reader.submit(read_page, self._log, page.until, self._limit, types)
            self._ahead = (page.until, types, ahead)
        return page

    def close(self) -> None:
        """Wait for what is being read, and read no more."""
        self._reader.shutdown()

    def _fetched(self, after: int, types: frozenset[str], limit: int) -> Page | None:
        """What was read ahead, where it is what is asked for; a short page may have been the end of the log then."""
        if self._ahead is not None and self._ahead[:2] == (after, types):
            page, self._ahead = self._ahead[2].result(), None
            if page is not None and page.until - page.after == limit:
                return page
        return read_page(self._log, after, limit, types)


def read_page(log: Log, after: int, limit: int, types: Collection[str]) -> Page | None:
    """The next page, None at the end of the log. Facts of other types are passed over undecoded."""
    rows = log.read_positions(after, limit)
    if not rows:
        return None
    facts, unreadable = [], []
    for row in rows:
        if row.type not in types:
            continue
        try:
            facts.append(decode(row.record, row.position))
        except Exception as error:  # noqa: BLE001  # whatever is wrong with it: it is named, and its views stop
            unreadable.append(Failure(row.position, None, row.type, f"{type(error).__name__}: {error}"))
    return Page(after, rows[-1].position, len(rows) < limit, facts, unreadable)
