"""When a failed sending is tried again."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest

from api.webhooks.gaps import asked_for, gap, next_try

NOON = datetime(2026, 9, 1, 12, 0, tzinfo=UTC)


def test_gaps_grow_to_three_hours() -> None:
    middle = [gap(attempts, 0.5) for attempts in range(1, 40)]
    assert middle[:4] == [timedelta(seconds=seconds) for seconds in (5, 10, 20, 40)]
    assert all(earlier <= later for earlier, later in pairwise(middle))
    assert middle[-1] == timedelta(hours=3)
    assert (gap(1, 0), gap(1, 1)) == (timedelta(seconds=4), timedelta(seconds=6))


def test_no_two_webhooks_come_back_at_the_same_moment() -> None:
    assert len({next_try(5, NOON, NOON, None) for _ in range(20)}) > 1


def test_after_three_days_it_is_enough_and_the_last_try_is_then() -> None:
    third_day = NOON + timedelta(days=3)
    assert next_try(60, NOON, third_day - timedelta(minutes=1), None) == third_day
    assert next_try(61, NOON, third_day, None) is None


@pytest.mark.parametrize(
    ("status", "header", "asked"),
    [
        (429, "120", timedelta(seconds=120)),
        (503, " 7 ", timedelta(seconds=7)),
        (429, "Tue, 01 Sep 2026 12:10:00 GMT", timedelta(minutes=10)),
        (429, "Tue, 01 Sep 2026 11:00:00 GMT", timedelta(seconds=1)),
        (503, "0", timedelta(seconds=1)),
        (503, "99999999999999999999", timedelta(hours=6)),
        (503, "Fri, 01 Jan 2100 00:00:00 GMT", timedelta(hours=6)),
        (429, "soon", None),
        (429, "-5", None),
        (429, "\u0661\u0662", None),
        (429, None, None),
        (500, "120", None),
    ],
)
def test_who_is_busy_may_ask_for_time_within_bounds(status: int, header: str | None, asked: timedelta | None) -> None:
    assert asked_for(status, header, NOON) == asked


def test_what_is_asked_for_stands_in_place_of_the_gap() -> None:
    assert next_try(9, NOON, NOON, timedelta(seconds=7)) == NOON + timedelta(seconds=7)
