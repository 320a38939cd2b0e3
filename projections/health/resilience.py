"""Resilience: whether the partnership rests on one school or one person."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from fractions import Fraction
from typing import NamedTuple

from projections.evidence.deliveries import Counted
from projections.health.dimension import TOO_EARLY, Dimension
from projections.health.look import Look
from projections.health.reciprocity import NOTHING


class Largest(NamedTuple):
    """The largest share of all minutes, out of `of` shares."""

    share: Fraction
    of: int

    @property
    def excess(self) -> Fraction:
        """How far it stands above an even share, from 0 to 1: (share − 1/n) / (1 − 1/n).

        With only one there is no even share to stand above: all that rests on it is excess.
        """
        if self.of == 1:
            return self.share
        even = Fraction(1, self.of)
        return max(Fraction(0), (self.share - even) / (1 - even))


def resilience(look: Look) -> Dimension:
    """1 less the larger of two excesses: of the partner that gave most, and of the person who did.

    Partners are those of the day and whoever gave or got in the last 365 days.
    """
    facts = look.facts_of_exchanged
    if look.is_in_grace:
        return Dimension(name="resilience", f=None, why=TOO_EARLY, facts=facts)
    total = sum(look.given.values())
    if total == 0:
        return Dimension(name="resilience", f=None, why=NOTHING)
    partners = look.partners_on(look.day).union(*look.given)
    of_partners = largest(by_giver(look.given), len(partners), total)
    by_person = minutes_by_person(look.exchanged)
    of_people = largest(by_person, len(by_person), total) if by_person else None
    excesses = [of_partners.excess] + ([] if of_people is None else [of_people.excess])
    counted = {
        "minutes": total, "partners": of_partners.of, "largest_partner_share": of_partners.share,
        "people": len(by_person), "largest_person_share": None if of_people is None else of_people.share,
        "named_minutes": sum(one.minutes for one in look.exchanged if one.delivery.people),
    }  # fmt: skip
    return Dimension(name="resilience", f=1 - max(excesses), counted=counted, facts=facts)


def by_giver(given: Mapping[tuple[str, str], int]) -> Mapping[str, int]:
    found: dict[str, int] = {}
    for (giver_id, _), minutes in given.items():
        found[giver_id] = found.get(giver_id, 0) + minutes
    return found


def minutes_by_person(counted: Iterable[Counted]) -> Mapping[str, Fraction]:
    """The minutes of the people named in deliveries; several share the time of one evenly."""
    found: dict[str, dict[int, int]] = {}
    for delivery, minutes, _, _ in counted:
        for person in delivery.people:
            among = found.setdefault(person, {})
            among[len(delivery.people)] = among.get(len(delivery.people), 0) + minutes
    return {
        person: sum((Fraction(minutes, several) for several, minutes in among.items()), Fraction(0))
        for person, among in found.items()
    }


def largest(minutes: Mapping[str, int] | Mapping[str, Fraction], of: int, total: int) -> Largest:
    """The largest share of the total, which holds the minutes that name nobody."""
    return Largest(Fraction(max(minutes.values())) / total, of)
