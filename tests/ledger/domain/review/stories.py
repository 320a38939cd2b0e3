"""Beginnings that the stories of a peer review share."""

from __future__ import annotations

from typing import Any

from tests.scenario import Scenario, coordinator, member, ref

FINDINGS = [
    {"finding_id": "reading", "area": "Early reading", "judgement": "strength"},
    {
        "finding_id": "writing",
        "area": "Writing",
        "judgement": "to_develop",
        "evidence": "Books of two year groups",
        "next_step": "Plan a sequence together",
    },
]
COMPLETED: dict[str, Any] = {"findings": FINDINGS, "on": "2026-09-14"}
ANSWERED: dict[str, Any] = {"response": "We agree", "findings": [{"finding_id": "writing", "accepted": True}]}
MODERATED: dict[str, Any] = {"verdict": "upheld", "comment": "The evidence bears it"}


def plan(reviewed: str = "northfield", *reviewers: str, **more: Any) -> dict[str, Any]:
    names = reviewers or ("oakwood",)
    return {
        "reviewed_id": ref(reviewed),
        "reviewers": [{"organisation_id": ref(one)} for one in names],
        "lead_id": ref(names[0]),
        "on": "2026-09-14",
    } | more


def four_schools() -> Scenario:
    return Scenario().schools("northfield", trust="harbour").schools("oakwood", "ashfield", "elmwood")


def scheduled(**more: Any) -> Scenario:
    """Northfield asks Oakwood for a review on 14 September, which Ashfield moderates."""
    said = plan(moderator_id=ref("ashfield"), **more)
    return four_schools().given(member("northfield"), "review.scheduled", "review", **said)


def completed(**more: Any) -> Scenario:
    story = scheduled(**more).at("2026-09-15")
    return story.given(member("oakwood"), "review.completed", "review", **COMPLETED)


def answered() -> Scenario:
    return completed().at("2026-09-20").given(member("northfield"), "review.answered", "review", **ANSWERED)


def cluster(*partners: str) -> Scenario:
    """Partners of a hub's partnership, all in it since August."""
    story = four_schools().at("2026-08-01")
    return story.partnership("cluster", "hub", *partners, starts_on="2026-08-01").at("2026-09-01")


def scheduled_by_hub(story: Scenario, **more: Any) -> Scenario:
    return story.given(coordinator("hub"), "review.scheduled", "review", **plan(**more))
