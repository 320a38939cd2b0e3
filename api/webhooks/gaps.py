"""When a failed sending is tried again: after growing gaps that are never the same twice, for three days."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Final

FIRST: Final = timedelta(seconds=5)
LONGEST: Final = timedelta(hours=3)
PATIENCE: Final = timedelta(days=3)
LEAST_ASKED: Final = timedelta(seconds=1)
MOST_ASKED: Final = timedelta(hours=6)
"""What an endpoint may ask for with `Retry-After` lies between these two."""
ASKING: Final = frozenset({429, 503})


def gap(attempts: int, spread: float) -> timedelta:
    """How long to wait after so many failed attempts. It doubles from five seconds to three hours; `spread`, from 0
    to 1, moves it by up to a fifth either way."""
    doubled: int = 2 ** min(max(attempts - 1, 0), 20)
    return min(LONGEST, FIRST * doubled) * (0.8 + 0.4 * spread)


def asked_for(status: int | None, retry_after: str | None, now: datetime) -> timedelta | None:
    """What an endpoint asks for that is busy: seconds or a date (RFC 9110, 10.2.3), within bounds."""
    if status not in ASKING or retry_after is None:
        return None
    try:
        if retry_after.strip().isascii() and retry_after.strip().isdigit():
            asked = timedelta(seconds=min(int(retry_after), 10**9))
        else:
            at = parsedate_to_datetime(retry_after)
            asked = (at if at.tzinfo else at.replace(tzinfo=UTC)) - now
    except (ValueError, OverflowError):
        return None
    return min(max(asked, LEAST_ASKED), MOST_ASKED)


def next_try(attempts: int, since: datetime, now: datetime, asked: timedelta | None) -> datetime | None:
    """When to try again what has been failing `since`; None when that has been long enough."""
    end = since + PATIENCE
    if now >= end:
        return None
    return min(now + (asked if asked is not None else gap(attempts, random.random())), end)
