"""How the letters are doing, in numbers."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import psycopg
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from ledger.errors import Refusal
from ledger.eventstore.append import StoreUnavailable

STATES: Final = ("waiting", "sending", "sent", "empty", "void", "bounced", "given_up", "unknown")


@dataclass(frozen=True, slots=True)
class Numbers:
    """How many letters of the last ninety days are in each state; how many wait that failed before, and how long the
    one that is due has waited that waits longest."""

    by_state: dict[str, int]
    failing: int
    late_seconds: float


def letter_numbers(dsn: str) -> Numbers:
    """Asks the database. Raises StoreUnavailable."""
    try:
        with psycopg.connect(dsn, connect_timeout=5, application_name="pledger letters") as connection:
            connection.execute("SET ROLE pledger_access")
            counted = connection.execute("SELECT state, count(*) FROM pledger.letter GROUP BY state").fetchall()
            row = connection.execute(
                "SELECT count(*) FILTER (WHERE attempts > 0), max(extract(epoch FROM clock_timestamp() - next_try_at))"
                " FROM pledger.letter WHERE state = 'waiting'"
            ).fetchone()
    except psycopg.OperationalError as error:
        raise StoreUnavailable(f"the database cannot be reached: {error}") from error
    failing, late = row or (0, 0)
    return Numbers({**dict.fromkeys(STATES, 0), **dict(counted)}, failing, max(float(late or 0), 0.0))


class LetterGauges(Collector):
    """Tells the numbers of letters at each scrape; nothing where the database does not answer."""

    def __init__(self, dsn: str) -> None:
        self._dsn = dsn

    def describe(self) -> Iterator[Metric]:
        """Nothing is asked before the first scrape."""
        return iter(())

    def collect(self) -> Iterator[Metric]:
        """See `prometheus_client.registry.Collector`."""
        try:
            found = letter_numbers(self._dsn)
        except Refusal:
            return
        states = GaugeMetricFamily("pledger_letters", "Letters of the last ninety days, by state.", labels=["state"])
        for state, count in found.by_state.items():
            states.add_metric([state], count)
        yield states
        yield GaugeMetricFamily("pledger_letters_failing", "Waiting ones that failed before.", value=found.failing)
        about = "How long the letter has been due that waits longest."
        yield GaugeMetricFamily("pledger_letters_late_seconds", about, value=found.late_seconds)
