"""Confirmation: whether what was recorded is answered in time, and whose silence it is where it is not."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from typing import Any

from projections.evidence.deliveries import Delivery
from projections.health.dimension import Dimension, each_once
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
    found: dict[str, Answers] = {}
    for delivery in look.deliveries:
        is_asked = delivery.basis == "exchange" and look.covers(delivery.delivered_on)
        if is_asked and delivery.status(look.day) != "reversed":
            count(found.setdefault(delivery.receiver_id, Answers()), delivery, look)
    return dict(sorted(found.items()))


def count(answers: Answers, delivery: Delivery, look: Look) -> None:
    limit, answer = limit_of(delivery, look), delivery.answered
    if answer is None and look.day <= limit:
        answers.waiting += 1
        return
    answers.event_ids.append(delivery.event_id)
    if answer is None:
        answers.unanswered += 1
        return
    answers.event_ids.append(answer.event_id)
    if look.evidence.day_of(answer.recorded_at) <= limit:
        answers.in_time += 1
    else:
        answers.late += 1


def limit_of(delivery: Delivery, look: Look) -> date:
    """The last day on which an answer is in time: `confirm_within_days` of the terms of its day, counted by the
    receiver's calendar from its day or that of its recording, whichever is later; anew from the day on which an answer
    was taken back."""
    limits = look.evidence.answer_limits
    known = limits.get(delivery.position)
    if known is None:
        within = look.partnership.terms_on(delivery.delivered_on).confirm_within_days
        since = max(delivery.delivered_on, look.evidence.day_of(delivery.asked_at))
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
    event_ids = each_once(event_id for one in every for event_id in one.event_ids)
    return Dimension(name="confirmation", f=share(in_time, due), why=why, counted=counted, event_ids=event_ids)
