"""What goes into one commit: requests of which none leans on what another of them touches."""

from __future__ import annotations

from collections.abc import Iterator

from ledger.eventstore.append import Appended, KeyTaken, Outcome, Stale
from ledger.eventstore.job import Job


class Batch:
    """Takes jobs in the order they arrived, and holds back those that an earlier one of the same batch decides."""

    def __init__(self, events: int, bytes_: int) -> None:
        self.jobs: list[Job] = []
        self.held: list[Job] = []
        self._events = events
        self._bytes = bytes_
        self._touched: dict[str, Job] = {}
        self._keys: dict[bytes, Job] = {}

    def has_room(self, job: Job) -> bool:
        """Whether the job fits; the first one always does."""
        return not self.jobs or (job.events <= self._events and job.bytes <= self._bytes)

    def offer(self, job: Job) -> bool:
        """Take the job, or hold it back."""
        if not (job.needs.isdisjoint(self._touched) and self._keys.keys().isdisjoint(job.idempotency)):
            self.held.append(job)
            return False
        self.jobs.append(job)
        self._events -= job.events
        self._bytes -= job.bytes
        self._touched |= dict.fromkeys(job.touched, job)
        self._keys |= dict.fromkeys(job.idempotency, job)
        return True

    def verdicts(self) -> Iterator[tuple[Job, Outcome]]:
        """After the commit: the held ones that it decided, each with its outcome; the others may be asked again."""
        for job in self.held:
            outcome = self._taken(job) or self._stale(job)
            if outcome is not None:
                yield job, outcome

    def _taken(self, job: Job) -> KeyTaken | None:
        for key, index in job.idempotency.items():
            earlier = self._keys.get(key)
            if earlier is not None and isinstance(earlier.outcome, Appended):
                place = earlier.idempotency[key]
                same = earlier.append.drafts[place].content_mac == job.append.drafts[index].content_mac
                return KeyTaken(index, earlier.outcome.first_position + place, same)
        return None

    def _stale(self, job: Job) -> Stale | None:
        moved = [key for key in job.needs if key in self._touched and self._wrote(self._touched[key])]
        return Stale(tuple(sorted(moved))) if moved else None

    @staticmethod
    def _wrote(job: Job) -> bool:
        return isinstance(job.outcome, Appended)
