"""/v1/practices: what schools gave away, who assured and adopted it, and what came back better."""

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
from api.schemas.practices import LineageStep, Practice, PracticeInShort, PracticeQuery, Practices, PracticesQuery
from api.speaking import reader, the_ledger, the_read_models
from projections.practices.answering import Wanted, list_practices, one_practice
from projections.practices.sight import PracticesReader

DOOR: Final = Door("practices", "Practices: shared, assured, adopted, come back better")


@DOOR.get("/v1/practices", Answer(200, Practices), CSV_TOO, query=PracticesQuery)
def practices(asked: Asked) -> Response:
    """The practices the credential sees, assured ones first

    Assured practices are for everybody signed in; the others for their authors' side and those who took part.
    """
    whose = PracticesReader.of(the_ledger(), reader("reports:read"))
    page = page_of(asked, PracticesQuery)
    given = page.filters
    wanted = Wanted(
        words=tuple(given.get("q", "").split()),
        category=given.get("category"),
        author_id=given.get("author"),
        state=given.get("state"),
    )
    after, explain = page.after_text() or "", given["explain"]
    asked_for, models = question(given), the_read_models()
    try:
        found = models.answer(list_practices, asked_for, whose, wanted, after=after, limit=page.limit, explain=explain)
    except ValueError:
        raise not_readable("/cursor", "not-a-cursor", "belongs to another list") from None
    answer = found.to_json()
    body = answer | {"next": listed([], page, answer["next"], more=False, position=0, name="items")["next"]}
    return link_next(figures(body, rows="items", of=PracticeInShort, name="practices", text=True), body)


@DOOR.get("/v1/practices/<uuid:practice_id>", Answer(200, Practice), CSV_TOO, query=PracticeQuery)
def practice(asked: Asked, practice_id: UUID) -> Response:
    """One practice with its lineage"""
    whose, explain = PracticesReader.of(the_ledger(), reader("reports:read")), asked["explain"]
    answer = the_read_models().answer(one_practice, question(asked), whose, str(practice_id), explain=explain)
    return figures(answer.to_json(), rows="lineage", of=LineageStep, name="practice", text=True)
