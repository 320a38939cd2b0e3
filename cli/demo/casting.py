"""Who stands on the stage: every organisation with its voices and people, and the clusters they form."""

from __future__ import annotations

from datetime import date, timedelta
from random import Random
from typing import Final

from cli.demo.names import AUTHORITIES, CLUSTERS, HUBS, TRUSTS, ClusterPlan
from cli.demo.stage import Cluster, Organisation, Stage

PHASES: Final = {"High": "secondary", "Special": "special", "Junior": "junior", "Infant": "infant"}
ROLES: Final = ("head", "governor", "specialist", "senior_leader")
EXTRA: Final = ("foundry-academy", "Foundry Lane Academy", "992")
DIOCESE: Final = "Diocese of Calderwick"
NETWORK: Final = "Pennant Learning Network"
TWO_VOICES: Final = frozenset({"fairmead", "northfield", "ashfield"})
LEAVERS: Final = {("canal", "lockside"): 175, ("canal", "wharf-road"): 250, ("foundry", "foundry-lane"): 215}
CLOSES_BACK: Final = 140
SHIFTS: Final = {one.code: one.shift_days for one in AUTHORITIES}


def cast(seed: int, today: date) -> Stage:
    """The stage with everybody on it and nothing said yet."""
    stage = Stage(seed, today)
    rng = stage.rng("casting")
    for key, (name, code) in HUBS.items():
        stage.organisations[key] = coordinating(stage, key, name, code, rng)
    for trust in TRUSTS:
        stage.organisations[trust.key] = coordinating(stage, trust.key, trust.name, None, rng)
    for plan in CLUSTERS:
        for key, name in plan.schools:
            stage.organisations[key] = school(stage, key, name, plan.authority, rng)
    stage.organisations[EXTRA[0]] = school(stage, *EXTRA, rng)
    for trust in TRUSTS:
        for key in trust.schools:
            stage[key].trust = trust.key
    for number, plan in enumerate(CLUSTERS):
        stage.clusters[plan.key] = cluster(stage, plan, number)
    plan_endings(stage)
    return stage


def plan_endings(stage: Stage) -> None:
    """Who leaves begins nothing new before; the stories tell how they leave."""
    for (key, school_key), days in LEAVERS.items():
        stage.clusters[key].until[school_key] = stage.back(days)
    closing = stage.clusters["old-town"]
    closing.closed_on = stage.weekday(stage.back(CLOSES_BACK))
    closing.until = {one.key: closing.closed_on for one in closing.schools}
    changing = stage.clusters["fenside"]
    # on a Sunday, when nobody else sits down
    changing.handed_over = (stage.week(40) - timedelta(days=1), stage["tarnbeck-hub"])


def coordinating(stage: Stage, key: str, name: str, code: str | None, rng: Random) -> Organisation:
    """A hub or trust: it coordinates, and its central team speaks for it as a member does."""
    one = stage.id("organisation", key)
    person = stage.id("person", f"{key}:central_team")
    return Organisation(
        key=key,
        id=one,
        name=name,
        authority=code,
        shift_days=SHIFTS.get(code or "", 0),
        voice=stage.speaker("coordinator", f"{key}:coordinator", organisations=frozenset({one})),
        second=stage.speaker("member", f"{key}:office", organisations=frozenset({one}), person_id=person),
        people={"central_team": person},
        weekday=rng.randrange(5),
    )


def school(stage: Stage, key: str, name: str, code: str, rng: Random) -> Organisation:
    one = stage.id("organisation", key)
    people = {role: stage.id("person", f"{key}:{role}") for role in ROLES}
    if rng.random() < 0.4:
        people["business_manager"] = stage.id("person", f"{key}:business_manager")
    voices = {
        role: stage.speaker("member", f"{key}:{role}", organisations=frozenset({one}), person_id=people[role])
        for role in ("head", "governor")
    }
    return Organisation(
        key=key,
        id=one,
        name=name,
        authority=code,
        shift_days=SHIFTS[code],
        voice=voices["head"],
        second=voices["governor"] if rng.random() < 0.45 or key in TWO_VOICES else None,
        people=people,
        weekday=rng.randrange(5),
        phase=next((phase for word, phase in PHASES.items() if f" {word} " in name), "primary"),
    )


def cluster(stage: Stage, plan: ClusterPlan, number: int) -> Cluster:
    """The clusters begin one after the other in the first month."""
    return Cluster(
        plan=plan,
        id=stage.id("partnership", plan.key),
        coordinator=stage[plan.coordinator],
        schools=[stage[key] for key, _ in plan.schools],
        since=stage.week(2 + number % 4),
    )
