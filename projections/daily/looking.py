"""One day's look at all partnerships, against the day before. What a day finds depends on the log and the day alone.

A day is looked at by what was known when it began: by the facts recorded before its first moment in the ledger's zone.
So it finds the same whenever it is done, on the day or later, and the facts recorded on it are seen the day after.
"""

from __future__ import annotations

import logging
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

import psycopg

from ledger.errors import Busy
from projections.asking import Asking
from projections.daily.differences import NOTHING, Look, differences
from projections.daily.points import points_of
from projections.daily.rows import Missed, Noticed
from projections.evidence.gathering import evidence_of
from projections.evidence.reading import facts_of_partnership, facts_with
from projections.health.answering import health_as_of
from projections.question import Question

LOG: Final = logging.getLogger(__name__)
DAY: Final = timedelta(days=1)
MOST_EVENTS: Final = 100
"""Facts named by one row at most."""

_PARTNERSHIPS: Final = """
    SELECT partnership_id FROM directory_partnership
    WHERE known_from <= %(known_at)s AND known_until > %(known_at)s AND starts_on <= %(as_of)s
    AND (closed_on IS NULL OR closed_on >= %(as_of)s - 1 OR known_from > %(before)s)
    ORDER BY partnership_id
"""


def eve(day: date, zone: ZoneInfo) -> datetime:
    """The last moment before a day begins."""
    return datetime.combine(day, time(), zone).astimezone(UTC) - timedelta(microseconds=1)


def partnerships(asking: Asking, before: int) -> list[str]:
    """Those that run on the question's day, and those whose end, or anything else of their register, is new since the
    position `before`."""
    rows = asking.connection.execute(_PARTNERSHIPS.encode(), asking.question.parameters | {"before": before})
    return [row[0] for row in rows]


def look(asking: Asking, partnership_id: str) -> Look:
    """A partnership on the question's day; nothing before it was known or began. Raises FactDoesNotFit."""
    own = f"stream:{partnership_id}"
    if not facts_with(asking, [own])[own]:
        return NOTHING
    evidence = evidence_of(asking, partnership_id)
    if evidence.partnership.starts_on > asking.question.as_of:
        return NOTHING
    health = health_as_of(asking, evidence, asking.question.as_of)
    return Look(health.band, points_of(asking, partnership_id))


def compare(asking: Asking, partnership_id: str, before: Question) -> list[Noticed]:
    """What has changed in a partnership between the question `before` and this one."""
    question = asking.question
    then, now = look(replace(asking, question=before), partnership_id), look(asking, partnership_id)
    return differences(
        partnership_id, question.as_of, question.known_at, then, now, news(asking, partnership_id, before)
    )


def news(asking: Asking, partnership_id: str, before: Question) -> list[str]:
    """The facts that came between: recorded since, or dated since."""
    question = asking.question
    found = [
        noted.fact.event_id for noted in facts_of_partnership(asking, partnership_id)
        if noted.position > before.known_at or before.as_of < noted.on <= question.as_of
    ]  # fmt: skip
    return found[-MOST_EVENTS:]


def attempt(asking: Asking, partnership_id: str, before: Question) -> tuple[list[Noticed], Missed | None]:
    """What has changed, or why one cannot tell: that of one partnership is nobody else's trouble."""
    try:
        return compare(asking, partnership_id, before), None
    except (psycopg.Error, Busy):
        raise
    except Exception as error:
        LOG.exception("the clock cannot look at partnership %s", partnership_id)
        return [], Missed(partnership_id, before.as_of, f"{type(error).__name__}: {error}")
