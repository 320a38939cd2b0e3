"""Where partners look at their partnership: meetings every half-term, and reviews every fourteen weeks."""

from __future__ import annotations

from datetime import date, timedelta
from random import Random
from typing import Any, Final

from cli.demo.stage import Cluster, Organisation, Stage
from cli.demo.words import COMMENTS

INSTRUMENT_ITEMS: Final = 35
MOODS: Final = {"moorland": 4.4, "harbour": 4.1, "coast-road": 2.0, "fenside": 2.2, "riverside": 3.0}
REVIEW_EVERY_DAYS: Final = 98
REVIEW_AHEAD: Final = {"three-valleys": 20}
REVIEWS_STOP: Final = {"coast-road": 190}
NEVER_COMES: Final = frozenset({"lighthouse-lane"})
DIMENSIONS: Final = ("purpose", "trust", "reciprocity", "challenge", "impact")


def gather(stage: Stage) -> None:
    for key, cluster in stage.clusters.items():
        hold_meetings(stage, cluster, stage.rng(f"meetings {key}"))
        hold_reviews(stage, cluster, stage.rng(f"reviews {key}"))


def hold_meetings(stage: Stage, cluster: Cluster, rng: Random) -> None:
    """Whoever was missed comes to the next one, but for the school that never comes."""
    day, missed = cluster.since + timedelta(days=24), list[Organisation]()
    while day < (cluster.closed_on or stage.today):
        held_on = stage.school_day(day, cluster.schools[0])
        present = cluster.active(held_on, for_days=1)
        draws = {one.key: rng.random() for one in present}
        absent = [one for one in present if one.key in NEVER_COMES or (draws[one.key] < 0.12 and one not in missed)]
        if len(present) - len(absent) > 1 and held_on < (cluster.closed_on or stage.today):
            meet(stage, cluster, held_on, present, absent)
            missed = absent
        day = held_on + timedelta(days=rng.randrange(38, 56))


def meet(stage: Stage, cluster: Cluster, held_on: date, present: list[Organisation], absent: list[Organisation]) -> str:
    there = [one.id for one in present if one not in absent]
    away = [one.id for one in absent]
    noted_on = held_on + timedelta(days=1)
    said: dict[str, Any] = {"on": held_on, "present": there, "absent": away}
    voice = cluster.coordinator_on(noted_on).voice
    return stage.note(noted_on, voice, "partnership.meeting_held", cluster.id, **said)


def hold_reviews(stage: Stage, cluster: Cluster, rng: Random) -> None:
    """Each is scheduled five weeks ahead; partners answer in the fortnight around its day."""
    last = stage.back(REVIEWS_STOP.get(cluster.plan.key, -120))
    number, planned_on = 1, first_review(stage, cluster)
    while planned_on < min(last, cluster.closed_on or date.max):
        due_on = stage.school_day(planned_on, cluster.schools[0])
        review_id = f"r{number}"
        day = due_on - timedelta(days=35)
        stage.note(
            day,
            cluster.coordinator_on(day).voice,
            "partnership.review_scheduled",
            cluster.id,
            review_id=review_id,
            due_on=due_on,
        )
        for one in cluster.active(due_on, for_days=60):
            answer_review(stage, cluster, one, review_id, due_on, rng)
        number, planned_on = number + 1, planned_on + timedelta(days=REVIEW_EVERY_DAYS)


def first_review(stage: Stage, cluster: Cluster) -> date:
    """Twelve weeks after the beginning; in one cluster so that the next one lies just ahead of today."""
    day = cluster.since + timedelta(days=84)
    if cluster.plan.key in REVIEW_AHEAD:
        ahead = stage.today + timedelta(days=REVIEW_AHEAD[cluster.plan.key])
        day += timedelta(days=(ahead - day).days % REVIEW_EVERY_DAYS)
    return day


def answer_review(stage: Stage, cluster: Cluster, one: Organisation, review_id: str, due_on: date, rng: Random) -> None:
    if rng.random() < 0.08:
        return
    mood = MOODS.get(cluster.plan.key, 3.6)
    said: dict[str, Any] = {
        "ratings": {name: rating(mood, rng) for name in DIMENSIONS},
        "decision": "continue" if rng.random() < mood / 5 else "adjust",
        "comment": rng.choice(COMMENTS) if rng.random() < 0.5 else None,
    }
    if rng.random() < 0.18:
        items = [max(0, min(4, rating(mood, rng) - 1)) for _ in range(INSTRUMENT_ITEMS)]
        said |= {"instrument": "vichealth-35", "items": items}
    day = stage.desk(one, due_on - timedelta(days=8))
    stage.note(day, one.voice, "partnership.reviewed", cluster.id, review_id=review_id, **said)


def rating(mood: float, rng: Random) -> int:
    return max(1, min(5, round(rng.gauss(mood, 0.8))))
