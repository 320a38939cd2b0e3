"""From a finding to what came of it: accepted, support asked for, agreed, delivered, outcome."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Any, Final, Literal

from projections.asking import Asking
from projections.directory.queries import Aliases
from projections.evidence.deliveries import COUNTED
from projections.evidence.fold_support import fold_supports
from projections.evidence.noted import Noted
from projections.evidence.reading import facts_with
from projections.evidence.supports import Support
from projections.reviews.queries import arising_from
from projections.reviews.records import FindingNoted, PeerReview
from projections.reviews.sight import ReviewsReader

LinkStep = Literal["found", "accepted", "not_accepted", "asked", "agreed", "recorded", "delivered", "outcome"]

WAY: Final[tuple[LinkStep, ...]] = ("found", "accepted", "asked", "agreed", "delivered", "outcome")
"""The steps that lead on; declining leads nowhere, and what its receiver has not confirmed is only recorded."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """One step. `minutes` are those asked for, agreed, recorded, or confirmed by the receiver; `impact` an outcome's,
    from -1 to 3, in the word of `voice_id`."""

    step: LinkStep
    on: date
    event_ids: Sequence[str]
    support_id: str | None = None
    category: str | None = None
    giver_id: str | None = None
    minutes: int | None = None
    impact: int | None = None
    voice_id: str | None = None

    def to_json(self) -> dict[str, Any]:
        """Every member that has a value."""
        members = {name: getattr(self, name) for name in self.__slots__}
        given = members | {"on": self.on.isoformat(), "event_ids": list(self.event_ids)}
        return {name: value for name, value in given.items() if value is not None}


def reached(chain: Iterable[Link]) -> LinkStep:
    """How far a finding has come."""
    steps = {link.step for link in chain}
    return max((step for step in WAY if step in steps), key=WAY.index, default="found")


def chains_of(asking: Asking, review: PeerReview, reader: ReviewsReader, read_as: Aliases) -> Mapping[str, list[Link]]:
    """By finding, its chain as of the day of the question; supports that the reader does not see are left out."""
    asked = arising_from(asking.connection, review.review_id, asking.question.known_at)
    return {
        finding.finding_id: [
            *_said(review, finding),
            *(
                link
                for support in _supports(asking, asked.get(finding.finding_id, ()), reader, read_as)
                for link in links_of(support, asking.question.as_of)
            ),
        ]
        for finding in review.findings
    }


def _said(review: PeerReview, finding: FindingNoted) -> Iterator[Link]:
    if review.held_on is not None and review.held_event is not None:
        yield Link(step="found", on=review.held_on, event_ids=[review.held_event])
    answer = review.answered
    if answer is not None and finding.finding_id in answer.findings:
        accepted = answer.findings[finding.finding_id].accepted
        yield Link(step="accepted" if accepted else "not_accepted", on=answer.on, event_ids=[answer.event_id])


def _supports(asking: Asking, requests: Collection[str], reader: ReviewsReader, read_as: Aliases) -> Iterator[Support]:
    """The requests and the agreements that answer them, as far as the reader sees them, in the order they began."""
    keys = [f"stream:{one}" for one in requests]
    touching = [noted for notes in facts_with(asking, keys).values() for noted in notes]
    ids = sorted({noted.fact.stream.id for noted in touching if noted.fact.stream.kind == "support"})
    facts: dict[str, list[Noted]] = {
        one: [noted for noted in notes if noted.fact.stream.id == one]
        for one, notes in ((each, facts_with(asking, [f"stream:{each}"])[f"stream:{each}"]) for each in ids)
    }
    for one in sorted(ids, key=lambda each: facts[each][0].position):
        support = fold_supports(facts[one], read_as.canonical)[one]
        first = facts[one][0].fact
        if reader.may_follow(first, support.sides(), read_as, confidential=support.confidential):
            yield support


def links_of(support: Support, as_of: date) -> Iterator[Link]:
    """What came of a support by a day: asked, agreed, recorded or delivered, outcomes."""
    link = partial(Link, support_id=support.support_id, category=support.category)
    posted, agreed, terms = support.posted, support.agreed, support.terms_on(as_of)
    if posted is not None and posted.on <= as_of:
        yield link(step="asked", on=posted.on, minutes=posted.minutes, event_ids=[posted.event_id])
    if agreed is not None and terms is not None:
        giver_id, minutes = support.giver_id, terms.minutes
        yield link(step="agreed", on=agreed.on, minutes=minutes, giver_id=giver_id, event_ids=terms.event_ids)
    yield from _given(support, as_of, link)
    for one in support.outcomes:
        if one.on <= as_of:
            yield link(step="outcome", on=one.on, impact=one.impact, voice_id=one.voice, event_ids=[one.event_id])


def _given(support: Support, as_of: date, link: Callable[..., Link]) -> Iterator[Link]:
    """What both sides have said yes to, and what only the giver has recorded."""
    steps: tuple[tuple[LinkStep, bool], ...] = (("delivered", True), ("recorded", False))
    standing = [one for one in support.given_by(as_of) if one.status(as_of) != "reversed"]
    for step, counted in steps:
        several = [one for one in standing if (one.status(as_of) in COUNTED) == counted]
        if several:
            yield link(
                step=step,
                on=max(one.delivered_on for one in several),
                minutes=sum(one.standing_minutes(as_of) for one in several),
                event_ids=[event_id for one in several for event_id in one.event_ids(as_of)],
            )
