"""/v1/reviews: who reviewed whom, how far each went, and what came of it."""

from __future__ import annotations

from typing import Final
from uuid import UUID

from flask import Response

from api.asking import Asked
from api.door import Answer, Door
from api.figures import figures, question
from api.paging import link_next, listed, page_of
from api.refusals import not_readable
from api.schemas.figures import CSV_TOO
from api.schemas.reviews import Review, ReviewFinding, ReviewInShort, ReviewQuery, Reviews, ReviewsQuery
from api.speaking import reader, the_ledger, the_read_models
from projections.reviews.answering import Wanted, list_reviews, one_review
from projections.reviews.sight import ReviewsReader

DOOR: Final = Door("reviews", "Peer reviews: who reviewed whom, rigour, and the chain behind each finding")


@DOOR.get("/v1/reviews", Answer(200, Reviews), CSV_TOO, query=ReviewsQuery)
def reviews(asked: Asked) -> Response:
    """The peer reviews the credential sees, in order of the day they are planned for"""
    whose = ReviewsReader.of(the_ledger(), reader("reports:read"))
    page = page_of(asked, ReviewsQuery)
    given = page.filters
    wanted = Wanted(
        organisation_id=given.get("organisation"), partnership_id=given.get("partnership"), state=given.get("state")
    )
    after, explain = page.after_text() or "", given["explain"]
    asked_for, models = question(given), the_read_models()
    try:
        found = models.answer(list_reviews, asked_for, whose, wanted, after=after, limit=page.limit, explain=explain)
    except ValueError:
        raise not_readable("/cursor", "not-a-cursor", "belongs to another list") from None
    answer = found.to_json()
    body = answer | {"next": listed([], page, answer["next"], more=False, position=0, name="items")["next"]}
    return link_next(figures(body, rows="items", of=ReviewInShort, name="reviews"), body)


@DOOR.get("/v1/reviews/<uuid:review_id>", Answer(200, Review), CSV_TOO, query=ReviewQuery)
def review(asked: Asked, review_id: UUID) -> Response:
    """One peer review with the chain behind each finding

    Whoever takes part reads it whole; others what the reviewed organisation opened to them.
    """
    whose = ReviewsReader.of(the_ledger(), reader("reports:read"))
    answer = the_read_models().answer(one_review, question(asked), whose, str(review_id), explain=asked["explain"])
    return figures(answer.to_json(), rows="findings", of=ReviewFinding, name="review", text=True)
