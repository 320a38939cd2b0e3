"""Facts that were read once are not read again: they never change, and new ones only follow at the end."""

from __future__ import annotations

import gc
from bisect import bisect_right
from collections import OrderedDict
from collections.abc import Callable, Collection, Hashable, Mapping, Sequence
from operator import itemgetter
from threading import Lock
from typing import Any, Final, TypeVar

T = TypeVar("T")
Rows = tuple[Any, ...]
"""Tuples whose first member is the position."""

Read = Callable[[Collection[str], int], Mapping[str, Sequence[Any]]]

MOST_ROWS: Final = 200_000
"""Facts kept at most, some 150 MB; the keys that were asked for longest ago go first."""

MOST_WORKED: Final = 400_000
"""What was worked out and is kept at most, each weighed by the facts that went into it: some 200 MB."""

LIGHT: Final = 50
"""What a figure weighs that holds no facts, or few: eight thousand of them are kept."""


HEAVY: Final = 500
"""What weighs so much is thousands of objects."""


def light(_: object) -> int:
    return LIGHT


class Memory:
    """The facts of the keys asked for lately, each up to a position; and what was worked out of them.

    Safe for any number of threads. Nothing in it outlives the process, and nothing in it can be wrong: facts at
    positions already read never change.
    """

    def __init__(self, most_rows: int = MOST_ROWS, most_worked: int = MOST_WORKED) -> None:
        self._most_rows, self._most_worked = most_rows, most_worked
        self._lock = Lock()
        self._held: OrderedDict[str, tuple[int, Rows]] = OrderedDict()
        self._count = 0
        self._worked: OrderedDict[Hashable, tuple[Any, int]] = OrderedDict()
        self._weight = 0

    def facts(self, keys: Collection[str], known_at: int, read: Read) -> dict[str, Rows]:
        """By key, its rows up to a position, in order; `read(keys, after)` gives those up to `known_at` not held."""
        held = self._known(keys)
        missing = [key for key, (until, _) in held.items() if until < known_at]
        if missing:
            after = min(held[key][0] for key in missing)
            found = read(missing, after)
            for key in missing:
                until, rows = held[key]
                held[key] = (known_at, (*rows, *(row for row in found[key] if row[0] > until)))
            self._keep({key: held[key] for key in missing})
        return {key: _up_to(rows, known_at) for key, (_, rows) in held.items()}

    def worked(self, key: Hashable, make: Callable[[], T], weigh: Callable[[T], int] = light) -> T:
        """What `make` gives, which `key` says all about; worked out again only when it is no longer held."""
        with self._lock:
            if key in self._worked:
                self._worked.move_to_end(key)
                return self._worked[key][0]  # type: ignore[no-any-return]  # what was made for this key
        made = make()
        with self._lock:
            _, before = self._worked.pop(key, (None, 0))
            self._worked[key] = made, weigh(made)
            self._weight += self._worked[key][1] - before
            while self._weight > self._most_worked and len(self._worked) > 1:
                self._weight -= self._worked.popitem(last=False)[1][1]
        if weigh(made) >= HEAVY:
            # What is let go hides from the collector how much is new: left alone, it looks through all of it one day.
            gc.collect(0)
        return made

    def _known(self, keys: Collection[str]) -> dict[str, tuple[int, Rows]]:
        with self._lock:
            found = {}
            for key in keys:
                found[key] = self._held.get(key, (0, ()))
                if key in self._held:
                    self._held.move_to_end(key)
            return found

    def _keep(self, read: Mapping[str, tuple[int, Rows]]) -> None:
        with self._lock:
            for key, (until, rows) in read.items():
                known = self._held.get(key, (0, ()))
                if known[0] < until:  # else another thread has read further meanwhile
                    self._held[key] = (until, rows)
                    self._count += len(rows) - len(known[1])
            while self._count > self._most_rows and self._held:
                self._count -= len(self._held.popitem(last=False)[1][1])


def _up_to(rows: Rows, known_at: int) -> Rows:
    if not rows or rows[-1][0] <= known_at:
        return rows
    return rows[: bisect_right(rows, known_at, key=itemgetter(0))]
