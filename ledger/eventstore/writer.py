"""Group commit: whatever arrives during one commit is the next batch, and whoever finds nobody waiting goes alone."""

from __future__ import annotations

import threading
import time
from collections import deque
from dataclasses import dataclass

from ledger.eventstore.append import Append, DeadlineExceeded, Outcome, QueueFull, StoreUnavailable
from ledger.eventstore.batch import Batch
from ledger.eventstore.commit import Committer, Observer, Stats
from ledger.eventstore.job import Job

RECONNECT_FIRST_SECONDS = 0.05
RECONNECT_MOST_SECONDS = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What the writer takes at most: events and record bytes in a batch, events waiting."""

    batch_events: int = 2_000
    batch_bytes: int = 4 << 20
    waiting_events: int = 10_000


class Writer:
    """Appends for any number of threads through one connection.

    The connection belongs to whoever took `_busy` from False to True: a calling thread that found nobody waiting (it
    saves two hand-overs between threads), or the writer's own thread for everything that queued up meanwhile.
    """

    def __init__(self, committer: Committer, limits: Limits) -> None:
        self._committer = committer
        self._limits = limits
        self._mutex = threading.Lock()
        self._arrived = threading.Condition(self._mutex)
        self._queue: deque[Job] = deque()
        self._waiting = 0
        self._decided: list[Job] = []
        self._busy = False
        self._closing = False
        self._thread = threading.Thread(target=self._work, name="pledger-writer", daemon=True)
        self._thread.start()

    def append(self, request: Append) -> Outcome:
        """Write, and return when it is durable or decided against. Raises the refusals of kind `busy`."""
        job = Job(request)
        if self._committer.observer is not None:
            job.mark = self._committer.observer.mark()
        if self._take_connection(job):
            try:
                self._committer.stats.direct += 1
                self._committer.commit([job])
            finally:
                self._give_connection()
        else:
            self._wait(job)
        return job.result()

    @property
    def stats(self) -> Stats:
        """What was counted since this writer was made."""
        return self._committer.stats

    def observe(self, observer: Observer) -> None:
        """Tell an observer of every batch from now on, in place of the one before."""
        self._committer.observer = observer

    @property
    def waiting(self) -> int:
        """How many events wait to be sent."""
        return self._waiting

    def close(self) -> None:
        """Take nothing more, write what is waiting, and end the writer's thread."""
        with self._mutex:
            self._closing = True
            self._arrived.notify()
        self._thread.join()
        self._committer.connection.close()

    def _take_connection(self, job: Job) -> bool:
        """Whether the calling thread may write at once; otherwise the job is queued."""
        with self._mutex:
            if self._closing:
                raise StoreUnavailable("the store is closing")
            if time.monotonic() >= job.append.deadline:
                raise DeadlineExceeded
            if not self._busy and not self._queue and self._committer.connection.is_alive():
                self._busy = True
                return True
            if self._waiting and self._waiting + job.events > self._limits.waiting_events:
                raise QueueFull(waiting=self._waiting, limit=self._limits.waiting_events)
            job.waits = True
            self._queue.append(job)
            self._waiting += job.events
            self._arrived.notify()
            return False

    def _give_connection(self) -> None:
        with self._mutex:
            self._busy = False
            if self._queue or self._closing:
                self._arrived.notify()

    def _wait(self, job: Job) -> None:
        if job.done.acquire(timeout=max(0.0, job.append.deadline - time.monotonic())):
            return
        with self._mutex:
            if job.waits:
                job.waits = False
                self._queue.remove(job)
                self._waiting -= job.events
                if self._committer.connection.is_open:
                    raise DeadlineExceeded
                raise StoreUnavailable("no connection to the database")
        job.done.acquire()  # sent: the writer's own time limit brings an outcome

    def _work(self) -> None:
        while True:
            with self._mutex:
                while self._busy or not (self._queue or self._closing):
                    self._arrived.wait()
                if not self._queue:
                    return
                self._busy = True
            try:
                self._drain()
            finally:
                self._release()
                with self._mutex:
                    self._busy = False

    def _drain(self) -> None:
        connection = self._committer.connection
        connection.is_alive()
        while connection.is_open or self._reconnect():
            batch = self._next_batch()
            if not batch.jobs:
                return
            # Those who waited for the last batch have work to do: let them go when the database has its own to do.
            self._committer.commit(batch.jobs, meanwhile=self._release)
            self._release()
            self._decided = batch.jobs + self._decide_held(batch)

    def _next_batch(self) -> Batch:
        batch = Batch(self._limits.batch_events, self._limits.batch_bytes)
        now = time.monotonic()
        with self._mutex:
            while self._queue and batch.has_room(self._queue[0]):
                job = self._queue.popleft()
                if now >= job.append.deadline:
                    self._leave(job)
                    job.failure = DeadlineExceeded()
                    job.done.release()
                elif batch.offer(job):
                    self._leave(job)
            self._queue.extendleft(reversed(batch.held))
        return batch

    def _decide_held(self, batch: Batch) -> list[Job]:
        """Give those an outcome whose fate the batch decided; the others stand at the front of the queue."""
        decided = []
        for job, outcome in batch.verdicts():
            with self._mutex:
                if job.waits:
                    self._queue.remove(job)
                    self._leave(job)
                    job.outcome = outcome
                    decided.append(job)
        self._committer.stats.conflicts += len(decided)
        return decided

    def _release(self) -> None:
        decided, self._decided = self._decided, []
        for job in decided:
            job.done.release()

    def _leave(self, job: Job) -> None:
        job.waits = False
        self._waiting -= job.events

    def _reconnect(self) -> bool:
        """Try until a connection is there, nobody waits any more, or the store closes."""
        self._release()
        pause = RECONNECT_FIRST_SECONDS
        while True:
            try:
                self._committer.connection.open()
            except StoreUnavailable as refusal:
                with self._mutex:
                    if self._closing:
                        self._give_up(refusal)
                    if not self._queue:
                        return False
                    self._arrived.wait_for(lambda: self._closing, pause)
                pause = min(2 * pause, RECONNECT_MOST_SECONDS)
            else:
                return True

    def _give_up(self, refusal: StoreUnavailable) -> None:
        while self._queue:
            job = self._queue.popleft()
            self._leave(job)
            job.failure = StoreUnavailable(refusal.detail)
            job.done.release()
