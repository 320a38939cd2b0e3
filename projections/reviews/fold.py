"""From facts to the index of reviews. Pure, and each fact stands for itself: how they are cut into pages is the same.

Nothing of a review's plan changes after it was scheduled, so that no row is ever looked up.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from importlib.resources import files
from typing import Final

from ledger.domain.fact import AnyFact, Fact
from ledger.domain.review import facts as said
from ledger.domain.review.state import reviewing
from ledger.domain.support.facts import Requested
from projections.reviews.rows import ARISING, OPENED, PARTIES, REVIEWS, Arising, Opened, Party, Review
from projections.tables import Changes, Loader
from projections.view import View

VERSION: Final = 1


def reviews_view() -> View:
    """The view of which reviews there are and whom they concern."""
    return View(
        name="reviews",
        version=VERSION,
        types=frozenset(STEPS),
        schema=files(__package__).joinpath("schema.sql").read_text("utf-8"),
        tables=(REVIEWS, PARTIES, OPENED, ARISING),
        fold=fold,
    )


def fold(facts: Sequence[AnyFact], loader: Loader) -> Changes:
    """What these facts, in order of position, add to the index."""
    changes = Changes()
    for fact in facts:
        STEPS[fact.type](changes, fact)
    return changes


def scheduled(changes: Changes, fact: Fact[said.Scheduled]) -> None:
    plan, review_id = fact.data, fact.stream.id
    reviewers = reviewing(plan)
    changes.sheet(REVIEWS).add(
        Review(
            review_id=review_id,
            known_from=fact.position,
            reviewed_id=plan.reviewed_id,
            reviewer_ids=sorted(reviewers),
            lead_id=plan.lead_id,
            moderator_id=plan.moderator_id,
            partnership_id=plan.partnership_id,
            framework_id=plan.framework_id,
            planned_on=plan.on,
        )
    )
    moderator = set() if plan.moderator_id is None else {plan.moderator_id}
    for organisation_id in reviewers | moderator | {plan.reviewed_id}:
        changes.sheet(PARTIES).add(Party(organisation_id, review_id, fact.position))


def shared(changes: Changes, fact: Fact[said.Shared]) -> None:
    for organisation_id in set(fact.data.with_):
        changes.sheet(OPENED).add(Opened(organisation_id, fact.stream.id, fact.position))


def requested(changes: Changes, fact: Fact[Requested]) -> None:
    arising = fact.data.arising_from
    if arising is not None:
        row = Arising(fact.stream.id, arising.review_id, arising.finding_id, fact.position)
        changes.sheet(ARISING).add(row)


STEPS: Final[dict[str, Callable[[Changes, AnyFact], None]]] = {
    "review.scheduled": scheduled,
    "review.shared": shared,
    "support.requested": requested,
}
