"""Peer reviews: two schools that find nothing in each other, and a finding that led to something."""

from __future__ import annotations

from typing import Any, Final

from cli.demo.diary import EventIdOf
from cli.demo.peers import Visit, answer, ask_for_help, finding, moderate, scheduled
from cli.demo.stage import Stage
from cli.demo.stories.steps import office_day
from cli.demo.story import Story

PRAISED: Final = ("english", "leadership", "behaviour")
COSY: Final = (("first", "bell-lane", "lantern-hill", 125), ("second", "lantern-hill", "bell-lane", 75))


def cosy_pair(stage: Stage) -> Story:
    """Bell Lane and Lantern Hill review each other, find only strengths, and nobody from outside looks on."""
    cluster, streams = stage.clusters["minster"], {}
    for name, one, other, back in COSY:
        visit = Visit(reviewed=stage[one], reviewers=(stage[other],), moderator=None, topics=PRAISED, developing=())
        review = stage.new_id("review")
        on = office_day(stage, back)
        stage.note(
            office_day(stage, back + 20),
            visit.reviewed.voice,
            "review.scheduled",
            review,
            **scheduled(cluster, visit, on),
        )
        findings = [finding(topic, False) for topic in PRAISED]
        lead = visit.reviewers[0].voice
        stage.note(office_day(stage, back - 3), lead, "review.completed", review, findings=findings, on=on)
        answer(stage, visit, review, office_day(stage, back - 8))
        streams[name] = review
    return Story(
        name="cosy-pair",
        what="Bell Lane and Lantern Hill reviewed each other within a term and found nothing to work on.",
        organisations={"one": stage["bell-lane"].id, "other": stage["lantern-hill"].id},
        partnership=cluster.id,
        expected={"codes": ["cosy"], "points": ["cosy"], "streams": streams},
    )


def finding_to_outcome(stage: Stage) -> Story:
    """A finding is accepted, help is asked for because of it, given, and something comes of it."""
    cluster = stage.clusters["moorland"]
    visit = Visit(
        reviewed=stage["tarn-view"],
        reviewers=(stage["heatherfield"], stage["blackthorn"]),
        moderator=stage["longmead"],
        topics=("maths", "curriculum", "governance"),
        developing=("maths",),
    )
    twice = stage.note(
        office_day(stage, 366), visit.reviewed.voice, "review.scheduled", mistaken := stage.new_id("review"),
        **scheduled(cluster, visit, office_day(stage, 340)),
    )  # fmt: skip
    stage.note(
        office_day(stage, 362), visit.reviewed.voice, "review.entry_withdrawn", mistaken,
        event_id=EventIdOf(twice), reason="Announced twice; the other entry stands",
    )  # fmt: skip
    review = stage.new_id("review")
    on = office_day(stage, 335)
    said: dict[str, Any] = scheduled(cluster, visit, on)
    stage.note(office_day(stage, 360), visit.reviewed.voice, "review.scheduled", review, **said)
    findings = [finding(topic, topic in visit.developing) for topic in visit.topics]
    stage.note(office_day(stage, 330), visit.reviewers[0].voice, "review.completed", review, findings=findings, on=on)
    answered_on = office_day(stage, 322)
    answer(stage, visit, review, answered_on)
    moderate(stage, stage["longmead"], review, answered_on)
    stage.note(
        office_day(stage, 300), visit.reviewed.voice, "review.shared", review,
        with_=[stage["curlew"].id, stage["moorgate"].id], parts="all",
    )  # fmt: skip
    ask_for_help(stage, cluster, visit, review, answered_on, stage.rng("finding"))
    return Story(
        name="finding-to-outcome",
        what="Tarn View's review found reasoning in mathematics to work on; Blackthorn Lane helped, and it shows.",
        organisations={"reviewed": stage["tarn-view"].id, "helper": stage["blackthorn"].id},
        partnership=cluster.id,
        expected={"streams": {"review": review, "withdrawn": mistaken}, "finding": "maths"},
    )
