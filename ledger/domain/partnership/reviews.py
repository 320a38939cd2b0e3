"""The reviews in which partners look at their partnership: scheduled or not, each partner answers once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime

from ledger.domain.partnership.facts import Decision, Ratings


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What one partner said, at the moment `at` of the fact `event_id`; `ratings` only where it gave any."""

    event_id: str
    at: datetime
    decision: Decision
    ratings: Ratings | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Review:
    """`scheduled_by` is the fact that scheduled it, None when it was held unscheduled or the schedule was withdrawn.

    `answers` by partner, in the order of recording.
    """

    review_id: str
    due_on: date
    scheduled_by: str | None = None
    withdrawn: bool = False
    answers: Mapping[str, Answer] = field(default_factory=dict)

    @property
    def held_at(self) -> datetime | None:
        """The moment at which the first partner answered; the review is held on its day in the ledger's zone."""
        return next((answer.at for answer in self.answers.values()), None)

    @property
    def is_waiting(self) -> bool:
        """Scheduled, and nobody has answered yet."""
        return self.scheduled_by is not None and not self.answers

    def answered(self, partner_id: str, answer: Answer) -> Review:
        return replace(self, answers={**self.answers, partner_id: answer})

    def without(self, event_id: str) -> Review:
        """The review when the fact of an answer, or of its scheduling, is withdrawn."""
        if event_id == self.scheduled_by:
            return replace(self, scheduled_by=None, withdrawn=True)
        kept = {partner: answer for partner, answer in self.answers.items() if answer.event_id != event_id}
        return replace(self, answers=kept)


def earliest_waiting(reviews: Mapping[str, Review]) -> Review | None:
    """The scheduled review that is due first and not yet held."""
    waiting = [review for review in reviews.values() if review.is_waiting]
    return min(waiting, key=lambda review: (review.due_on, review.review_id), default=None)
