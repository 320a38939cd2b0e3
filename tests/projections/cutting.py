"""A worker that dies in the middle of its work, and the log that kills it."""

from __future__ import annotations

from ledger.eventstore.append import Stored
from projections.pages import Log


class Cut(Exception):
    """The worker's process ends here."""


class CutLog:
    """The log of a worker that is killed while it asks for one page more than it may."""

    def __init__(self, log: Log, pages: int) -> None:
        self._log = log
        self._left = pages

    def read_positions(self, after: int, limit: int) -> list[Stored]:
        self._left -= 1
        if self._left < 0:
            raise Cut
        return self._log.read_positions(after, limit)
