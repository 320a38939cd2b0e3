"""What a partner has open in a partnership on a day: each support, delivery and review by name, and whose word is next.

What was open when its membership ended did not vanish: it stays in the lists as `ended_with_membership`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Literal, NamedTuple

from ledger.domain.partnership.rules_reviews import JOINS_WITHIN
from ledger.domain.support.facts import Basis
from projections.evidence.gathering import Evidence
from projections.evidence.supports import Support
from projections.health.challenge import reviews_counting
from projections.health.look import Look
from projections.reviews.records import PeerReview

Side = Literal["gives", "gets"]
Standing = Literal["open", "ended_with_membership"]
Unanswered = Literal["unanswered", "disputed"]
Task = Literal["hold", "answer", "moderate"]


class OpenSupport(NamedTuple):
    """An agreed support that nobody completed or cancelled; minutes as last agreed, and as confirmed."""

    support_id: str
    side: Side
    other_id: str
    category: str
    basis: Basis
    agreed_minutes: int
    confirmed_minutes: int
    ends_on: date
    state: Standing
    event_ids: tuple[str, ...]


class OpenPosting(NamedTuple):
    """An offer or a request of the partner's own that is not withdrawn and has not run out."""

    support_id: str
    kind: Literal["offer", "request"]
    category: str
    minutes: int
    until: date | None
    state: Standing
    event_ids: tuple[str, ...]


class OpenDelivery(NamedTuple):
    """A delivery nobody answered, or one that is disputed; `awaits` are those whose word is missing."""

    support_id: str
    delivery_id: str
    state: Unanswered
    side: Side
    other_id: str
    minutes: int
    delivered_on: date
    attested: bool
    awaits: tuple[str, ...]
    event_ids: tuple[str, ...]


class OwedReview(NamedTuple):
    """A review that waits for this partner: of the partnership, or a peer review, and what is to be done."""

    kind: Literal["partnership", "peer"]
    task: Task
    review_id: str
    due_on: date
    names_partnership: bool
    event_ids: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class StillOpen:
    supports: tuple[OpenSupport, ...]
    postings: tuple[OpenPosting, ...]
    deliveries: tuple[OpenDelivery, ...]
    reviews: tuple[OwedReview, ...]


def still_open(evidence: Evidence, organisation_id: str, day: date) -> StillOpen:
    """All that a partner, present or former, has open on a day."""
    own = [one for one in evidence.supports.values() if organisation_id in side_ids(one)]
    return StillOpen(
        supports=tuple(each for one in own if (each := open_support(evidence, one, organisation_id, day))),
        postings=tuple(post for one in own if (post := open_posting(evidence, one, organisation_id, day))),
        deliveries=tuple(found for one in own for found in open_deliveries(one, organisation_id, day)),
        reviews=tuple(owed_reviews(evidence, organisation_id, day)),
    )


def side_ids(support: Support) -> set[str]:
    maker = set() if support.posted is None else {support.posted.maker_id}
    return {one for one in support.sides() if one} | maker


def side_of(support: Support, organisation_id: str) -> tuple[Side, str]:
    """Which side it is on, and who is on the other."""
    if support.giver_id == organisation_id:
        return "gives", support.receiver_id
    return "gets", support.giver_id


def category_of(support: Support) -> str:
    """Of confidential support nobody reads more here than that minutes pass."""
    return "other" if support.confidential else support.category


def standing(evidence: Evidence, members: set[str], day: date) -> Standing:
    partners = evidence.partnership.partners_on(day)
    return "open" if members.issubset(partners) else "ended_with_membership"


def open_support(evidence: Evidence, support: Support, organisation_id: str, day: date) -> OpenSupport | None:
    terms = support.terms_on(day)
    if terms is None or support.ended_by(day) is not None:
        return None
    side, other_id = side_of(support, organisation_id)
    confirmed = sum(one.counted_minutes(day) for one in support.given_by(day))
    return OpenSupport(
        support.support_id, side, other_id, category_of(support), terms.basis, terms.minutes, confirmed, terms.ends_on,
        standing(evidence, {organisation_id, other_id}, day), terms.event_ids,
    )  # fmt: skip


def open_posting(evidence: Evidence, support: Support, organisation_id: str, day: date) -> OpenPosting | None:
    posted, withdrawn_on = support.posted, support.posting_withdrawn_on
    if posted is None or posted.maker_id != organisation_id or posted.on > day or support.terms_on(day) is not None:
        return None
    if (withdrawn_on is not None and withdrawn_on <= day) or (posted.until is not None and posted.until < day):
        return None
    return OpenPosting(
        support.support_id, posted.kind, category_of(support), posted.minutes, posted.until,
        standing(evidence, {organisation_id}, day), (posted.event_id,),
    )  # fmt: skip


def open_deliveries(support: Support, organisation_id: str, day: date) -> Iterator[OpenDelivery]:
    """Unanswered ones wait for the receiver; a dispute is settled by both."""
    side, other_id = side_of(support, organisation_id)
    for one in support.given_by(day):
        status = one.status(day)
        if status in ("claimed", "attested", "disputed"):
            disputed = status == "disputed"
            yield OpenDelivery(
                support.support_id, one.delivery_id, "disputed" if disputed else "unanswered", side, other_id,
                one.minutes, one.delivered_on, status == "attested",
                (one.giver_id, one.receiver_id) if disputed else (one.receiver_id,), tuple(one.event_ids(day)),
            )  # fmt: skip


def owed_reviews(evidence: Evidence, organisation_id: str, day: date) -> Iterator[OwedReview]:
    """Of the partnership: what is due and not held, or was held in 28 days without its word; and its peer reviews."""
    partnership = evidence.partnership
    if partnership.span_on(organisation_id, day) is not None:
        for review in partnership.waiting_reviews(day):
            if review.due_on <= day and review.scheduled_by is not None:
                yield OwedReview("partnership", "hold", review.review_id, review.due_on, True, (review.scheduled_by,))
        for held_on, review in partnership.held_reviews(day):
            answers = review.answers_by(day)
            if held_on + JOINS_WITHIN >= day and organisation_id not in {one.voice for one in answers}:
                ids = tuple(one.event_id for one in answers)
                yield OwedReview("partnership", "answer", review.review_id, review.due_on, True, ids)
        yield from usual_review(evidence, day)
    for peer in reviews_counting(Look(evidence, day)):
        yield from peer_review(peer, organisation_id, partnership.partnership_id)


def usual_review(evidence: Evidence, day: date) -> Iterator[OwedReview]:
    """The review that nobody announced, once its day has come."""
    partnership = evidence.partnership
    due_on, review_id = partnership.next_review_due(day)
    over = partnership.ends_on is not None and due_on > partnership.ends_on
    if due_on <= day and not over and not partnership.waiting_reviews(day):
        yield OwedReview("partnership", "hold", review_id, due_on, True, (partnership.formed[1],))


def peer_review(review: PeerReview, organisation_id: str, partnership_id: str) -> Iterator[OwedReview]:
    if review.withdrawn or organisation_id not in review.parties:
        return
    tasks: list[Task] = []
    if review.held_on is None:
        tasks = ["hold"]
    elif review.reviewed_id == organisation_id and review.answered is None:
        tasks = ["answer"]
    elif review.moderator_id == organisation_id and review.moderated is None:
        tasks = ["moderate"]
    ids = tuple(one for one in (review.scheduled_event, review.held_event) if one is not None)
    names_it = review.partnership_id == partnership_id
    yield from (OwedReview("peer", task, review.review_id, review.planned_on, names_it, ids) for task in tasks)
