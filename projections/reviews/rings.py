"""Rings of reviewing: A reviews B, B reviews C, C reviews A. A design, not a fault; pure."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import NamedTuple

from projections.reviews.measures import NEAR, in_order
from projections.reviews.records import PeerReview


class Ring(NamedTuple):
    """Three organisations or more, each of which reviewed the next and the last the first; the smallest id leads."""

    organisation_ids: tuple[str, ...]
    review_ids: tuple[str, ...]


class Arc(NamedTuple):
    """One organisation reviewed another in a review held on a day."""

    reviewed_id: str
    day: date
    review_id: str


def rings_of(reviews: Iterable[PeerReview]) -> list[Ring]:
    """The rings among the reviews that were held, in order of their members.

    For each review, the shortest way by which the reviewing came back to its reviewer over reviews within 365 days of
    it, the direct one left out: that is a swap. Of several equally short ways the smallest ids are taken.
    """
    held = sorted((one for one in reviews if one.is_held), key=in_order)
    arcs = _arcs(held)
    found: dict[tuple[str, ...], set[str]] = {}
    for review in held:
        for reviewer_id in sorted(review.reviewer_ids):
            way = _back(arcs, review, reviewer_id)
            if way is not None:
                members = _turned((reviewer_id, *(step[0] for step in way[:-1])))
                found.setdefault(members, set()).update({review.review_id, *(step[1] for step in way[1:])})
    return [Ring(members, tuple(sorted(ids))) for members, ids in sorted(found.items())]


def _arcs(held: Iterable[PeerReview]) -> Mapping[str, list[Arc]]:
    arcs: dict[str, list[Arc]] = {}
    for review in held:
        for reviewer_id in review.reviewer_ids:
            arcs.setdefault(reviewer_id, []).append(Arc(review.reviewed_id, review.day, review.review_id))
    return {reviewer_id: sorted(several) for reviewer_id, several in arcs.items()}


def _back(arcs: Mapping[str, list[Arc]], review: PeerReview, reviewer_id: str) -> list[tuple[str, str]] | None:
    """The way from the reviewed back to the reviewer: (organisation, the review that led to it), the reviewed first."""
    start = review.reviewed_id
    before: dict[str, tuple[str, str]] = {start: ("", review.review_id)}
    waiting = deque([start])
    while waiting:
        here = waiting.popleft()
        for arc in arcs.get(here, ()):
            near = abs(arc.day - review.day) <= NEAR
            direct = here == start and arc.reviewed_id == reviewer_id
            if not near or direct or arc.reviewed_id in before:
                continue
            before[arc.reviewed_id] = (here, arc.review_id)
            if arc.reviewed_id == reviewer_id:
                return list(_walked(before, reviewer_id))[::-1]
            waiting.append(arc.reviewed_id)
    return None


def _walked(before: Mapping[str, tuple[str, str]], end: str) -> Iterator[tuple[str, str]]:
    here = end
    while here:
        previous, review_id = before[here]
        yield here, review_id
        here = previous


def _turned(members: tuple[str, ...]) -> tuple[str, ...]:
    first = members.index(min(members))
    return members[first:] + members[:first]
