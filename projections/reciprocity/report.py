"""The answers about reciprocity, as JSON."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from projections.answers import ScopeAnswer
from projections.question import Header
from projections.reciprocity.felt import Felt
from projections.reciprocity.flow import Ways
from projections.reciprocity.measured import MOST_LISTED, Measured, ways_to_json
from projections.reciprocity.persons import ByPeople, people_to_json
from projections.shares import to_json
from projections.working import Working, workings_to_json


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """Everything about one set of entries. `independent` is the same on independent minutes, where that differs."""

    whole: Measured
    independent: Measured | None
    people: Sequence[ByPeople]
    categories: Mapping[str, Ways]
    felt: Felt
    pupils: Mapping[str, int]
    workings: Sequence[Working] | None = None

    def figures(self) -> dict[str, Any]:
        independent = None if self.independent is None else listed(self.independent)
        return {
            **listed(self.whole, self._more_of_organisations(), self.felt.minutes),
            "by_person": people_to_json(self.people),
            "categories": [{"category": one} | ways_to_json(found) for one, found in self.categories.items()],
            "felt": {"half_life_days": self.felt.half_life_days, "minutes": sum(self.felt.minutes.values())},
            **({"independent": independent} if independent is not None else {}),
            **({} if self.workings is None else {"working": workings_to_json(self.workings)}),
        }

    @property
    def unknown(self) -> list[str]:
        """`pupils` where somebody's number of pupils is not known."""
        return [] if self.pupils.keys() >= self.whole.sides.keys() else ["pupils"]

    def ids(self) -> set[str]:
        """Every organisation that the answer names."""
        rings = (one for ring in self.whole.rings.found for one in ring)
        largest = [one for one in (self.whole.concentration.largest,) if one is not None]
        pairs = (one for pair in [*sorted(self.whole.given)][:MOST_LISTED] for one in pair)
        return {*list(self.whole.sides)[:MOST_LISTED], *rings, *largest, *pairs}

    def _more_of_organisations(self) -> dict[str, dict[str, Any]]:
        """By organisation, what is felt, and per 100 pupils where their number is known."""
        sides = self.felt.sides()
        found = {}
        for one, both in self.whole.sides.items():
            given, received = sides.get(one, (0, 0))
            felt = {
                "felt_given_minutes": given,
                "felt_received_minutes": received,
                "felt_net_minutes": given - received,
            }
            found[one] = felt | per_100_pupils(both.given, both.received, self.pupils.get(one))
        return found


def per_100_pupils(given: int, received: int, pupils: int | None) -> dict[str, Any]:
    """Minutes given and received for each 100 pupils, and their number; nothing where it is not known."""
    if pupils is None:
        return {}
    return {
        "pupils": pupils,
        "given_minutes_per_100_pupils": to_json(Fraction(100 * given, pupils)),
        "received_minutes_per_100_pupils": to_json(Fraction(100 * received, pupils)),
    }


def listed(
    found: Measured,
    organisations: Mapping[str, dict[str, Any]] | None = None,
    felt: Mapping[tuple[str, str], int] | None = None,
) -> dict[str, Any]:
    """The figures with organisations and pairs in order of id, and how many of each are left out."""
    lines = [one | (organisations or {}).get(one["organisation_id"], {}) for one in found.organisations(MOST_LISTED)]
    pairs = found.pairs(MOST_LISTED)
    if felt is not None:
        pairs = [one | {"felt_minutes": felt.get((one["giver_id"], one["receiver_id"]), 0)} for one in pairs]
    return found.figures() | {
        "organisations": lines,
        "pairs": pairs,
        "left_out": {"organisations": len(found.sides) - len(lines), "pairs": len(found.given) - len(pairs)},
    }


@dataclass(frozen=True, slots=True, kw_only=True)
class ReciprocityAnswer:
    """Whether giving goes both ways in a partnership or a network."""

    header: Header
    report: Report
    names: Mapping[str, str]

    def to_json(self) -> dict[str, Any]:
        return self.header.to_json(self.names, unknown=self.report.unknown, **self.report.figures())


@dataclass(frozen=True, slots=True, kw_only=True)
class OverviewAnswer:
    """A trust: its balances and what crosses its edge, its reciprocity, and the partnerships its members are in."""

    balances: ScopeAnswer
    report: Report
    partnerships: Sequence[str]
    names: Mapping[str, str]

    def to_json(self) -> dict[str, Any]:
        figures, told = self.report.figures(), self.balances.to_json()
        working = {"working": figures.pop("working")} if "working" in figures else {}
        told["names"] = dict(sorted((told["names"] | dict(self.names)).items()))
        told["unknown"] = self.report.unknown
        return told | {"reciprocity": figures, "partnerships": self._partnerships()} | working

    def _partnerships(self) -> list[dict[str, Any]]:
        found: Iterable[tuple[str, str]] = ((self.names.get(one, one), one) for one in self.partnerships)
        return [{"partnership_id": one, "name": name} for name, one in sorted(found)]
