"""What partners say of the partnership in their latest review, beside what the record shows."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any, Final

from projections.evidence.partnerships import Answer, Partnership, Review
from projections.health.dimension import Name
from projections.health.instrument import sums_of
from projections.reader import PartnershipReader

BESIDE: Final[dict[str, Name | None]] = {
    "purpose": "purpose",
    "trust": None,
    "reciprocity": "reciprocity",
    "challenge": "challenge",
    "impact": "outcomes",
}
"""The ratings, 1 to 5, and the dimension of the record beside which each stands; trust stands alone."""

LEAST_ANSWERS: Final = 3
"""How many must have answered before what others said is shown, and then as a range."""

NOT_HELD: Final = "no review has been held yet"
TOO_FEW: Final = "fewer than three have answered"


def what_partners_say(partnership: Partnership, day: date, reader: PartnershipReader) -> dict[str, Any]:
    """The ratings of the latest review held by a day: each as a range, those the reader may read by partner."""
    held = partnership.held_reviews(day)
    if not held:
        return {"answered": 0, "ratings": {}, "answers": [], "why": NOT_HELD}
    on, review = held[-1]
    answers = review.answers_by(day)
    rated = [one for one in answers if one.ratings is not None]
    shown = reader.sees_all or len(rated) >= LEAST_ANSWERS
    ratings = {name: range_of(rated, name) for name in BESIDE} if shown and rated else {}
    body = {"review_id": review.review_id, "held_on": on.isoformat(), "answered": len(answers)}
    listed = [answer_json(one, reader) for one in answers]
    return {**body, "ratings": ratings, "answers": listed} | ({} if ratings else {"why": TOO_FEW})


def range_of(rated: Sequence[Answer], name: str) -> dict[str, Any]:
    values = [getattr(one.ratings, name) for one in rated]
    dimension = BESIDE[name]
    beside = {} if dimension is None else {"dimension": dimension}
    return {"count": len(values), "lowest": min(values), "highest": max(values), **beside}


def answer_json(answer: Answer, reader: PartnershipReader) -> dict[str, Any]:
    """That a partner answered and what it decided; its ratings where the reader may read them."""
    body = {
        "organisation_id": answer.voice, "on": answer.on.isoformat(), "decision": answer.decision,
        "event_id": answer.event_id,
    }  # fmt: skip
    if answer.ratings is None or not reader.reads_of(answer.voice):
        return body
    return body | {"ratings": {name: getattr(answer.ratings, name) for name in BESIDE}}


def instrument(partnership: Partnership, day: date, reader: PartnershipReader) -> dict[str, Any]:
    """The 35-item instrument of the latest review in which a partner recorded it, read under the same rule."""
    latest = latest_with(partnership, day, lambda one: one.items is not None)
    if latest is None:
        return {"answered": 0, "answers": [], "why": "no partner has recorded the instrument yet"}
    sums = sums_of(latest.answers_by(day))
    body = {"review_id": latest.review_id, "answered": len(sums)}
    listed = [
        {"organisation_id": one.voice, "event_id": one.event_id, **total.to_json()}
        for one, total in sums
        if reader.reads_of(one.voice)
    ]
    if not reader.sees_all and len(sums) < LEAST_ANSWERS:
        return {**body, "answers": listed, "why": TOO_FEW}
    ordered = sorted(total for _, total in sums)
    return {**body, "lowest": ordered[0].to_json(), "highest": ordered[-1].to_json(), "answers": listed}


def latest_with(partnership: Partnership, day: date, has: Callable[[Answer], bool]) -> Review | None:
    """The latest review held by a day in which somebody answered so."""
    found = [review for _, review in partnership.held_reviews(day) if any(map(has, review.answers_by(day)))]
    return found[-1] if found else None
