"""How the figures of a network come about, step by step, in the words of the pages."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from fractions import Fraction
from typing import Final

from projections.reciprocity.felt import Felt
from projections.reciprocity.measured import Measured
from projections.reciprocity.measures import RULE_VERSION
from projections.reciprocity.passed import Behind
from projections.reciprocity.settled import netted
from projections.wording import amount, percent, several
from projections.working import Step, Working

MOST_STEPS: Final = 20
"""Schools, pairs or rings told one by one; the others in one further step."""

TITLES: Final = {
    "two_way": "what of it went both ways",
    "comes_round": "what of it came round through others",
    "one_way": "what of it went one way",
    "felt": "how far it is still felt",
    "effective_givers": "on how many schools the giving rests",
}
"""The figures as people read them."""

Pair = tuple[str, str]


class Explaining:
    """The workings of a network's figures. `names` by id; `behind` are deliveries of those who are told one by one."""

    def __init__(self, found: Measured, felt: Felt, names: Mapping[str, str], behind: Iterable[Behind]) -> None:
        self._found, self._felt, self._names = found, felt, names
        self._events: dict[Pair, list[str]] = {}
        for row in behind:
            self._events.setdefault((row.giver_id, row.receiver_id), []).extend(row.events)

    def workings(self) -> list[Working]:
        """Of the five main figures."""
        steps = {
            "two_way": self._two_way(),
            "comes_round": self._comes_round(),
            "one_way": self._one_way(),
            "felt": self._felt_steps(),
            "effective_givers": self._concentration(),
        }
        return [
            Working(figure=one, about=TITLES[one], rule_version=RULE_VERSION, steps=tuple(each))
            for one, each in steps.items()
        ]

    def _two_way(self) -> Iterator[Step]:
        pairs = pairs_of(self._found)
        for one, other in pairs[:MOST_STEPS]:
            yield self._pair(one, other)
        if len(pairs) > MOST_STEPS:
            left = pairs[MOST_STEPS:]
            both, whole = sum(map(self._both_ways, left)), sum(map(self._turnover, left))
            says = f"{several(len(left), 'further pair')}: {amount(both)} of {amount(whole)} went both ways."
            yield Step(says=says, comes_to=amount(both))
        found = self._found.ways
        says = f"In all, {amount(found.minutes - found.netted)} of {amount(found.minutes)} went both ways."
        yield Step(says=says, comes_to=told(found.two_way))

    def _pair(self, one: str, other: str) -> Step:
        given, back = self._given(one, other), self._given(other, one)
        both, whole = 2 * min(given, back), given + back
        says = f"{self._name(one)} gave {self._name(other)} {amount(given)} and got nothing back."
        if back:
            says = (
                f"{self._name(one)} gave {self._name(other)} {amount(given)} and got {amount(back)} back;"
                f" {amount(both)} of the {amount(whole)} went both ways."
            )
        return Step(says=says, comes_to=amount(both), event_ids=self._facts((one, other), (other, one)))

    def _comes_round(self) -> Iterator[Step]:
        found, rings = self._found.ways, self._found.rings
        yield Step(says=f"When each pair is settled, {amount(found.netted)} are left.", comes_to=amount(found.netted))
        for ring in rings.found[:MOST_STEPS]:
            arcs = list(zip(ring, (*ring[1:], ring[0]), strict=True))
            way = " → ".join(self._name(one) for one in (*ring, ring[0]))
            says = f"{way}: each gave the next more than it got back from it."
            yield Step(says=says, event_ids=self._facts(*(pair for a, b in arcs for pair in ((a, b), (b, a)))))
        if not rings.complete or len(rings.found) > MOST_STEPS:
            yield Step(says="There are further rings, which are not told here.")
        says = f"{amount(found.netted - found.moved)} of {amount(found.minutes)} came back through others."
        if not rings.found:
            says = f"Nothing comes round through others: no ring of three or more. {says}"
        yield Step(says=says, comes_to=told(found.comes_round))

    def _one_way(self) -> Iterator[Step]:
        nets = nets_of(self._found)
        for net, one in self._by_name(nets[:MOST_STEPS]):
            more = f"gave {amount(net)} more than it got" if net > 0 else f"got {amount(-net)} more than it gave"
            pairs = (pair for pair in self._events if one in pair)
            yield Step(says=f"{self._name(one)} {more}.", comes_to=amount(net), event_ids=self._facts(*pairs))
        if len(nets) > MOST_STEPS:
            others = several(len(nets) - MOST_STEPS, "further school")
            yield Step(says=f"{others} gave more than they got, or got more than they gave.")
        if not nets:
            yield Step(says="Everybody got as much as they gave.")
        found = self._found.ways
        says = (
            f"On the way from those who gave more to those who got more, {amount(found.moved)}"
            f" of {amount(found.minutes)} went one way; no way round takes less."
        )
        yield Step(says=says, comes_to=told(found.one_way))

    def _felt_steps(self) -> Iterator[Step]:
        minutes, half_life = self._felt.minutes, several(int(self._felt.half_life_days), "day")
        pairs = sorted(minutes, key=lambda pair: (-minutes[pair], pair))
        for giver, receiver in pairs[:MOST_STEPS]:
            says = (
                f"What {self._name(giver)} gave {self._name(receiver)}, {amount(self._given(giver, receiver))},"
                f" is felt as {amount(minutes[giver, receiver])}: it weighs half after each {half_life}."
            )
            yield Step(says=says, comes_to=amount(minutes[giver, receiver]), event_ids=self._facts((giver, receiver)))
        if len(pairs) > MOST_STEPS:
            rest = sum(minutes[pair] for pair in pairs[MOST_STEPS:])
            yield Step(says=f"{several(len(pairs) - MOST_STEPS, 'further line')} of this kind.", comes_to=amount(rest))
        total = amount(sum(minutes.values()))
        yield Step(says=f"In all, {amount(self._found.ways.minutes)} are felt as {total}.", comes_to=total)

    def _concentration(self) -> Iterator[Step]:
        found, whole = self._found.concentration, self._found.ways.minutes
        gave = givers_of(self._found)
        for _, one in self._by_name([(0, one) for one in gave[:MOST_STEPS]]):
            minutes = self._found.sides[one].given
            facts = self._facts(*(pair for pair in self._events if pair[0] == one))
            says = f"{self._name(one)} gave {amount(minutes)} of {amount(whole)}."
            yield Step(says=says, comes_to=told(Fraction(minutes, whole)), event_ids=facts)
        if len(gave) > MOST_STEPS:
            rest = sum(self._found.sides[one].given for one in gave[MOST_STEPS:])
            says = f"{several(len(gave) - MOST_STEPS, 'further school')} gave {amount(rest)}."
            yield Step(says=says, comes_to=told(Fraction(rest, whole)))
        effective = found.effective_givers
        if effective is None:
            yield Step(says="Nobody gave anything yet that counts.", comes_to=told(None))
            return
        says = "The larger the largest shares, the fewer it rests on: 1 ÷ the sum of the squared shares."
        yield Step(says=says, comes_to=alike(effective))

    def _by_name(self, schools: Iterable[tuple[int, str]]) -> list[tuple[int, str]]:
        """Schools are never ranked: by name, whatever the figure beside each."""
        return sorted(schools, key=lambda each: (self._name(each[1]).casefold(), each[1]))

    def _name(self, one: str) -> str:
        return self._names.get(one, one)

    def _given(self, giver: str, receiver: str) -> int:
        return self._found.given.get((giver, receiver), 0)

    def _both_ways(self, pair: Pair) -> int:
        return 2 * min(self._given(*pair), self._given(*pair[::-1]))

    def _turnover(self, pair: Pair) -> int:
        return self._given(*pair) + self._given(*pair[::-1])

    def _facts(self, *pairs: Pair) -> Sequence[str]:
        return [event for pair in pairs for event in self._events.get(pair, ())]


def told(figure: Fraction | None) -> str:
    """A share as workings end in it: `19 %`; the exact fraction is the answer's figure."""
    return "not to be told: nothing is confirmed" if figure is None else percent(figure)


def alike(effective: Fraction) -> str:
    """Effective givers in words: `as if 5 schools gave alike`, to the nearest whole school."""
    about = "" if effective.denominator == 1 else "about "
    return f"as if {about}{several(round(effective), 'school')} gave alike"


def told_one_by_one(found: Measured) -> set[str]:
    """Everybody whose facts a working names."""
    pairs = (one for pair in pairs_of(found)[:MOST_STEPS] for one in pair)
    rings = (one for ring in found.rings.found[:MOST_STEPS] for one in ring)
    nets = (one for _, one in nets_of(found)[:MOST_STEPS])
    return {*pairs, *rings, *nets, *givers_of(found)[:MOST_STEPS]}


def pairs_of(found: Measured) -> list[Pair]:
    """Every pair with (who gave more, who gave less), those between whom most passed first."""
    given, left = found.given, netted(found.given)
    pairs = [*left, *(pair for pair in given if pair not in left and pair[::-1] not in left and pair[0] < pair[1])]
    return sorted(pairs, key=lambda pair: (-given.get(pair, 0) - given.get(pair[::-1], 0), pair))


def nets_of(found: Measured) -> list[tuple[int, str]]:
    """Net positions that are not 0, the widest first: these are told one by one."""
    nets = [(both.given - both.received, one) for one, both in found.sides.items()]
    return sorted((each for each in nets if each[0]), key=lambda each: (-abs(each[0]), each[1]))


def givers_of(found: Measured) -> list[str]:
    """Who gave, those who gave most first."""
    gave = [one for one, both in found.sides.items() if both.given]
    return sorted(gave, key=lambda one: (-found.sides[one].given, one))
