"""On how few people the giving rests. People stand under their ids in the facts, and in no answer.

Who gave a delivery together share it evenly; minutes of deliveries that name nobody are in the whole all the same.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from fractions import Fraction
from typing import Any, NamedTuple

from projections.reciprocity.concentration import Concentration
from projections.reciprocity.flow import Ways, ways
from projections.reciprocity.measured import THREE_WAYS, ways_to_json


class ByPeople(NamedTuple):
    """The minutes that these people gave together, from one organisation to another."""

    giver_id: str
    receiver_id: str
    people: Sequence[str]
    minutes: int


def giving_of_people(rows: Sequence[ByPeople]) -> Concentration:
    """The concentration of giving over everybody who is named."""
    found: defaultdict[str, Fraction] = defaultdict(Fraction)
    for row in rows:
        for person in row.people:
            found[person] += Fraction(row.minutes, len(row.people))
    return Concentration(by_giver=found, total=sum(row.minutes for row in rows))


def ways_without(rows: Sequence[ByPeople], person: str) -> Ways:
    """What became of the minutes of the deliveries in which somebody took no part. Raises TooMuch."""
    left: Counter[tuple[str, str]] = Counter()
    for row in rows:
        if row.minutes and person not in row.people:
            left[row.giver_id, row.receiver_id] += row.minutes
    return ways(left)


def people_to_json(rows: Sequence[ByPeople]) -> dict[str, Any]:
    """The figures, and the loss test: without the person who gave most (the smallest id among equals)."""
    found = giving_of_people(rows)
    named = sum(row.minutes for row in rows if row.people)
    return {
        "people": len(found.by_giver),
        "named_minutes": named,
        "unnamed_minutes": int(found.total) - named,
        **found.to_json(),
        "without_largest": None if found.largest is None else _without(rows, found.largest),
    }


def _without(rows: Sequence[ByPeople], person: str) -> dict[str, Any]:
    left = ways_without(rows, person)
    why = {"why": dict.fromkeys(THREE_WAYS, "nothing_left")} if left.minutes == 0 else {}
    return ways_to_json(left) | why
