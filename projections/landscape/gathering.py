"""What is known of an organisation's place: its partnerships, what passed, its frameworks and who said what."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import Final

from projections.asking import Asking
from projections.directory.queries import aliases
from projections.evidence.gathering import evidence_of
from projections.evidence.noted import Noted
from projections.evidence.reading import facts_with
from projections.frameworks.queries import Framework, frameworks_of, years_of
from projections.health.dimension import Dimension
from projections.health.look import WINDOW_DAYS, Look
from projections.health.tempo import tempo
from projections.landscape.autonomy import autonomy_on
from projections.landscape.circling import own_ways
from projections.landscape.measures import Position
from projections.reciprocity.around import PARTNER, calendars
from projections.reciprocity.passed import all_passed
from projections.reciprocity.queries import COUNTED, HOLDS, of_sight

QUARTER: Final = timedelta(days=91)
MOST_TERMS: Final = 6


def position_on(asking: Asking, organisation_id: str, day: date) -> Position:
    """Where an organisation stands on a day, by all that is known at the question's position."""
    asking = at(asking, day)
    read_as = aliases(asking.connection, asking.question)
    own = read_as.registrations(organisation_id)
    partnerships = partnerships_on(asking, own)
    evidence = {one: evidence_of(asking, one) for one in partnerships}
    passed = all_passed(asking.connection, of_sight(own, partnerships), asking.question, read_as)
    categories, deliveries = _categories(asking, own)
    coordinators = {one.partnership.coordinator_on(day) for one in evidence.values()}
    tempos: dict[str, Dimension] = {one: tempo(Look(known, day)) for one, known in evidence.items()}
    return Position(
        day=day,
        tempos=tempos,
        own=own_ways(read_as.canonical(organisation_id), passed.given()),
        categories=categories,
        given_event_ids=deliveries,
        was_partner=bool(partnerships) or _was_partner(asking, own),
        autonomy=autonomy_on(_frameworks(asking, own, coordinators), own, _said(asking, own), day),
    )


def at(asking: Asking, day: date) -> Asking:
    """The same question on another day, over the 365 days up to it."""
    first = day - timedelta(days=WINDOW_DAYS - 1)
    return replace(asking, question=replace(asking.question, as_of=day, from_=first, to=day))


def partnerships_on(asking: Asking, own: Collection[str]) -> list[str]:
    """The partnerships in which one of these registrations is a partner on the question's day."""
    rows = asking.connection.execute(
        f"SELECT DISTINCT m.partnership_id FROM directory_membership m WHERE {PARTNER}"
        " AND m.organisation_id = ANY (%(own)s::uuid[]) ORDER BY 1".encode(),
        asking.question.parameters | {"own": sorted(own)},
    )
    return [row[0] for row in rows]


def _was_partner(asking: Asking, own: Collection[str]) -> bool:
    """Whether it was a partner of anything on any day of the window."""
    rows = asking.connection.execute(
        "SELECT 1 FROM directory_membership WHERE state = 'partner' AND organisation_id = ANY (%(own)s::uuid[])"
        " AND since <= %(to)s AND until > %(from)s AND since < until"
        " AND known_from <= %(known_at)s AND known_until > %(known_at)s LIMIT 1",
        asking.question.parameters | {"own": sorted(own)},
    )
    return rows.fetchone() is not None


def _categories(asking: Asking, own: Collection[str]) -> tuple[dict[str, list[str]], tuple[str, ...]]:
    """By category of confirmed support of any basis its facts; and the facts of its exchanges."""
    rows = asking.connection.execute(
        f"SELECT e.category, e.basis, e.events FROM reciprocity_entry e WHERE {HOLDS} AND e.kind = 'delivery'"
        f" AND e.status IN {COUNTED} AND e.minutes > 0 AND (e.giver_id = ANY (%(own)s::uuid[])"
        " OR e.receiver_id = ANY (%(own)s::uuid[])) ORDER BY e.position, e.part".encode(),
        asking.question.parameters | {"own": sorted(own)},
    )
    by_category: dict[str, list[str]] = defaultdict(list)
    exchanged: list[str] = []
    for category, basis, events in rows:
        by_category[category] += events
        exchanged += events if basis == "exchange" else ()
    return dict(sorted(by_category.items())), tuple(exchanged)


def _frameworks(asking: Asking, own: Collection[str], coordinators: Collection[str]) -> list[Framework]:
    """Those whose owner is the organisation, its trust of the day, or a coordinator of its partnerships."""
    rows = asking.connection.execute(
        "SELECT DISTINCT trust_id FROM directory_trust_span WHERE organisation_id = ANY (%(own)s::uuid[])"
        " AND since <= %(as_of)s AND until > %(as_of)s AND known_from <= %(known_at)s AND known_until > %(known_at)s",
        asking.question.parameters | {"own": sorted(own)},
    )
    return frameworks_of(asking, {*own, *coordinators, *(row[0] for row in rows)})


def _said(asking: Asking, own: Collection[str]) -> list[Noted]:
    """The facts of the organisation's own streams, in order."""
    found = facts_with(asking, [f"stream:{one}" for one in sorted(own)])
    return sorted((noted for notes in found.values() for noted in notes), key=lambda noted: noted.position)


def days_before(asking: Asking, organisation_id: str) -> list[date]:
    """The days to look back to within a year: the ends of terms where terms are set, else the ends of quarters."""
    last = asking.question.as_of
    own = aliases(asking.connection, asking.question).registrations(organisation_id)
    ends = _term_ends(asking, [*calendars(asking.connection, own, asking.question), "ledger"])
    inside = [end for end in ends if last - timedelta(days=WINDOW_DAYS) <= end < last]
    return inside[-MOST_TERMS:] or [last - number * QUARTER for number in (4, 3, 2, 1)]


def _term_ends(asking: Asking, nearest: Sequence[str]) -> list[date]:
    """The last days of terms: of each academic year by the nearest calendar that has it."""
    by_year: dict[str, list[date]] = {}
    years = {(one.for_, one.academic_year): one for one in years_of(asking, nearest)}
    for whom in nearest:
        for (for_, year), one in years.items():
            if for_ == whom and year not in by_year:
                by_year[year] = [date.fromisoformat(term["ends_on"]) for term in one.terms]
    return sorted(end for ends in by_year.values() for end in ends)
