"""Days and headings as people read them; JSON and CSV keep the days of the calendar as `2026-09-14`."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any, Final

from projections.wording import day, short_day

DAY_LETTERS: Final = 10


def said_day(text: str) -> str:
    """A day of an answer in a sentence or a heading: `Mon 14 Sep 2026`."""
    return day(date.fromisoformat(text))


def short(text: str | None) -> str:
    """A day of an answer in a column: `14 Sep 2026`; empty where there is none."""
    return "" if not text else short_day(date.fromisoformat(text))


def short_moment(text: str) -> str:
    """A moment of an answer in a column, to the minute: `14 Sep 2026 11:04`."""
    rest = text[DAY_LETTERS + 1 : DAY_LETTERS + 6]
    return f"{short(text[:DAY_LETTERS])} {rest}".rstrip()


def headed(title: str, answer: Mapping[str, Any]) -> str:
    """What an answer is about, and as of which day; where less was asked for than is known, up to which position."""
    text = f"{title}, as of {said_day(answer['as_of'])}"
    at = answer["known_at"]
    return text if at == answer["position"] else f"{text}, as known at position {at}"
