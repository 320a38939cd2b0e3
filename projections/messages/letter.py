"""A letter as it is said, before it has an address: a subject, lines under headings, and the one place it leads to."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from projections.wording import several

MOST_LINES: Final = 20
WAITING: Final = "/waiting"
ACCOUNT: Final = "/account"
MOST_SUBJECT: Final = 150


@dataclass(frozen=True, slots=True)
class Section:
    """Lines under a heading."""

    title: str
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """`path` is the page that it leads to, reached by signing in (`signs_in`); `does` says what is there."""

    subject: str
    sections: tuple[Section, ...]
    path: str
    does: str
    signs_in: bool = True


def section(title: str, lines: Sequence[str], one: str, many: str) -> Section:
    """A section with at most twenty lines; what is left out is told of by number, as `one` or `many`."""
    left = len(lines) - MOST_LINES
    more = (f"… and {several(left, one, many)} more, in the list.",) if left > 0 else ()
    return Section(title, (*lines[:MOST_LINES], *more))


def subject(parts: Iterable[str]) -> str:
    """What waits, in one line."""
    return f"Waiting for you: {', '.join(parts)}"[:MOST_SUBJECT]
