"""What a peer review needs somebody for: to hold it, to answer it, to moderate it."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Any

from ledger.domain.review.facts import Answered, Completed
from projections.asking import Asking
from projections.evidence.reading import facts_with
from projections.inbox.desk import Desk
from projections.inbox.items import SOON, Action, Item, called
from projections.inbox.told import streams
from projections.reviews.records import PeerReview, fold_review
from projections.wording import day


def peer_review_items(asking: Asking, desk: Desk) -> Iterator[Item]:
    """What waits for the reader in the peer reviews in which one of its organisations takes part."""
    ids = streams(desk.told, "review")
    for notes in facts_with(asking, [f"stream:{one}" for one in ids]).values():
        review = fold_review(notes, desk.read_as.canonical)
        stood = None if review is None or review.withdrawn else review.as_of(desk.day)
        if stood is not None:
            sides = {noted.fact.actor for noted in notes if isinstance(noted.fact.data, Completed | Answered)}
            yield from of_review(desk, stood, sides)


def of_review(desk: Desk, review: PeerReview, said_by: Collection[str]) -> Iterator[Item]:
    """`said_by` are the principals who spoke for the two sides: none of them says the other half."""
    reviewed, on = called(review.reviewed_id), day(review.day)
    if review.held_on is None:
        if review.planned_on - SOON <= desk.day:
            late = "was" if review.planned_on < desk.day else "is"
            says = f"{called(review.lead_id)} leads the peer review of {reviewed}; it {late} planned for {on}."
            yield from item(
                desk, review, "peer_review", review.lead_id, "review.completed", says,
                since=max(review.scheduled_on, review.planned_on - SOON), due=review.planned_on,
                counterpart_id=review.reviewed_id,
            )  # fmt: skip
        return
    if review.answered is None:
        says = f"{called(review.lead_id)} told what the peer review of {reviewed} on {on} found; {reviewed} may answer."
        yield from item(
            desk, review, "peer_review_answer", review.reviewed_id, "review.answered", says,
            since=review.held_on, counterpart_id=review.lead_id, why_not=desk.another(*said_by),
        )  # fmt: skip
    if review.moderator_id is not None and review.moderated is None:
        says = f"The peer review of {reviewed} on {on} waits for what {called(review.moderator_id)} makes of it."
        yield from item(
            desk, review, "peer_review_moderation", review.moderator_id, "review.moderated", says,
            since=review.held_on, counterpart_id=review.reviewed_id, why_not=desk.another(*said_by),
        )  # fmt: skip


def item(desk: Desk, review: PeerReview, kind: Any, whose: str, action: str, says: str, **given: Any) -> Iterator[Item]:
    """The item, where the reader speaks for the one it waits for."""
    own = desk.mine.get(whose)
    if own is not None:
        usual = {"due": None, "event_ids": (review.held_event or review.scheduled_event,)}
        yield Item(
            kind=kind,
            key=review.review_id,
            organisation_id=own,
            partnership_id=review.partnership_id,
            says=says,
            action=Action(type=action, subject=review.review_id, voice=own),
            **usual | given,
        )
