"""How partners leave: well, late, not at all, or removed; and who was asked and declined."""

from __future__ import annotations

from typing import Any

from cli.demo.stage import Stage
from cli.demo.stories.steps import agreed, office_day
from cli.demo.story import Story


def leaves_well(stage: Stage) -> Story:
    """Lockside gives notice, ends or cancels what it agreed, settles what is still open, and leaves."""
    cluster, leaver = stage.clusters["canal"], stage["lockside"]
    kept = agreed(stage, "lockside", "narrowgate", cluster, "leadership", asked=215, quantity=2, unit="day")
    kept.delivered("d1", 200, 197, 1, "day", role="head")
    kept.confirmed("d1", 193)
    dropped = agreed(stage, "basin-street", "lockside", cluster, "governance", asked=205, quantity=3, unit="session")
    leaves_on = office_day(stage, 125)
    stage.note(
        office_day(stage, 165), leaver.voice, "partnership.notice_given", cluster.id, leaves_on=leaves_on,
        reason="We join the work of our diocese; two partnerships at once are one too many",
    )  # fmt: skip
    kept.delivered("d2", 158, 156, 1, "day", role="head")
    kept.confirmed("d2", 152)
    kept.completed(149, "Ended with the notice; the second day was brought forward")
    kept.outcome(147, 2, "The new deputy chairs the leadership meeting")
    dropped.say(150, leaver.voice, "support.cancelled", reason="Cannot begin before we leave")
    residual = {"debtor_id": leaver.id, "creditor_id": stage["towpath"].id, "minutes": 390}
    dispose(stage, "n1", "forgiven", residual, 142, ("towpath",), "Towpath lets the last day go with thanks")
    passed = {"debtor_id": leaver.id, "creditor_id": stage["waterside"].id, "minutes": 195}
    dispose(
        stage, "n2", "passed_on", passed, 140, ("waterside", "basin-street"), "Basin Street gives it for us",
        to=stage["basin-street"].id,
    )  # fmt: skip
    stage.note(
        leaves_on, leaver.voice, "partnership.partner_left", cluster.id, organisation_id=leaver.id, on=leaves_on,
        reason="What we learnt: name the last visit before the first; tell families why",
    )  # fmt: skip
    return Story(
        name="leaves-well",
        what="Lockside left the Canal Cluster with notice, everything ended, and what was open agreed on.",
        organisations={"leaver": leaver.id},
        partnership=cluster.id,
        expected={
            "streams": {"completed": kept.support, "cancelled": dropped.support},
            "left_on": leaves_on.isoformat(),
            "disposals": {"forgiven": 390, "passed_on": 195},
        },
    )


def dispose(
    stage: Stage,
    proposal_id: str,
    disposal: str,
    residual: dict[str, Any],
    back: int,
    agree: tuple[str, ...],
    reason: str,
    **more: Any,
) -> None:
    """Lockside proposes what becomes of a residual; each organisation it touches agrees."""
    cluster = stage.clusters["canal"]
    said = {"proposal_id": proposal_id, "disposal": disposal, "reason": reason} | residual | more
    stage.note(office_day(stage, back), stage["lockside"].voice, "partnership.residual_proposed", cluster.id, **said)
    for number, key in enumerate(agree, 1):
        day = office_day(stage, back - 3 * number)
        stage.note(day, stage[key].voice, "partnership.residual_agreed", cluster.id, proposal_id=proposal_id)


def leaves_late(stage: Stage) -> Story:
    """The review is overdue, the noticed day has passed, and nobody has closed the door."""
    cluster, leaver = stage.clusters["coast-road"], stage["saltings"]
    bond = agreed(stage, "saltings", "dunes", cluster, "safeguarding", asked=120, quantity=3, unit="half_day")
    bond.delivered("d1", 98, 95, 1, "half_day", role="senior_leader")
    bond.confirmed("d1", 88)
    due_on = office_day(stage, 62)
    stage.note(
        office_day(stage, 145), cluster.coordinator.voice, "partnership.review_scheduled", cluster.id,
        review_id="autumn", due_on=due_on,
    )  # fmt: skip
    leaves_on = office_day(stage, 38)
    stage.note(
        office_day(stage, 75), leaver.voice, "partnership.notice_given", cluster.id, leaves_on=leaves_on,
        point_id=f"review_due:{cluster.id}:{leaver.id}:autumn",
        reason="Little has come of the last year and nobody has asked why",
    )  # fmt: skip
    return Story(
        name="leaves-late",
        what="Saltings gave notice; its day has passed, the review was never held, and support is still open.",
        organisations={"leaver": leaver.id, "receiver": bond.receiver.id},
        partnership=cluster.id,
        expected={
            "points": ["review_overdue"],
            "streams": {"open": bond.support},
            "leaves_on": leaves_on.isoformat(),
            "review": {"id": "autumn", "due_on": due_on.isoformat()},
        },
    )


def thinks_again(stage: Stage) -> Story:
    """Towpath gave notice and took it back after a conversation."""
    cluster, one = stage.clusters["canal"], stage["towpath"]
    stage.note(
        office_day(stage, 300), one.voice, "partnership.notice_given", cluster.id,
        leaves_on=office_day(stage, 262), reason="We give more time than we have",
    )  # fmt: skip
    stage.note(
        office_day(stage, 285), one.voice, "partnership.notice_rescinded", cluster.id,
        reason="Visits are shorter now and planned a term ahead",
    )  # fmt: skip
    return Story(
        name="thinks-again",
        what="Towpath gave notice, talked, and took it back before it took effect.",
        organisations={"partner": one.id},
        partnership=cluster.id,
        expected={"stays": True},
    )


def removed(stage: Stage) -> Story:
    """Wharf Road never came; the coordinator removes it. Gorse Hill was asked to join and declined."""
    cluster, one, asked = stage.clusters["canal"], stage["wharf-road"], stage["gorse-hill"]
    left_on = office_day(stage, 240)
    stage.note(
        left_on, cluster.coordinator.voice, "partnership.partner_left", cluster.id, organisation_id=one.id,
        on=left_on, removed=True, reason="No answer to four invitations; told in person and by letter",
    )  # fmt: skip
    invited_on = office_day(stage, 230)
    stage.note(
        invited_on, cluster.coordinator.voice, "partnership.partner_invited", cluster.id,
        organisation_id=asked.id, role="partner", on=invited_on,
    )  # fmt: skip
    declined_on = office_day(stage, 222)
    stage.note(
        declined_on, asked.voice, "partnership.partner_declined", cluster.id, organisation_id=asked.id, on=declined_on
    )
    return Story(
        name="removed-and-declined",
        what="Wharf Road was removed from the Canal Cluster; Gorse Hill was asked to take its place and declined.",
        organisations={"removed": one.id, "declined": asked.id},
        partnership=cluster.id,
        expected={"left_on": left_on.isoformat()},
    )
