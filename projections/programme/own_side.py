"""One organisation's side of its support and partnerships, as far as its governors want to know of it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from projections.asking import Asking
from projections.directory.queries import Aliases, aliases
from projections.evidence.fold_support import fold_supports
from projections.evidence.gathering import Evidence, evidence_of
from projections.evidence.noted import Noted
from projections.evidence.reading import facts_with
from projections.evidence.supports import Outcome, Support
from projections.landscape.gathering import partnerships_on
from projections.programme.giving import Given, Window, given_in, in_confidence, totals
from projections.reciprocity.around import calendars
from projections.reciprocity.windows import NoTermOnThatDay, within
from projections.reviews.queries import reviews_of
from projections.reviews.records import PeerReview, fold_review
from projections.withdrawal.answering import known_points
from projections.withdrawal.points import Point

OF_THE_PARTNERS: frozenset[str] = frozenset({"cosy", "disputes_open"})
"""Points that are read by those who are in them and by their coordinator, not by an auditor."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnSide:
    """`organisation_id` is the id it is read as. `supports` are all it gives or gets, in any partnership or none."""

    organisation_id: str
    window: Window
    supports: Sequence[Support]
    given: Sequence[Given]
    partnerships: Sequence[Evidence]
    points: Sequence[Point]
    reviews: Sequence[PeerReview]

    def half(self, side: str) -> list[Given]:
        """What it `gave`, or `got`."""
        name = "giver_id" if side == "gave" else "receiver_id"
        return [one for one in self.given if getattr(one.delivery, name) == self.organisation_id]

    def rows(self, side: str) -> list[dict[str, Any]]:
        """By partner, category and basis."""
        found: dict[tuple[str, str, str], list[Given]] = defaultdict(list)
        for one in self.half(side):
            found[other_of(one, self.organisation_id), one.category, one.delivery.basis].append(one)
        return [
            {
                "side": side, "partner_id": partner, "category": category, "basis": basis,
                "confirmed_minutes": (each := totals(found[partner, category, basis])).confirmed,
                "unconfirmed_minutes": sum(each.unconfirmed.values()),
            }
            for partner, category, basis in sorted(found)
        ]  # fmt: skip

    def engagements(self) -> list[tuple[Support, Outcome | None]]:
        """The supports of which something was confirmed in the window, with the receiver's latest word by the day."""
        confirmed = {one.delivery.support_id for one in self.given if one.is_confirmed and one.minutes}
        return [(one, receivers_word(one, self.window)) for one in self.supports if one.support_id in confirmed]


def other_of(given: Given, organisation_id: str) -> str:
    """The other side of a delivery."""
    delivery = given.delivery
    return delivery.receiver_id if delivery.giver_id == organisation_id else delivery.giver_id


def receivers_word(support: Support, window: Window) -> Outcome | None:
    said = [one for one in support.outcomes if one.on <= window.day and one.voice == support.receiver_id]
    return max(said, key=lambda one: (one.on, one.position), default=None)


def own_side(asking: Asking, organisation_id: str, *, itself: bool) -> OwnSide:
    """Everything of one organisation, over the question's window. Raises FactDoesNotFit."""
    question = asking.question
    read_as = aliases(asking.connection, question)
    own, one = read_as.registrations(organisation_id), read_as.canonical(organisation_id)
    window = Window(first=question.from_, last=question.to, day=question.as_of)
    supports = [one if itself else in_confidence(one) for one in _supports(asking, own, read_as)]
    whole = replace(asking, question=replace(question, from_=None, to=None))
    partnerships = partnerships_on(asking, own)
    points = [point for each in partnerships for point in known_points(whole, each).points]
    return OwnSide(
        organisation_id=one,
        window=window,
        supports=supports,
        given=given_in(supports, window, own=itself),
        partnerships=[evidence_of(whole, each) for each in partnerships],
        points=[
            point for point in points
            if point.organisation_id == one and (itself or point.kind not in OF_THE_PARTNERS)
            and point.state in ("open", "upcoming")
        ],
        reviews=list(_reviews(asking, own, read_as)),
    )  # fmt: skip


def term_of(asking: Asking, organisation_id: str) -> Asking:
    """The question over the term of its day where it names no days itself; outside the terms that are set, and where
    none are, over the academic year."""
    question = asking.question
    if question.from_ is not None or question.to is not None:
        return asking
    own = aliases(asking.connection, question).registrations(organisation_id)
    try:
        return within(asking, "term", calendars(asking.connection, own, question))
    except NoTermOnThatDay:
        return within(asking, "academic_year", ())


def _supports(asking: Asking, own: Iterable[str], read_as: Aliases) -> list[Support]:
    keys = [f"organisation:{one}" for one in sorted(own)]
    naming = (noted for notes in facts_with(asking, keys).values() for noted in notes)
    streams = sorted({noted.fact.stream.id for noted in naming if noted.fact.stream.kind == "support"})
    return list(fold_supports(_own_facts(asking, streams), read_as.canonical).values())


def _own_facts(asking: Asking, streams: Sequence[str]) -> list[Noted]:
    """The facts of these streams' own, in order."""
    found = facts_with(asking, [f"stream:{one}" for one in streams])
    own = (noted for one in streams for noted in found[f"stream:{one}"] if noted.fact.stream.id == one)
    return sorted(own, key=lambda noted: noted.position)


def _reviews(asking: Asking, own: Iterable[str], read_as: Aliases) -> Iterator[PeerReview]:
    for one in reviews_of(asking.connection, sorted(own), asking.question.known_at):
        review = fold_review(_own_facts(asking, [one]), read_as.canonical)
        stands = None if review is None or review.withdrawn else review.as_of(asking.question.as_of)
        if stands is not None:
            yield stands
