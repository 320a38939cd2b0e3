"""What the log says of a partnership itself: its members, aims, reviews, meetings, notices and how it ended.

The terms and memberships are those of the domain's own state, folded from the facts that are known; the rest stands
here with its days and its facts.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import NamedTuple

from ledger.domain.partnership.facts import ClosingReason, Decision, Disposal, Ratings
from ledger.domain.partnership.members import Span
from ledger.domain.partnership.shapes import DatedTerms, PartnershipState
from ledger.domain.terms import Terms


@dataclass(slots=True, kw_only=True)
class Aim:
    """`added_on` the day it was set; met or dropped on a day, None until then."""

    aim_id: str
    statement: str
    success_measure: str | None
    due_on: date
    added_on: date
    met_on: date | None = None
    dropped_on: date | None = None
    event_ids: list[str] = field(default_factory=list)

    def state_on(self, day: date) -> str:
        """`absent` before it was set, then `open`, `met` or `dropped`."""
        if self.added_on > day:
            return "absent"
        if self.dropped_on is not None and self.dropped_on <= day:
            return "dropped"
        return "met" if self.met_on is not None and self.met_on <= day else "open"


class Answer(NamedTuple):
    """What one partner said in a review of the partnership. `items` are the 35 answers of the instrument, 0 to 4."""

    voice: str
    on: date
    decision: Decision
    ratings: Ratings | None
    items: tuple[int, ...] | None
    position: int
    event_id: str


@dataclass(slots=True, kw_only=True)
class Review:
    """A review of the partnership. `scheduled_on` is the day it was announced; None where nobody scheduled it.

    It is held on the day the first partner records it. Answers that were withdrawn are left out; a schedule that was
    withdrawn is none.
    """

    review_id: str
    due_on: date
    scheduled_on: date | None = None
    scheduled_by: str | None = None
    answers: list[Answer] = field(default_factory=list)

    def answers_by(self, day: date) -> list[Answer]:
        return [one for one in self.answers if one.on <= day]

    def held_on(self, day: date) -> date | None:
        """The day it was held, where that had come by `day`."""
        return next((one.on for one in self.answers if one.on <= day), None)


class Meeting(NamedTuple):
    on: date
    present: tuple[str, ...]
    absent: tuple[str, ...]
    event_id: str


@dataclass(slots=True, kw_only=True)
class Notice:
    """`organisation_id` said on the day `given_on` that it leaves on `leaves_on`, naming a point or none."""

    organisation_id: str
    given_on: date
    recorded_at: datetime
    leaves_on: date
    point_id: str | None
    position: int
    event_id: str
    rescinded_on: date | None = None

    def stands_on(self, day: date) -> bool:
        return self.given_on <= day and (self.rescinded_on is None or day < self.rescinded_on)


class Leaving(NamedTuple):
    """The first day on which a partner was none any more; `removed` by the coordinator, else it left."""

    organisation_id: str
    on: date
    removed: bool
    event_id: str


class Closing(NamedTuple):
    on: date
    reason: ClosingReason
    event_id: str


class Word(NamedTuple):
    """Who said something to a proposal, and on which day."""

    voice: str
    on: date
    event_id: str


@dataclass(slots=True, kw_only=True)
class Residual:
    """What was proposed to become of minutes between two; `words` are the proposer's and then each yes, in order.

    `touched` are debtor, creditor and, where it is passed on, the third: all of them must have spoken.
    """

    proposal_id: str
    debtor_id: str
    creditor_id: str
    minutes: int
    disposal: Disposal
    to_id: str | None
    touched: tuple[str, ...]
    words: list[Word] = field(default_factory=list)

    def words_by(self, day: date) -> list[Word]:
        return [one for one in self.words if one.on <= day]

    def in_force_on(self, day: date) -> bool:
        return len(self.words_by(day)) == len(self.touched)


@dataclass(slots=True, kw_only=True)
class Partnership:
    """`state` is the domain's, as known; organisations stand under the ids they are read as. Read only once folded."""

    partnership_id: str
    name: str
    purpose: str
    state: PartnershipState
    spans: Mapping[str, tuple[Span, ...]]
    coordinators: list[tuple[date, str]] = field(default_factory=list)
    formed: tuple[date, str]
    aims: dict[str, Aim] = field(default_factory=dict)
    reviews: dict[str, Review] = field(default_factory=dict)
    meetings: list[Meeting] = field(default_factory=list)
    notices: list[Notice] = field(default_factory=list)
    leavings: list[Leaving] = field(default_factory=list)
    residuals: dict[str, Residual] = field(default_factory=dict)
    closing: Closing | None = None
    terms_events: list[tuple[date, str]] = field(default_factory=list)

    @property
    def starts_on(self) -> date:
        return self.state.starts_on

    @property
    def ends_on(self) -> date | None:
        return self.state.ends_on

    def terms_on(self, day: date) -> Terms:
        """The terms in force on a day."""
        return self.state.terms_on(day)

    def dated_terms(self) -> Iterable[DatedTerms]:
        """All terms, in the order of recording."""
        return self.state.terms

    def coordinator_on(self, day: date) -> str:
        return next((one for since, one in reversed(self.coordinators) if since <= day), self.coordinators[0][1])

    def partners_on(self, day: date) -> list[str]:
        """The active partners of a day, by id."""
        return sorted(one for one, spans in self.spans.items() if any(span.covers(day) for span in spans))

    def span_on(self, organisation_id: str, day: date) -> Span | None:
        """The membership that covers a day."""
        return next((span for span in self.spans.get(organisation_id, ()) if span.covers(day)), None)

    def closed_by(self, day: date) -> Closing | None:
        return self.closing if self.closing is not None and self.closing.on <= day else None

    def held_reviews(self, day: date) -> list[tuple[date, Review]]:
        """The reviews held by a day with the day each was held, the earliest first."""
        held = [(on, review) for review in self.reviews.values() if (on := review.held_on(day)) is not None]
        return sorted(held, key=lambda pair: (pair[0], pair[1].review_id))

    def waiting_reviews(self, day: date) -> list[Review]:
        """Announced by a day and not held by it, the earliest due first."""
        waiting = [
            one for one in self.reviews.values()
            if one.scheduled_on is not None and one.scheduled_on <= day and one.held_on(day) is None
        ]  # fmt: skip
        return sorted(waiting, key=lambda review: (review.due_on, review.review_id))

    def next_review_due(self, day: date) -> tuple[date, str]:
        """The day on which the next review is due, and its id (else the due day): the earliest announced and not held,
        else the last held (or the beginning) and the days between reviews of the terms of `day`."""
        waiting = self.waiting_reviews(day)
        if waiting:
            return waiting[0].due_on, waiting[0].review_id
        held = self.held_reviews(day)
        last = held[-1][0] if held else self.starts_on
        due = date.fromordinal(last.toordinal() + self.terms_on(day).review_every_days)
        return due, due.isoformat()
