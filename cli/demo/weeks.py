"""Ordinary life, week by week: who supports whom in each cluster and across the network."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from random import Random
from typing import Final

from cli.demo.deals import Deal, Route, strike
from cli.demo.stage import WEEKS, Cluster, Organisation, Stage
from cli.demo.visits import Given, Habits, engage, visit_all
from cli.demo.words import TOPICS

ROUTES: Final[tuple[Route, ...]] = ("asked-of-one", "offered-to-one", "asked-of-all", "offered-to-all")
ROUTE_WEIGHTS: Final = (34, 22, 28, 16)
SIZES: Final = (("hour", 2), ("twilight", 1), ("session", 1), ("half_day", 1), ("day", 1), ("lesson", 3))
BASES: Final = (("exchange", 86), ("gift", 9), ("paid", 3), ("funded", 2))
PROGRAMME: Final = "Northern Marches Improvement Fund"
STAY_AT_HOME: Final = frozenset({"beechcroft", "stanmoor", "millgate"})  # their balance is a story of one cluster
NEAT: Final = Habits(silent=0.0, ended=1.0)
LONGEST: Final = 190  # days that an engagement may take with the holidays in it: nobody who leaves sooner begins one


@dataclass(frozen=True, slots=True, kw_only=True)
class Pattern:
    """Who gives in a cluster: `ring` schools each to the next, `giver` to all, `taker` from all, in these shares."""

    pace: int = 32
    ring: tuple[str, ...] = ()
    giver: str = ""
    taker: str = ""
    share: float = 0.0
    habits: Habits = field(default_factory=Habits)
    last_week: int = WEEKS


PATTERNS: Final = {
    "harbour": Pattern(pace=40, ring=("oakwood", "elm-park", "st-annes"), share=0.45),
    "riverside": Pattern(giver="beechcroft", share=0.72),
    "hilltop": Pattern(pace=28, giver="stanmoor", share=1.0),
    "old-town": Pattern(pace=26),
    "moorland": Pattern(pace=42, habits=Habits(missed=0.03, silent=0.01, outcomes=0.92)),
    "three-valleys": Pattern(pace=40),
    "canal": Pattern(pace=34),
    "coast-road": Pattern(pace=22, habits=Habits(missed=0.15, silent=0.12, ended=0.7, outcomes=0.4), last_week=66),
    "quayside": Pattern(pace=38, taker="millgate", share=0.45),
    "fenside": Pattern(pace=18, habits=Habits(missed=0.1, silent=0.1, ended=0.8, outcomes=0.5), last_week=44),
}


def live(stage: Stage) -> None:
    """All ordinary engagements of all clusters, and those across the network."""
    for key, cluster in stage.clusters.items():
        pattern = PATTERNS.get(key, Pattern())
        rng = stage.rng(f"weeks {key}")
        for opened_on in days(stage, pattern, rng):
            deal = next_deal(stage, cluster, pattern, opened_on, rng)
            if deal is not None:
                carry_out(stage, deal, pattern.habits, rng)
    across(stage)


def days(stage: Stage, pattern: Pattern, rng: Random) -> Iterator[date]:
    """Days on which somebody thinks of support, in order; the last twelve weeks are as busy as any."""
    weeks = sorted(rng.randrange(7, pattern.last_week) for _ in range(pattern.pace))
    return (stage.week(week) + timedelta(days=rng.randrange(5)) for week in weeks)


def next_deal(stage: Stage, cluster: Cluster, pattern: Pattern, opened_on: date, rng: Random) -> Deal | None:
    pair = next_pair(cluster, pattern, opened_on, rng)
    if pair is None:
        return None
    giver, receiver = pair
    category = rng.choice(cluster.plan.focus) if rng.random() < 0.75 else rng.choice(sorted(TOPICS))
    aim = category.replace("_", "-") if category in cluster.plan.focus[:3] and rng.random() < 0.9 else None
    deal = draw(cluster, giver, receiver, category, opened_on, rng, aim)
    thirds = [one for one in cluster.active(opened_on, for_days=LONGEST) if one not in pair]
    return deal if not thirds or rng.random() < 0.6 else with_third(deal, rng.choice(thirds))


def with_third(deal: Deal, third: Organisation) -> Deal:
    return replace(deal, third=third) if deal.route.endswith("all") else deal


def next_pair(cluster: Cluster, pattern: Pattern, day: date, rng: Random) -> tuple[Organisation, Organisation] | None:
    """Giver and receiver. Where no pattern says more, who has got most gives next, and who has given most gets."""
    present = {one.key: one for one in cluster.active(day, for_days=LONGEST)}
    if len(present) < 2:
        return None
    if pattern.ring and rng.random() < pattern.share:
        at = min(range(len(pattern.ring)), key=lambda at: cluster.net[pattern.ring[at]])
        pair = pattern.ring[at], pattern.ring[(at + 1) % len(pattern.ring)]
        return (present[pair[0]], present[pair[1]]) if set(pair) <= set(present) else None
    if pattern.giver in present and rng.random() < pattern.share:
        return present[pattern.giver], rng.choice([one for key, one in present.items() if key != pattern.giver])
    if pattern.taker in present and rng.random() < pattern.share:
        return rng.choice([one for key, one in present.items() if key != pattern.taker]), present[pattern.taker]
    apart = {*pattern.ring, pattern.giver, pattern.taker}
    return balanced(cluster, [one for one in present.values() if one.key not in apart], rng)


def balanced(cluster: Cluster, present: list[Organisation], rng: Random) -> tuple[Organisation, Organisation]:
    """Of a few who have time, the one that has got most gives to the one that has given most."""
    few = rng.sample(present, max(2, len(present) // 2 + 1)) if len(present) > 2 else present
    order = sorted(few, key=lambda one: (cluster.net[one.key] + rng.randrange(-300, 300), one.key))
    return order[0], order[-1]


def draw(
    cluster: Cluster | None,
    giver: Organisation,
    receiver: Organisation,
    category: str,
    opened_on: date,
    rng: Random,
    aim: str | None = None,
) -> Deal:
    unit, quantity = rng.choice(SIZES)
    basis = rng.choices([name for name, _ in BASES], [weight for _, weight in BASES])[0]
    route = rng.choices(ROUTES, ROUTE_WEIGHTS)[0]
    paid_by = {"paid": receiver.name, "funded": PROGRAMME}.get(basis)
    if paid_by is not None:
        route = "offered-to-one" if cluster else "offered-to-all"
    return Deal(
        giver=giver,
        receiver=receiver,
        cluster=cluster,
        category=category,
        quantity=quantity,
        unit=unit,
        visits=rng.choice((1, 2, 2, 3, 3, 4, 6)),
        route=route,
        opened_on=opened_on,
        basis=basis,
        paid_by=paid_by,
        pence_per_day=35_000 if paid_by else None,
        confidential=True if category == "safeguarding" and route.startswith("asked") else None,
        aim_id=aim,
    )


def carry_out(stage: Stage, deal: Deal, habits: Habits, rng: Random) -> Given | None:
    """Nearly all agreements are kept; a few are cancelled, and some change on the way."""
    chance = rng.random()
    if deal.cluster is not None and not deal.cluster.until.keys().isdisjoint({deal.giver.key, deal.receiver.key}):
        return engage(stage, deal, NEAT, rng)  # who leaves has ended what it agreed
    if chance < 0.03:
        cancel(stage, deal, rng)
    elif chance < 0.07 and deal.visits > 1:
        vary(stage, deal, habits, rng)
    else:
        return engage(stage, deal, habits, rng)
    return None


def cancel(stage: Stage, deal: Deal, rng: Random) -> None:
    support, agreed_on = strike(stage, deal)
    who = rng.choice((deal.giver, deal.receiver))
    reason = "A colleague is away for longer than we thought; we will ask again"
    stage.note(stage.desk(who, agreed_on + timedelta(days=10)), who.voice, "support.cancelled", support, reason=reason)


def vary(stage: Stage, deal: Deal, habits: Habits, rng: Random) -> None:
    """The receiver asks for a later end, the giver agrees."""
    support, agreed_on = strike(stage, deal)
    asked_on = stage.desk(deal.receiver, agreed_on)
    ends_on = agreed_on + timedelta(days=60 + 21 * deal.visits)
    stage.note(
        asked_on, deal.receiver.voice, "support.variation_proposed", support,
        variation_id="v1", ends_on=ends_on, reason="Our inspection week fell into the dates we agreed",
    )  # fmt: skip
    stage.note(
        stage.desk(deal.giver, asked_on), deal.giver.voice, "support.variation_agreed", support, variation_id="v1"
    )
    visit_all(stage, deal, support, agreed_on, habits, rng)


def across(stage: Stage) -> None:
    """Support between clusters: what a school needs may be far away."""
    rng = stage.rng("across")
    schools = [
        one
        for cluster in stage.clusters.values()
        for one in cluster.schools
        if one.key not in cluster.until and one.key not in STAY_AT_HOME
    ]
    for week in sorted(rng.randrange(8, WEEKS) for _ in range(36)):
        giver, receiver = rng.sample(schools, 2)
        deal = draw(None, giver, receiver, rng.choice(sorted(TOPICS)), stage.week(week), rng)
        carry_out(stage, deal, Habits(on_behalf=0), rng)
