"""A page of a list that is worked out whole: what follows a place in it, and whether more follows that."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, TypeVar

T = TypeVar("T")


def following(items: Iterable[T], place: Callable[[T], Any], after: Any, limit: int) -> tuple[list[T], bool]:
    """At most `limit` of the items, in the order of their places, that come after a place (None: from the first)."""
    found = [item for item in items if after is None or place(item) > after][: limit + 1]
    return found[:limit], len(found) > limit
