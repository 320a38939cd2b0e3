"""Confirmation: whether what was recorded is answered in time, and whose silence it is where it is not."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from fractions import Fraction
from typing import Any

from projections.evidence.deliveries import Delivery
from projections.health.dimension import Dimension, Facts
from projections.health.look import Look
from projections.shares import share, to_json


@dataclass(slots=True)
class Answers:
    """Deliveries to one receiver that were answered, or should have been: in time, too late, not at all.

    `waiting` are those whose limit has not passed; they count in nothing.
    """

    in_time: int = 0
    late: int = 0
    unanswered: int = 0
    waiting: int = 0
    event_ids: list[str] = field(default_factory=list)

    @property
    def due(self) -> int:
        return self.in_time + self.late + self.unanswered

    @property
    def f(self) -> Fraction | None:
        return share(self.in_time, self.due)

    def to_json(self) -> dict[str, Any]:
        figures = {"deliveries": self.due, "in_time": self.in_time, "late": self.late}
        return {"f": to_json(self.f), **figures, "unanswered": self.unanswered, "waiting": self.waiting}


def answers_of(look: Look) -> Mapping[str, Answers]:
    """By receiver, the answers to what was delivered in exchange in the last 365 days and not reversed."""
    found: dict[str, list[Delivery]] = {}
    for one in look.deliveries:
        if one.basis == "exchange" and not one.is_reversed(look.day):
            found.setdefault(one.receiver_id, []).append(one)
    return {receiver_id: answers_to(deliveries, look) for receiver_id, deliveries in sorted(found.items())}


def answers_to(deliveries: Iterable[Delivery], look: Look) -> Answers:
    in_time = late = unanswered = waiting = 0
    event_ids: list[str] = []
    for one in deliveries:
        answer = one.course.answered
        if answer is not None:
            event_ids += (one.event_id, answer.event_id)
            if is_in_time(one, answer.recorded_at, look):
                in_time += 1
            else:
                late += 1
        elif look.day <= limit_of(one, look):
            waiting += 1
        else:
            unanswered += 1
            event_ids.append(one.event_id)
    return Answers(in_time, late, unanswered, waiting, event_ids)


def is_in_time(delivery: Delivery, answered_at: datetime, look: Look) -> bool:
    """Whether it was answered by the last day for it. Most answers come so soon after they are waited for that they
    are, wherever days begin and whichever count: these need no look at the calendar."""
    waited = answered_at - delivery.course.asked_at
    return waited <= look.surely_in_time(delivery.delivered_on) or (
        look.evidence.day_of(answered_at) <= limit_of(delivery, look)
    )


def limit_of(delivery: Delivery, look: Look) -> date:
    """The last day on which an answer is in time: `confirm_within_days` of the terms of its day, counted by the
    receiver's calendar from its day or that of its recording, whichever is later; anew from the day on which an answer
    was taken back."""
    limits = look.evidence.answer_limits
    known = limits.get(delivery.position)
    if known is None:
        within = look.partnership.terms_on(delivery.delivered_on).confirm_within_days
        since = max(delivery.delivered_on, look.evidence.day_of(delivery.course.asked_at))
        known = limits[delivery.position] = look.evidence.calendar_of(delivery.receiver_id).add(since, within)
    return known


def confirmation(by_receiver: Mapping[str, Answers]) -> Dimension:
    """Of the deliveries answered or past their limit, those answered in time."""
    every = by_receiver.values()
    in_time, due = sum(one.in_time for one in every), sum(one.due for one in every)
    counted = {
        "deliveries": due, "in_time": in_time, "late": sum(one.late for one in every),
        "unanswered": sum(one.unanswered for one in every), "waiting": sum(one.waiting for one in every),
    }  # fmt: skip
    why = None if due else "nothing to answer in the last 365 days"
    facts = Facts(lambda: (event_id for one in every for event_id in one.event_ids))
    return Dimension(name="confirmation", f=share(in_time, due), why=why, counted=counted, facts=facts)
