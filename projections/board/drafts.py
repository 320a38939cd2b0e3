"""Findings that ask for support, as the requests that could be made of them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from ledger.domain.fact import AnyFact
from ledger.domain.values import CATEGORIES
from projections.asking import Asking
from projections.board.answers import Draft
from projections.board.reach import Reach
from projections.directory.queries import Aliases
from projections.evidence.noted import Noted
from projections.evidence.reading import facts_with
from projections.reviews.queries import arising_from, reviews_in, reviews_of
from projections.reviews.records import FindingNoted, PeerReview, fold_review

MOST_DRAFTS: Final = 100


def drafts_for(asking: Asking, reach: Reach, aliases: Aliases) -> tuple[list[Draft], list[AnyFact]]:
    """The drafts of the organisations a reader speaks for or coordinates, the latest reviews first, at most 100; and
    the facts that hold their next steps, sealed."""
    known_at = asking.question.known_at
    ids = {
        *reviews_of(asking.connection, reach.sides, known_at),
        *reviews_in(asking.connection, reach.run, known_at),
    }
    found = facts_with(asking, [f"stream:{one}" for one in sorted(ids)])
    drafts: list[Draft] = []
    facts: dict[str, AnyFact] = {}
    for notes in found.values():
        review = standing(asking, notes, aliases)
        if review is None or not (review.reviewed_id in reach.sides or review.partnership_id in reach.run):
            continue
        asked = arising_from(asking.connection, review.review_id, known_at)
        own = [draft_of(review, finding) for finding in wanting(review) if finding.finding_id not in asked]
        drafts += own
        if own:
            facts |= {noted.fact.event_id: noted.fact for noted in notes if noted.fact.event_id == review.held_event}
    latest = sorted(drafts, key=lambda draft: (draft.held_on, draft.review_id, draft.finding), reverse=True)
    return latest[:MOST_DRAFTS], list(facts.values())


def standing(asking: Asking, notes: tuple[Noted, ...], aliases: Aliases) -> PeerReview | None:
    """A review as it stood on the day, None where it was not held by then."""
    review = fold_review(notes, aliases.canonical)
    stood = None if review is None else review.as_of(asking.question.as_of)
    return stood if stood is not None and stood.is_held else None


def wanting(review: PeerReview) -> Iterator[FindingNoted]:
    """The findings to develop, with a next step, that the reviewed organisation accepted."""
    answers = {} if review.answered is None else review.answered.findings
    for finding in review.findings:
        reply = answers.get(finding.finding_id)
        accepted = reply is not None and reply.accepted
        if finding.judgement == "to_develop" and finding.next_step is not None and accepted:
            yield finding


def draft_of(review: PeerReview, finding: FindingNoted) -> Draft:
    answered = () if review.answered is None else (review.answered.event_id,)
    held = () if review.held_event is None else (review.held_event,)
    return Draft(
        review_id=review.review_id,
        finding=finding.finding_id,
        receiver_id=review.reviewed_id,
        partnership_id=review.partnership_id,
        area=finding.area,
        category=category_of(finding.area),
        held_on=review.day.isoformat(),
        event_ids=[*held, *answered],
    )


def category_of(area: str) -> str | None:
    """The category that bears the name of an area, where there is one."""
    word = area.strip().lower().replace(" ", "_")
    return word if word in CATEGORIES else None
