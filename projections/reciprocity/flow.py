"""Two-way, comes-round and one-way: which part of what was given came back, to whom, and which never did.

Each pair is netted first; what is left of the net positions is carried over the netted arcs at least cost. The cost is
unique, the flow that reaches it is not: amounts of single arcs are never given out.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from math import gcd
from typing import Final

from ledger.errors import Refusal
from projections.reciprocity.settled import Given, Settled, settled
from projections.shares import share

MOST_UNITS: Final = 2**62
"""Of all amounts together: the solver's numbers have 64 bits."""


class TooMuch(Refusal):
    """The amounts, in the smallest unit that tells them apart, are too large for the solver."""

    code = "amounts-too-large"
    title = "The amounts are too large to be worked out exactly"


@dataclass(frozen=True, slots=True, kw_only=True)
class Ways:
    """Minutes by what became of them. `moved` is F*, `netted` what is left of all pairs, `open` Σ of positive nets."""

    minutes: int
    netted: int
    moved: int
    open: int

    @property
    def two_way(self) -> Fraction | None:
        """D = 2 · Σ over pairs of the smaller of both ways / W; None where nothing was given, as all of these."""
        return share(self.minutes - self.netted, self.minutes)

    @property
    def comes_round(self) -> Fraction | None:
        """C = (netted − F*) / W: what closes rings of three and more."""
        return share(self.netted - self.moved, self.minutes)

    @property
    def one_way(self) -> Fraction | None:
        """U = F* / W."""
        return share(self.moved, self.minutes)

    @property
    def cleared(self) -> Fraction | None:
        """D + C: what clearing takes away when everybody keeps dealing with those they deal with."""
        return share(self.minutes - self.moved, self.minutes)

    @property
    def cleared_centrally(self) -> Fraction | None:
        """1 − Σ positive nets / W: what clearing takes away when everything goes through one centre."""
        return share(self.minutes - self.open, self.minutes)


def ways(given: Given, pairs: Settled | None = None) -> Ways:
    """What became of the minutes given; `pairs` spares settling them once more. Raises TooMuch."""
    left, core = pairs or settled(given)
    whole = sum(left.values())
    return Ways(
        minutes=sum(given.values()),
        netted=whole,
        moved=whole - sum(core.values()) + least_flow(core),
        open=sum(net for net in net_positions(left).values() if net > 0),
    )


def net_positions(given: Given) -> dict[str, int]:
    """Given less received of everybody who gave or got."""
    nets: dict[str, int] = {}
    for (giver, receiver), minutes in given.items():
        nets[giver] = nets.get(giver, 0) + minutes
        nets[receiver] = nets.get(receiver, 0) - minutes
    return nets


def least_flow(left: Given) -> int:
    """The least Σ of minutes over the netted arcs, none above its amount, that leaves everybody with their net.

    Exact: a minimum-cost flow in whole numbers, each arc at unit cost. What it takes off closes rings, so that arcs
    outside the core, on which no ring goes, keep all they have. Raises TooMuch.
    """
    from ortools.graph.python.min_cost_flow import SimpleMinCostFlow  # read only where a flow is solved

    nets = net_positions(left)
    if not any(nets.values()):
        return 0
    unit = gcd(*left.values())
    if sum(left.values()) // unit > MOST_UNITS:
        raise TooMuch()
    number = {one: index for index, one in enumerate(nets)}
    solver = SimpleMinCostFlow()
    for (giver, receiver), minutes in left.items():
        solver.add_arc_with_capacity_and_unit_cost(number[giver], number[receiver], minutes // unit, 1)
    for one, net in nets.items():
        solver.set_node_supply(number[one], net // unit)
    status = solver.solve()
    if status != solver.OPTIMAL:
        raise TooMuch(f"the solver does not take amounts as large as these: {status.name}")
    return int(solver.optimal_cost()) * unit
