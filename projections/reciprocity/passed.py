"""What passed in a scope: confirmed exchange minutes by who, whom, category, people and day, under the ids read."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

import psycopg

from projections.confidence import CATEGORY
from projections.directory.queries import Aliases
from projections.question import Question
from projections.reciprocity.felt import OfDay
from projections.reciprocity.persons import ByPeople
from projections.reciprocity.queries import COUNTED, HOLDS, INDEPENDENCE, Scope
from projections.reciprocity.settled import Given

Connection = psycopg.Connection[Any]


class Passed(NamedTuple):
    """Minutes that agree in all of this."""

    giver_id: str
    receiver_id: str
    category: str
    independent: bool
    people: list[str]
    minutes: int


@dataclass(frozen=True, slots=True)
class AllPassed:
    """Everything that passed in a scope, or the part of it that two independent sides have said."""

    rows: tuple[Passed, ...]

    @property
    def independent(self) -> AllPassed:
        return AllPassed(tuple(row for row in self.rows if row.independent))

    def given(self) -> Given:
        """w: minutes by (giver, receiver)."""
        return _added(self.rows)

    def by_category(self) -> dict[str, Given]:
        """w of each category."""
        found: defaultdict[str, list[Passed]] = defaultdict(list)
        for row in self.rows:
            found[row.category].append(row)
        return {category: _added(found[category]) for category in sorted(found)}

    def by_people(self) -> list[ByPeople]:
        """Minutes by who gave them together."""
        return [ByPeople(row.giver_id, row.receiver_id, row.people, row.minutes) for row in self.rows]


def all_passed(
    connection: Connection, scope: Scope, question: Question, aliases: Aliases, confidential: Collection[str] = ()
) -> AllPassed:
    """What passed in a scope; what stays between two registrations of one organisation is left out.

    Supports that are `confidential` count under `other`, but for a reader who speaks for one of their sides.
    """
    sides = frozenset[str]() if question.reader is None else question.reader.sides
    told = {"confidential": sorted(confidential), "category": CATEGORY}
    told["sides"] = sorted({one for side in sides for one in aliases.registrations(side)})
    rows = connection.execute(
        _PASSED.format(scope.condition).encode(), {**question.parameters, **scope.parameters, **told}
    )
    return AllPassed(tuple(_between_two((Passed(*row) for row in rows), aliases)))


def of_days(connection: Connection, scope: Scope, question: Question, aliases: Aliases) -> list[OfDay]:
    """The same by the day of the delivery."""
    rows = connection.execute(_OF_DAYS.format(scope.condition).encode(), {**question.parameters, **scope.parameters})
    read = ((OfDay(*row), aliases.canonical(row[0]), aliases.canonical(row[1])) for row in rows)
    return [row._replace(giver_id=giver, receiver_id=receiver) for row, giver, receiver in read if giver != receiver]


class Behind(NamedTuple):
    """One delivery that counts, and its facts in order."""

    giver_id: str
    receiver_id: str
    minutes: int
    events: list[str]


def facts_behind(
    connection: Connection, scope: Scope, question: Question, aliases: Aliases, organisations: Collection[str]
) -> list[Behind]:
    """The deliveries of a scope that these organisations gave or got, by position; at most `MOST_BEHIND`."""
    ids = sorted({one for each in organisations for one in aliases.registrations(each)})
    rows = connection.execute(
        _BEHIND.format(scope.condition).encode(),
        {**question.parameters, **scope.parameters, "sides": ids, "most": MOST_BEHIND},
    )
    return list(_between_two((Behind(*row) for row in rows), aliases))


MOST_BEHIND: Final = 5_000


def _between_two(rows: Iterable[Any], aliases: Aliases) -> Iterable[Any]:
    """The rows with both sides under the id they are read as."""
    for row in rows:
        giver, receiver = aliases.canonical(row.giver_id), aliases.canonical(row.receiver_id)
        if giver != receiver:
            yield row._replace(giver_id=giver, receiver_id=receiver)


def _added(rows: Iterable[Passed]) -> Given:
    found: Counter[tuple[str, str]] = Counter()
    for row in rows:
        if row.minutes:
            found[row.giver_id, row.receiver_id] += row.minutes
    return dict(sorted(found.items()))


_WHERE: Final = f"""
    FROM reciprocity_entry e
    WHERE {HOLDS} AND e.kind = 'delivery' AND e.basis = 'exchange' AND e.status IN {COUNTED} AND {{}}
"""
_CATEGORY: Final = """
    CASE WHEN e.support_id = ANY (%(confidential)s::uuid[])
    AND NOT (e.giver_id = ANY (%(sides)s::uuid[]) OR e.receiver_id = ANY (%(sides)s::uuid[]))
    THEN %(category)s ELSE e.category END
"""
_PASSED: Final = f"""
    SELECT e.giver_id, e.receiver_id, {_CATEGORY}, ({INDEPENDENCE}) IS NOT DISTINCT FROM 'independent', e.people,
    sum(e.minutes)::bigint
    {_WHERE} GROUP BY 1, 2, 3, 4, 5 ORDER BY 1, 2, 3, 4, 5
"""
_OF_DAYS: Final = f"""
    SELECT e.giver_id, e.receiver_id, e.business_on, sum(e.minutes)::bigint
    {_WHERE} GROUP BY 1, 2, 3 ORDER BY 1, 2, 3
"""
_BEHIND: Final = f"""
    SELECT e.giver_id, e.receiver_id, e.minutes, e.events
    {_WHERE} AND (e.giver_id = ANY (%(sides)s::uuid[]) OR e.receiver_id = ANY (%(sides)s::uuid[]))
    ORDER BY e.position, e.part LIMIT %(most)s
"""
