"""What of one organisation's own giving and getting comes back: from the same partner, or round through others. Pure.

The shares of a whole network (see `projections.reciprocity.flow`) say nothing of one member. Of one member's turnover,
the two-way part is what each partner gave back; the part that comes round is the most that can flow from it over what
is left of the pairs back to it. Both are unique; the arcs it flows over are not, and are never given out.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from projections.reciprocity.settled import Given, netted
from projections.shares import share


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnWays:
    """Minutes of one organisation's turnover: in all, returned by the same partner, come round through others."""

    turnover: int
    returned: int
    round: int

    @property
    def f(self) -> Fraction | None:
        """Its own D + C; None where nothing passed."""
        return share(self.returned + self.round, self.turnover)


def own_ways(organisation_id: str, given: Given) -> OwnWays:
    """What became of the minutes that one organisation gave and got, in a network in which others give as well."""
    own = {pair: minutes for pair, minutes in given.items() if organisation_id in pair}
    left = netted(given)
    kept = sum(minutes for pair, minutes in left.items() if organisation_id in pair)
    turnover = sum(own.values())
    return OwnWays(
        turnover=turnover, returned=turnover - kept, round=2 * most_round(organisation_id, left)
    )  # what comes round was given by it once, and got by it once


def most_round(organisation_id: str, left: Given) -> int:
    """The most that leaves an organisation and comes back to it over these arcs, none above its amount."""
    gives = {pair for pair in left if pair[0] == organisation_id}
    gets = {pair for pair in left if pair[1] == organisation_id}
    if not gives or not gets:
        return 0
    from ortools.graph.python.max_flow import SimpleMaxFlow  # read only where a flow is solved

    ends = {one for pair in left for one in pair} - {organisation_id}
    number = {one: index for index, one in enumerate(sorted(ends), start=2)}
    solver = SimpleMaxFlow()
    for (giver, receiver), minutes in left.items():
        solver.add_arc_with_capacity(number.get(giver, 0), number.get(receiver, 1), minutes)
    status = solver.solve(0, 1)
    if status != solver.OPTIMAL:
        raise ValueError(f"the solver does not take these amounts ({status.name})")
    return int(solver.optimal_flow())
