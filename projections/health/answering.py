"""From a question to the health of a partnership, and to the days on which it changed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any, Final

from projections.asking import Asking
from projections.directory.queries import names
from projections.evidence.gathering import Evidence, evidence_of
from projections.evidence.partnerships import Partnership
from projections.evidence.reading import facts_of_partnership
from projections.following import following
from projections.health.bands import band_or_unknown
from projections.health.dimension import NAMES, Dimension
from projections.health.explaining import working_of_change, workings_of
from projections.health.follow_through import BENCHMARK
from projections.health.history import Change, Place, history
from projections.health.look import WINDOW_DAYS
from projections.health.measures import RULE_VERSION, Health, health_on
from projections.health.said import instrument, what_partners_say
from projections.question import Header
from projections.reader import PartnershipReader
from projections.shares import to_json
from projections.working import Working, workings_to_json

MOST_DAYS: Final = 1_100
"""Days of one history: three years."""

CHANGES: Final = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class HealthAnswer:
    """The health of a partnership as one reader may have it; `working` only where it was asked for."""

    header: Header
    evidence: Evidence
    health: Health
    reader: PartnershipReader
    names: Mapping[str, str]
    working: Sequence[Working] | None = None

    def to_json(self) -> dict[str, Any]:
        health, partnership = self.health, self.evidence.partnership
        body: dict[str, Any] = {
            "dimensions": {name: one.to_json() for name, one in health.dimensions.items()},
            "overall": to_json(health.overall),
            "band": health.band,
            "low": health.low,
            "codes": list(health.codes) if self.reader.is_inside else [],
            "confirmation_by_receiver": {one: each.to_json() for one, each in health.confirmation_by_receiver.items()},
            "said": what_partners_say(partnership, health.day, self.reader),
            "instrument": instrument(partnership, health.day, self.reader),
            "coverage": {"known": len(health.known), "of": len(NAMES), "missing": health.missing},
            "next_review": next_review(partnership, health.day),
            "benchmark": {"follow_through": to_json(BENCHMARK)},
        }
        if health.day != self.header.question.as_of:
            body["told_as_of"] = health.day.isoformat()
        if health.overall is None:
            body["why"] = {"overall": "fewer than three dimensions are known"}
        if self.working is not None:
            body["working"] = workings_to_json(self.working)
        return self.header.to_json(self.names, unknown=unknown(health), **body)

    def rows(self) -> list[dict[str, Any]]:
        """One for each dimension, the lowest first and what cannot be told last; `said_…` beside what it shows."""
        said = what_partners_say(self.evidence.partnership, self.health.day, self.reader)["ratings"]
        beside = {one["dimension"]: one for one in said.values() if "dimension" in one}
        return [row_of(one, beside.get(one.name)) for one in self.health.lowest_first]


def row_of(dimension: Dimension, said: Mapping[str, Any] | None) -> dict[str, Any]:
    shares = {"f": to_json(dimension.f), "score": to_json(dimension.score)}
    where = {"dimension": dimension.name, "band": band_or_unknown(dimension.f), "reason": dimension.why}
    ratings = {f"said_{name}": None if said is None else said[name] for name in ("lowest", "highest", "count")}
    return {**where, **shares, **ratings}


def unknown(health: Health) -> list[str]:
    """What cannot be told, by name."""
    return [*health.missing, *(["overall"] if health.overall is None else [])]


def next_review(partnership: Partnership, day: date) -> dict[str, Any]:
    """The day on which the next review of the partnership is due, and whether it is announced; null where none is."""
    if partnership.closed_by(day) is not None:
        return {"due_on": None, "why": "the partnership is closed"}
    due_on, review_id = partnership.next_review_due(day)
    if partnership.ends_on is not None and due_on > partnership.ends_on:
        return {"due_on": None, "why": "the partnership ends before another is due"}
    is_scheduled = bool(partnership.waiting_reviews(day))
    given = {"review_id": review_id} if is_scheduled else {}
    return {"due_on": due_on.isoformat(), "scheduled": is_scheduled, "overdue": due_on < day} | given


def health(asking: Asking, partnership_id: str, reader: PartnershipReader, *, explain: bool = False) -> HealthAnswer:
    """The health of a partnership as of the question's day. Raises NotThere, FactDoesNotFit."""
    evidence = evidence_of(asking, partnership_id)
    found = health_as_of(asking, evidence, asking.question.as_of)
    ids = {partnership_id, *evidence.partnership.spans, *found.confirmation_by_receiver}
    known_names = names(asking.connection, ids, asking.question)
    return HealthAnswer(
        header=asking.header(RULE_VERSION, partnership=partnership_id),
        evidence=evidence,
        health=found,
        reader=reader.read_as(evidence.canonical),
        names=known_names,
        working=workings_of(evidence, found, known_names) if explain else None,
    )


def health_as_of(asking: Asking, evidence: Evidence, day: date) -> Health:
    return asking.memory.worked(("health", evidence.key, day), lambda: health_on(evidence, day))


@dataclass(frozen=True, slots=True, kw_only=True)
class HistoryAnswer:
    """A page of what changed, in order of days; the header's window are the days that were looked at."""

    header: Header
    changes: Sequence[Change]
    has_more: bool
    after: str
    names: Mapping[str, str]
    explain: bool

    def to_json(self) -> dict[str, Any]:
        body: dict[str, Any] = {
            "items": [one.to_json() for one in self.changes],
            "next": self.changes[-1].place.text() if self.changes else self.after,
            "has_more": self.has_more,
        }
        if self.explain:
            body["working"] = workings_to_json(map(working_of_change, self.changes))
        return self.header.to_json(self.names, **body)


class TooLong(Exception):
    """The history asked for is longer than is worked out at once."""


def health_history(
    asking: Asking, partnership_id: str, *, after: str = "", limit: int = CHANGES, explain: bool = False
) -> HistoryAnswer:
    """The days on which a band or a dimension changed: of the question's window, else of the last 365 days.

    Nothing is looked at before the partnership was formed, nor after the question's day. `after` is the `next` of the
    page before. Raises NotThere, FactDoesNotFit, TooLong; ValueError where `after` is no place.
    """
    place = Place.of(after) if after else None
    evidence, question = evidence_of(asking, partnership_id), asking.question
    last = min(question.to or question.as_of, question.as_of)
    first = question.from_ or last - timedelta(days=WINDOW_DAYS - 1)
    formed_on, starts_on = evidence.partnership.formed[0], evidence.partnership.starts_on
    first = max(first, min(formed_on, starts_on))
    if (last - first).days >= MOST_DAYS:
        raise TooLong(f"at most {MOST_DAYS} days are worked out at once")
    found = asking.memory.worked(
        ("health history", evidence.key, first, last),
        lambda: history(evidence, first, last, facts_by_day(asking, partnership_id)),
    )
    header = asking.header(RULE_VERSION, partnership=partnership_id)
    page, has_more = following(found, lambda change: change.place, place, limit)
    return HistoryAnswer(
        header=replace(header, question=replace(question, from_=first, to=last)),
        changes=page,
        has_more=has_more,
        after=after,
        explain=explain,
        names=names(asking.connection, {partnership_id}, question),
    )


def facts_by_day(asking: Asking, partnership_id: str) -> Mapping[date, tuple[str, ...]]:
    """The ids of the facts that count in the partnership, by business date."""
    found: dict[date, list[str]] = {}
    for noted in facts_of_partnership(asking, partnership_id):
        found.setdefault(noted.on, []).append(noted.fact.event_id)
    return {on: tuple(event_ids) for on, event_ids in found.items()}
