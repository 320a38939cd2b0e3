"""The reviews that a reader may see, as they stood on a day, with all that their measures look at."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import partial

from projections.asking import Asking
from projections.directory.queries import Aliases, aliases
from projections.evidence.reading import facts_with
from projections.reviews.measures import Rigour, challenge_of, counts_for, is_overdue, swaps_of
from projections.reviews.queries import reviews_of
from projections.reviews.records import PeerReview, fold_review
from projections.reviews.sight import JUDGEMENTS, Part, ReviewsReader
from projections.reviews.surroundings import Surroundings, surroundings_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Gathered:
    """`seen` are reviews by id; `near`, by the reviewed, all those among the same schools, seen or not, by which a swap
    is told; `parts` what the reader may have of each of them. `partnership_id` is the one they are looked at for, if
    any.
    """

    as_of: date
    read_as: Aliases
    seen: Mapping[str, PeerReview]
    parts: Mapping[str, frozenset[Part]]
    near: Mapping[str, Collection[PeerReview]]
    around: Surroundings
    partnership_id: str | None = None

    def rigour(self, review: PeerReview) -> Rigour | None:
        """The four answers, whoever asks; None where there is nothing to say yet."""
        calendar = self.around.calendars[review.lead_id]
        return challenge_of(review, self._back(review), self.led_from_outside, calendar=calendar, as_of=self.as_of)

    def led_from_outside(self, review: PeerReview) -> bool:
        return self.around.outside(review, self.partnership_id)

    def rigour_for_reader(self, review: PeerReview) -> Rigour | None:
        """The four answers where the reader may know them all: one is about what was found."""
        return self.rigour(review) if self.parts[review.review_id] & JUDGEMENTS else None

    def is_overdue(self, review: PeerReview) -> bool:
        return is_overdue(review, self.around.calendars[review.lead_id], self.as_of)

    def swaps(self, review: PeerReview) -> list[PeerReview]:
        """The reviews that make it a swap."""
        return [] if review.withdrawn else swaps_of(review, self._back(review), self.as_of)

    def _back(self, review: PeerReview) -> list[PeerReview]:
        """The reviews of its reviewers: among them are those that make it a swap."""
        return [other for one in sorted(review.reviewer_ids) for other in self.near.get(one, ())]

    def counts_for(self, review: PeerReview, partnership_id: str) -> bool:
        return _counts_for(self.around, review, partnership_id)


def gather(
    asking: Asking, reader: ReviewsReader, ids: Collection[str] | None = None, *, partnership_id: str | None = None
) -> Gathered:
    """The reviews within sight; of those named by `ids` alone, where given."""
    read_as = aliases(asking.connection, asking.question)
    candidates = records(asking, reader.candidates(asking, read_as) if ids is None else ids, read_as)
    near = nearby(asking, candidates, read_as)
    around = surroundings_of(asking, {one for review in near for one in review.parties}, read_as)
    counting = partial(_counts_for, around)
    parts = {review.review_id: reader.parts(review, read_as, counting) for review in near}
    seen = {review.review_id: review for review in candidates if parts[review.review_id]}
    by_reviewed: dict[str, list[PeerReview]] = {}
    for review in near:
        by_reviewed.setdefault(review.reviewed_id, []).append(review)
    return Gathered(
        as_of=asking.question.as_of,
        read_as=read_as,
        seen=seen,
        parts=parts,
        near=by_reviewed,
        around=around,
        partnership_id=partnership_id,
    )


def _counts_for(around: Surroundings, review: PeerReview, partnership_id: str) -> bool:
    return counts_for(review, partnership_id, partial(around.were_partners, partnership_id))


def nearby(asking: Asking, reviews: Iterable[PeerReview], read_as: Aliases) -> list[PeerReview]:
    """Every review in which one of the schools of these reviews takes part."""
    sides = {one for review in reviews for each in review.sides for one in read_as.registrations(each)}
    return records(asking, reviews_of(asking.connection, sides, asking.question.known_at), read_as)


def records(asking: Asking, ids: Collection[str], read_as: Aliases) -> list[PeerReview]:
    """These reviews as they stood on the day of the question; those scheduled later are left out."""
    facts = facts_with(asking, [f"stream:{one}" for one in ids])
    found = []
    for one in ids:
        review = fold_review(facts[f"stream:{one}"], read_as.canonical)
        stood = None if review is None else review.as_of(asking.question.as_of)
        if stood is not None:
            found.append(stood)
    return found
