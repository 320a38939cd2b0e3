"""One partnership's line in the report. Organisations are counted in it, never listed, ordered or compared."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final, NamedTuple

from projections.asking import Asking
from projections.evidence.gathering import Evidence
from projections.health.answering import health_as_of
from projections.health.measures import Health
from projections.programme.giving import Given, Rate, Totals, Window, exchanged, given_in, totals
from projections.programme.results import Results, aims_of, ending_of, engagements
from projections.reciprocity.flow import Ways, ways
from projections.shares import to_json

NO_EXCHANGE: Final = "no exchange was confirmed"


class Line(NamedTuple):
    """A partnership with everything the report counts of it."""

    evidence: Evidence
    given: Sequence[Given]
    totals: Totals
    results: Results
    ways: Ways
    health: Health
    schools: frozenset[str]


def line_of(asking: Asking, evidence: Evidence, window: Window) -> Line:
    """The figures of one partnership in a window. Its health is that of the day, or of the last before it closed."""
    given = given_in(evidence.supports.values(), window)
    closing = evidence.partnership.closed_by(window.day)
    seen_on = window.day if closing is None else min(window.day, closing.on - timedelta(days=1))
    return Line(
        evidence=evidence,
        given=given,
        totals=totals(given),
        results=Results(engagements=engagements(evidence, window)),
        ways=ways(exchanged(given)),
        health=health_as_of(asking, evidence, seen_on),
        schools=partners_in(evidence, window),
    )


def partners_in(evidence: Evidence, window: Window) -> frozenset[str]:
    """Everybody who was a partner on some day of the window."""
    return frozenset(
        one
        for one, spans in evidence.partnership.spans.items()
        for span in spans
        if span.since <= window.until and (span.until is None or window.first is None or span.until > window.first)
    )


@dataclass(frozen=True, slots=True)
class Row:
    """A line as JSON and as a line of a table."""

    line: Line
    rate: Rate
    window: Window

    def to_json(self) -> dict[str, Any]:
        line, partnership = self.line, self.line.evidence.partnership
        value, supplier = self.rate.value_of(line.totals.confirmed)
        aims = aims_of(line.evidence, self.window.day)
        return {
            "partnership_id": partnership.partnership_id,
            "coordinator_id": partnership.coordinator_on(self.window.day),
            "starts_on": partnership.starts_on.isoformat(),
            **self._days(),
            "ending": ending_of(line.evidence, self.window.day),
            "schools": len(line.schools),
            **{f"aims_{state}": count for state, count in aims.items()},
            **line.totals.to_json(),
            "value_pence": value,
            "supplier_pence": supplier,
            "savings_by_receivers_pence": line.results.savings()["by_receivers_pence"],
            "engagements": len(line.results.engagements),
            "without_receivers_word": line.results.to_json()["without_receivers_word"],
            "health_on": line.health.day.isoformat(),
            **self._shares(),
            "band": line.health.band,
            "health_known": len(line.health.known),
            "health_of": len(line.health.dimensions),
        }

    def _days(self) -> dict[str, str]:
        """The days on which it ends and was closed, where there are any."""
        partnership = self.line.evidence.partnership
        closing = partnership.closed_by(self.window.day)
        days = {"ends_on": partnership.ends_on, "closed_on": None if closing is None else closing.on}
        return {name: on.isoformat() for name, on in days.items() if on is not None}

    def _shares(self) -> dict[str, Any]:
        """What cannot be told is null, with the reason under `why`."""
        ways, health = self.line.ways, self.line.health
        shares = {name: getattr(ways, name) for name in ("two_way", "comes_round", "one_way")}
        why = dict.fromkeys(shares, NO_EXCHANGE) if ways.minutes == 0 else {}
        if health.overall is None:
            why["health"] = "fewer than three dimensions are known"
        printed = {name: to_json(share) for name, share in (shares | {"health": health.overall}).items()}
        return printed | ({"why": why} if why else {})
