"""What a benchmark gives: rows of a table, each a ratio against something a user could pick instead."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from statistics import median
from threading import Barrier, Thread


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One comparison in one run. `ratio` is ours / other; `target` is what it must reach, or stay under (`at_most`)."""

    name: str
    ours: float
    other: float
    unit: str
    target: float
    at_most: bool = False

    @property
    def ratio(self) -> float:
        """Ours divided by the other."""
        return self.ours / self.other

    @property
    def met(self) -> bool:
        """Whether the ratio is on the right side of the target."""
        return self.ratio <= self.target if self.at_most else self.ratio >= self.target


def interleaved(contenders: Mapping[str, Callable[[], float]], rounds: int) -> dict[str, float]:
    """The median of each contender's figures, measured in turn, so that a noisy minute meets all of them."""
    figures: dict[str, list[float]] = {name: [] for name in contenders}
    for _ in range(rounds):
        for name, measure in contenders.items():
            figures[name].append(measure())
    return {name: median(found) for name, found in figures.items()}


def rate(once: Callable[[], int], threads: int, seconds: float) -> float:
    """How many things `once` does per second when so many threads call it again and again for so long."""
    barrier = Barrier(threads + 1)
    done = [0] * threads
    until = [0.0]

    def work(place: int) -> None:
        barrier.wait()
        while time.perf_counter() < until[0]:
            done[place] += once()

    workers = [Thread(target=work, args=(place,)) for place in range(threads)]
    for worker in workers:
        worker.start()
    started = time.perf_counter()
    until[0] = started + seconds
    barrier.wait()
    for worker in workers:
        worker.join()
    return sum(done) / (time.perf_counter() - started)
