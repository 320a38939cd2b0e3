"""How the thirteen partnerships begin: purpose, aims, terms, and each school's own yes."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any, Final

from cli.demo.stage import Cluster, Stage
from cli.demo.words import CHALLENGE, TOPICS

AIM_MONTHS: Final = (11, 16, 24)
COMMON: Final[dict[str, Any]] = {"challenge": CHALLENGE, "review_every_days": 98}
TERMS: Final[dict[str, dict[str, Any]]] = {
    "harbour": {"tolerance_minutes": 900},
    "moorland": {"notice_days": 42, "tolerance_minutes": 1200, "tariff": {"day": 360, "half_day": 180, "session": 180}},
    "canal": {"notice_days": 30},
    "coast-road": {"notice_days": 28, "review_every_days": 90},
    "kestrel": {"intended": {"kind": "round", "because": "Each school leads on what it does well, in turn"}},
    "fenside": {"quiet_after_days": 30, "allow_immediate": True},
}


def form(stage: Stage) -> None:
    for cluster in stage.clusters.values():
        day = cluster.since - timedelta(days=6)
        stage.note(day, cluster.coordinator.voice, "partnership.formed", cluster.id, **formed(stage, cluster))
        accept(stage, cluster, day)


def formed(stage: Stage, cluster: Cluster) -> dict[str, Any]:
    plan = cluster.plan
    return {
        "name": plan.name,
        "purpose": plan.purpose,
        "aims": aims(cluster),
        "partners": [
            {"organisation_id": one.id, "role": "lead" if one is cluster.schools[0] else "partner"}
            for one in cluster.schools
        ],
        "coordinator_id": cluster.coordinator.id,
        "terms": terms(stage, cluster),
        "starts_on": cluster.since,
        "ends_on": stage.today + timedelta(days=200) if plan.key == "moorland" else None,
    }


def aims(cluster: Cluster) -> list[dict[str, Any]]:
    topics = [(name, TOPICS[name]) for name in cluster.plan.focus]
    return [
        {
            "aim_id": name.replace("_", "-"),
            "statement": f"{topic.area}: {topic.seen[0].lower()}{topic.seen[1:]}, in every school of the cluster",
            "success_measure": topic.measure,
            "due_on": cluster.since + timedelta(days=30 * months),
        }
        for (name, topic), months in zip(topics, AIM_MONTHS, strict=False)
    ]


def terms(stage: Stage, cluster: Cluster) -> dict[str, Any]:
    key = cluster.plan.key
    more = TERMS.get(key, {})
    if key == "hilltop":
        because = "A secondary school with spare specialists brings four primaries on; nothing is owed in return"
        until = stage.today + timedelta(days=120)
        more = {"intended": {"kind": "one_way", "from": stage["stanmoor"].id, "until": until, "because": because}}
    if key == "harbour":
        more = more | {"break_dates": [stage.today + timedelta(days=75)]}
    return COMMON | more


def accept(stage: Stage, cluster: Cluster, formed_on: date) -> None:
    """Schools of the coordinator's own trust are in at once; the others say so on their own day."""
    for one in cluster.schools:
        if one.trust == cluster.coordinator.key:
            cluster.begins[one.key] = cluster.since
            continue
        day = stage.office(one, formed_on)
        stage.note(day, one.voice, "partnership.partner_accepted", cluster.id, organisation_id=one.id, on=day)
        cluster.begins[one.key] = max(day, cluster.since) + timedelta(days=1)
