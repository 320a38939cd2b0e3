"""A clock that is set shows what it was set to."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta, timezone

import pytest

from ledger.clock import SetClock, SystemClock

NOON = datetime(2026, 9, 20, 12, 0, tzinfo=UTC)


def test_the_system_clock_is_in_utc() -> None:
    before, now = datetime.now(UTC), SystemClock().now()
    assert now.utcoffset() == timedelta()
    assert before <= now <= datetime.now(UTC)


def test_a_set_clock_stands_still_until_it_is_told() -> None:
    clock = SetClock(NOON)
    time.sleep(0.01)
    assert clock.now() == NOON
    assert clock.advance(timedelta(days=60)) == datetime(2026, 11, 19, 12, 0, tzinfo=UTC)
    clock.set(NOON - timedelta(hours=1))
    assert clock.now() == datetime(2026, 9, 20, 11, 0, tzinfo=UTC)


def test_a_running_clock_goes_on_from_where_it_was_set() -> None:
    clock = SetClock(NOON, running=True)
    time.sleep(0.02)
    assert NOON < clock.now() < NOON + timedelta(minutes=1)


def test_whatever_offset_it_is_set_with_it_shows_utc() -> None:
    clock = SetClock(datetime(2026, 9, 20, 14, 0, tzinfo=timezone(timedelta(hours=2))))
    assert clock.now() == NOON
    assert clock.now().tzinfo is UTC


def test_a_moment_without_an_offset_is_refused() -> None:
    with pytest.raises(ValueError, match="offset"):
        SetClock(datetime(2026, 9, 20, 12, 0))  # noqa: DTZ001 - that it is refused is the point
