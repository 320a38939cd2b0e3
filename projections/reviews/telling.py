"""A review as its reader may have it: in short as lists show it, and whole with the chain behind each finding."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final, get_args

from ledger.domain.review.facts import Judgement
from projections.reviews.chain import Link, reached
from projections.reviews.gathering import Gathered
from projections.reviews.records import FindingNoted, PeerReview
from projections.reviews.sight import JUDGEMENTS, REPORT
from projections.shares import to_json

JUDGED: Final[tuple[Judgement, ...]] = get_args(Judgement)


def in_short(gathered: Gathered, review: PeerReview, in_rings: frozenset[str]) -> dict[str, Any]:
    """A review as lists show it; members without a value are left out, but for a rigour that cannot be told."""
    parts = gathered.parts[review.review_id]
    swaps = [one.review_id for one in gathered.swaps(review)]
    body = {
        "id": review.review_id,
        "state": state_of(review),
        "reviewed_id": review.reviewed_id,
        "reviewer_ids": sorted(review.reviewer_ids),
        "lead_id": review.lead_id,
        "moderator_id": review.moderator_id,
        "partnership_id": review.partnership_id,
        "framework_id": review.framework_id,
        "support_id": review.support_id,
        "planned_on": review.planned_on.isoformat(),
        "held_on": None if review.held_on is None else review.held_on.isoformat(),
        "overdue": gathered.is_overdue(review),
        "swap": bool(swaps),
        "swap_review_ids": [one for one in swaps if one in gathered.seen],
        "in_ring": review.review_id in in_rings,
        "moderated": review.moderated is not None,
        "lead_from_outside": gathered.led_from_outside(review),
        "same_trust_ids": gathered.around.of_the_same_trust(review),
        "parts": sorted(parts),
        "judgements": judgements(review) if review.is_held and parts & JUDGEMENTS else None,
    }
    return {name: value for name, value in body.items() if value is not None} | rigour_json(gathered, review)


def state_of(review: PeerReview) -> str:
    """scheduled, completed, answered or withdrawn."""
    if review.withdrawn:
        return "withdrawn"
    if review.held_on is None:
        return "scheduled"
    return "completed" if review.answered is None else "answered"


def judgements(review: PeerReview) -> dict[str, int]:
    """How many findings of each judgement there are."""
    counts = Counter(finding.judgement for finding in review.findings)
    return {judgement: counts[judgement] for judgement in JUDGED}


def rigour_json(gathered: Gathered, review: PeerReview) -> dict[str, Any]:
    """The share of the four that hold, with each of them; null with the reason where it is not told."""
    rigour = gathered.rigour_for_reader(review)
    if rigour is not None:
        return {"rigour": to_json(rigour.share), "holds": rigour._asdict()}
    return {"rigour": None, "why": {"rigour": _why(gathered, review)}}


def _why(gathered: Gathered, review: PeerReview) -> str:
    if review.withdrawn:
        return "this review was taken back"
    if gathered.rigour(review) is None:
        return "this review has not been held, and is not overdue"
    return "the report was not opened to this reader so far"


def findings_json(
    review: PeerReview, parts: frozenset[str], chains: Mapping[str, Sequence[Link]]
) -> Iterator[dict[str, Any]]:
    """The findings in their order, each as far as it was opened; with its chain for whoever reads the whole report."""
    for finding in review.findings:
        whole = bool(parts & REPORT)
        if whole or parts & JUDGEMENTS or ("strengths" in parts and finding.judgement == "strength"):
            body = _finding(review, finding, parts)
            if whole:
                chain = chains[finding.finding_id]
                body |= {"reached": reached(chain), "chain": [link.to_json() for link in chain]}
            yield body


def _finding(review: PeerReview, finding: FindingNoted, parts: frozenset[str]) -> dict[str, Any]:
    whole = bool(parts & REPORT)
    reply = None if review.answered is None else review.answered.findings.get(finding.finding_id)
    told = whole or ("strengths" in parts and finding.judgement == "strength")
    body = {
        "finding_id": finding.finding_id,
        "area": finding.area,
        "judgement": finding.judgement,
        "evidence": finding.evidence if told else None,
        "next_step": finding.next_step if whole else None,
        "accepted": reply.accepted if reply is not None and parts & JUDGEMENTS else None,
        "comment": reply.comment if reply is not None and whole else None,
    }
    return {name: value for name, value in body.items() if value is not None}


def said_json(review: PeerReview, parts: frozenset[str]) -> dict[str, Any]:
    """The answer, the moderation and the openings, as far as the reader may have them."""
    answered, moderated, whole = review.answered, review.moderated, bool(parts & REPORT)
    body: dict[str, Any] = {}
    if answered is not None and parts & JUDGEMENTS:
        response = {"response": answered.response} if whole else {}
        body["answer"] = {"on": answered.on.isoformat(), **response, "event_ids": [answered.event_id]}
    if moderated is not None and parts & JUDGEMENTS:
        comment = {"comment": moderated.comment} if whole else {}
        verdict = {"on": moderated.on.isoformat(), "verdict": moderated.verdict}
        body["moderation"] = verdict | comment | {"event_ids": [moderated.event_id]}
    if "full" in parts:
        body["opened"] = [
            {
                "on": one.on.isoformat(),
                "with_ids": sorted(one.with_ids),
                "parts": one.parts,
                "event_ids": [one.event_id],
            }
            for one in review.shared
        ]
        body["event_ids"] = list(review.event_ids)
    return body
