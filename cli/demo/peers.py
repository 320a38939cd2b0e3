"""Peer reviews: scheduled, held, answered, moderated, shared; and the support asked for because of a finding."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from random import Random
from typing import Any, Final

from cli.demo.deals import Deal
from cli.demo.stage import Cluster, Organisation, Stage
from cli.demo.visits import Habits, engage
from cli.demo.words import TOPICS

ROUNDS: Final = (18, 44, 68)
LEFT_OUT: Final = {"minster": (44, 68), "coast-road": (44, 68), "fenside": (44, 68)}
MOVES_TRUST: Final = {"withy-green": "three-becks"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """One peer review: who is reviewed, by whom (the first leads), who moderates, and on which topics."""

    reviewed: Organisation
    reviewers: tuple[Organisation, ...]
    moderator: Organisation | None
    topics: tuple[str, ...]
    developing: tuple[str, ...]


def review_each_other(stage: Stage) -> None:
    """In each round one or two schools of a cluster are reviewed by the next ones, so that no two swap places."""
    for key, cluster in stage.clusters.items():
        rng = stage.rng(f"peers {key}")
        for number, week in enumerate(ROUNDS):
            if week in LEFT_OUT.get(key, ()):
                continue
            present = cluster.active(stage.week(week), for_days=300)
            for step in range(0, min(4, len(present) - 2), 2):
                at = (number + step) % len(present)
                visit = plan(stage, cluster, [present[(at + n) % len(present)] for n in range(3)], rng)
                hold(stage, cluster, visit, stage.week(week), rng)


def plan(stage: Stage, cluster: Cluster, three: list[Organisation], rng: Random) -> Visit:
    topics = tuple(rng.sample(sorted(TOPICS), 4))
    return Visit(
        reviewed=three[0],
        reviewers=tuple(three[1:]),
        moderator=outsider(stage, cluster, three, rng) if rng.random() < 0.55 else None,
        topics=topics,
        developing=topics[: rng.choice((1, 1, 2))] if rng.random() < 0.9 else (),
    )


def outsider(stage: Stage, cluster: Cluster, three: list[Organisation], rng: Random) -> Organisation:
    """A school of another cluster that shares a trust with none of the sides."""
    trusts = {one.trust for one in three} | {MOVES_TRUST.get(one.key) for one in three} - {None}
    others = [
        one
        for each in stage.clusters.values()
        if each is not cluster and each.closed_on is None
        for one in each.schools
        if one.trust not in trusts and one.key not in each.until and one.key not in MOVES_TRUST
    ]
    return rng.choice(others)


def hold(stage: Stage, cluster: Cluster, visit: Visit, week: date, rng: Random) -> str:
    """The whole course of one review; answers its stream."""
    review, lead = stage.new_id("review"), visit.reviewers[0]
    planned_on = stage.desk(visit.reviewed, week)
    on = stage.school_day(planned_on + timedelta(days=rng.randrange(16, 30)), visit.reviewed)
    stage.note(planned_on, visit.reviewed.voice, "review.scheduled", review, **scheduled(cluster, visit, on))
    held_on = on if rng.random() < 0.8 else stage.school_day(on + timedelta(days=20), lead)
    completed_on = stage.desk(lead, held_on)
    findings = [finding(topic, topic in visit.developing) for topic in visit.topics]
    stage.note(completed_on, lead.voice, "review.completed", review, findings=findings, on=held_on)
    answered_on = stage.desk(visit.reviewed, completed_on)
    answer(stage, visit, review, answered_on)
    if visit.moderator is not None:
        moderate(stage, visit.moderator, review, answered_on)
    if rng.random() < 0.7:
        others = [one.id for one in cluster.active(answered_on) if one not in (visit.reviewed, *visit.reviewers)]
        share(stage, visit, review, answered_on, others)
    if visit.developing:
        ask_for_help(stage, cluster, visit, review, answered_on, rng)
    return review


def scheduled(cluster: Cluster | None, visit: Visit, on: date) -> dict[str, Any]:
    return {
        "reviewed_id": visit.reviewed.id,
        "reviewers": [{"organisation_id": one.id, "person_id": one.people["senior_leader"]} for one in visit.reviewers],
        "lead_id": visit.reviewers[0].id,
        "moderator_id": visit.moderator.id if visit.moderator else None,
        "partnership_id": cluster.id if cluster else None,
        "on": on,
    }


def finding(topic: str, to_develop: bool) -> dict[str, str]:
    said = {"finding_id": topic.replace("_", "-"), "area": TOPICS[topic].area}
    if to_develop:
        return said | {"judgement": "to_develop", "evidence": TOPICS[topic].need, "next_step": TOPICS[topic].offer}
    return said | {"judgement": "strength", "evidence": TOPICS[topic].seen}


def answer(stage: Stage, visit: Visit, review: str, day: date) -> None:
    answers = [
        {"finding_id": topic.replace("_", "-"), "accepted": True, "comment": "We had begun to see this ourselves"}
        for topic in visit.topics
    ]
    response = "We recognise the picture and thank the reviewers for two honest days"
    stage.note(day, visit.reviewed.voice, "review.answered", review, response=response, findings=answers)


def moderate(stage: Stage, moderator: Organisation, review: str, answered_on: date) -> None:
    comment = "Evidence and judgement fit together; I read both sides and spoke with the lead"
    day = stage.desk(moderator, answered_on)
    stage.note(day, moderator.voice, "review.moderated", review, verdict="upheld", comment=comment)


def share(stage: Stage, visit: Visit, review: str, answered_on: date, others: list[str]) -> None:
    if others:
        day = stage.desk(visit.reviewed, answered_on)
        stage.note(day, visit.reviewed.voice, "review.shared", review, with_=others, parts="summary")


def ask_for_help(stage: Stage, cluster: Cluster, visit: Visit, review: str, answered_on: date, rng: Random) -> None:
    """Something to develop becomes a request, and the request support that is given and looked at afterwards."""
    topic = visit.developing[0]
    helper = visit.reviewers[-1]
    deal = Deal(
        giver=helper,
        receiver=visit.reviewed,
        cluster=cluster,
        category=topic,
        quantity=1,
        unit="half_day",
        visits=rng.choice((2, 3)),
        route="asked-of-one",
        opened_on=answered_on + timedelta(days=3),
        arising_from={"review_id": review, "finding_id": topic.replace("_", "-")},
    )
    engage(stage, deal, Habits(missed=0.0, silent=0.0, ended=1.0, outcomes=0.9, on_behalf=0.0), rng)
