"""How the webhooks of a ledger are doing, in numbers, for who watches over it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from api.webhooks.rows import courier

STATES: Final = ("challenged", "live", "paused", "ended")


@dataclass(frozen=True, slots=True)
class Numbers:
    """`by_state` counts the webhooks of each state; `failing` those of the live ones whose last sending failed.

    Of the live ones: `lag_facts` is how many positions the one furthest behind has not looked at, `failing_seconds` for
    how long the one has failed that fails longest.
    """

    by_state: dict[str, int]
    failing: int
    lag_facts: int
    failing_seconds: float


def webhook_numbers(dsn: str) -> Numbers:
    """Asks the database. Raises StoreUnavailable."""
    with courier(dsn) as connection:
        counted = connection.execute("SELECT state, count(*) FROM pledger.webhook GROUP BY state").fetchall()
        lagging = connection.execute(
            "SELECT count(*) FILTER (WHERE w.attempts > 0), max(h.position - w.position),"
            " max(extract(epoch FROM clock_timestamp() - w.failing_since))"
            " FROM pledger.webhook w, pledger.head h WHERE w.state = 'live'"
        ).fetchone()
    failing, facts, seconds = lagging or (0, 0, 0)
    by_state = {**dict.fromkeys(STATES, 0), **dict(counted)}
    return Numbers(by_state, failing, max(facts or 0, 0), max(float(seconds or 0), 0.0))
