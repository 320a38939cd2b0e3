"""Two-way, comes-round and one-way of a whole country's schools, against networkx' network simplex."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from random import Random

import networkx

from bench.rows import Row
from ledger.eventstore.embedded import Embedded
from projections.reciprocity.flow import net_positions, ways
from projections.reciprocity.settled import Given, netted
from projections.reciprocity.table_file import UNIT

SCHOOLS = 38_000
PAIRS = 94_000
SEED = 7
ROUNDS = 3
MOST_SECONDS = 3.0


def measure(server: Embedded, folder: Path) -> Iterator[Row]:
    """Whole networks a minute (theirs: the flow alone, once), and the command with everything else it works out."""
    given = country(SCHOOLS, PAIRS, SEED)
    ours, moved = min(timed(given) for _ in range(ROUNDS))
    theirs, cost = simplex(given)
    if cost != moved:
        raise ValueError(f"two solvers do not agree: {moved} and {cost}")
    size = f"{SCHOOLS:,} organisations, {PAIRS:,} pairs"
    yield Row(
        name=f"two-way, comes-round, one-way of {size}, against networkx network_simplex",
        ours=60 / ours, other=60 / theirs, unit="networks/min", target=10.0,
    )  # fmt: skip
    yield Row(
        name=f"pledger measure reciprocity, {size}, against {MOST_SECONDS:g} s",
        ours=command(given, folder), other=MOST_SECONDS, unit="s", target=1.0, at_most=True,
    )  # fmt: skip


def country(schools: int, pairs: int, seed: int) -> Given:
    """Nine in ten give within their cluster of 25, the others often to a few who are known everywhere; two in five get
    something back. Amounts, in millionths of a minute, have a heavy tail."""
    random = Random(seed)

    def receiver_of(giver: int) -> int:
        if random.random() < 0.9:
            return giver - giver % 25 + random.randrange(25)
        return int(random.paretovariate(0.6)) - 1

    def amount() -> int:
        return 1 + int(random.paretovariate(1.1) * 30 * UNIT) % (100_000 * UNIT)

    given: dict[tuple[str, str], int] = {}
    while len(given) < pairs:
        giver = random.randrange(schools)
        receiver = receiver_of(giver)
        if giver == receiver or receiver >= schools:
            continue
        given[f"school-{giver}", f"school-{receiver}"] = amount()
        if random.random() < 0.4:
            given[f"school-{receiver}", f"school-{giver}"] = amount()
    return given


def timed(given: Given) -> tuple[float, int]:
    """Seconds for all three shares, and F*."""
    started = time.perf_counter()
    found = ways(given)
    return time.perf_counter() - started, found.moved


def simplex(given: Given) -> tuple[float, int]:
    """Seconds for F* by the other's solver on a graph that is made already, and F*."""
    left = netted(given)
    graph = networkx.DiGraph()
    graph.add_nodes_from((one, {"demand": -net}) for one, net in net_positions(left).items())
    graph.add_edges_from((a, b, {"capacity": minutes, "weight": 1}) for (a, b), minutes in left.items())
    started = time.perf_counter()
    cost, _ = networkx.network_simplex(graph)
    return time.perf_counter() - started, int(cost)


def command(given: Given, folder: Path) -> float:
    """Seconds of the whole command on a file with decimals, its start included; the best of a few."""
    file = folder / "given.csv"
    rows = (f"{a},{b},{units // UNIT}.{units % UNIT:06}\n" for (a, b), units in given.items())
    file.write_text("from,to,minutes\n" + "".join(rows))
    found = []
    for _ in range(ROUNDS):
        started = time.perf_counter()
        words = [sys.executable, "-m", "cli.main", "measure", "reciprocity", str(file), "--json"]
        subprocess.run(words, check=True, stdout=subprocess.DEVNULL, cwd=Path(__file__).parents[1])
        found.append(time.perf_counter() - started)
    return min(found)
