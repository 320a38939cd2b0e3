"""/v1/board: what is offered and asked for, and what would go together."""

from __future__ import annotations

from typing import Any, Final

import marshmallow as ma
from flask import Response

from api.asking import Asked
from api.door import Answer, Door
from api.figures import figures, question
from api.paging import Page, link_next, listed, page_of
from api.refusals import not_readable
from api.schemas.board import BoardPage, BoardQuery, Match, Matches, MatchesQuery, OffersQuery, Posting, Requests
from api.schemas.figures import CSV_TOO
from api.speaking import reader, the_ledger, the_read_models
from ledger.domain.refusals import NotThere
from projections.board import answering
from projections.board.queries import Filters
from projections.board.reach import BoardReader
from projections.board.rows import Kind

DOOR: Final = Door("board", "The board: offers, requests, and what would go together")


@DOOR.get("/v1/board/offers", Answer(200, BoardPage), CSV_TOO, query=OffersQuery)
def offers(asked: Asked) -> Response:
    """The open offers within reach, the newest first

    Those to everybody; to the reader's partnerships, trust or organisation; and what it made itself.
    """
    return board_page("offer", page_of(asked, OffersQuery))


@DOOR.get("/v1/board/requests", Answer(200, Requests), CSV_TOO, query=BoardQuery)
def requests(asked: Asked) -> Response:
    """The open requests within reach, the newest first

    Of one in the pool strangers see category, phase, region and dates; who asks, and how much, where it is named.
    """
    return board_page("request", page_of(asked, BoardQuery))


def board_page(kind: Kind, page: Page) -> Response:
    whose = BoardReader.of(the_ledger(), reader("reports:read"))
    before = page.after_position(0) or None
    asked_for = question(page.filters)
    filters = filters_of(page.filters)
    found = the_read_models().answer(answering.board, asked_for, whose, kind, filters, before=before, limit=page.limit)
    return shown_page(found.to_json(), page, found.next, f"{kind}s", Posting)


def filters_of(given: Asked) -> Filters:
    return Filters(
        category=given.get("category"),
        partnership=given.get("partnership"),
        phase=given.get("phase"),
        region=given.get("region"),
        least_minutes=given.get("least_minutes"),
        words=tuple(given.get("q", "").split()),
    )


def shown_page(answer: dict[str, Any], page: Page, after: int | str, name: str, of: type[ma.Schema]) -> Response:
    body = answer | {"next": listed([], page, after, more=False, position=0, name="items")["next"]}
    return link_next(figures(body, rows="items", of=of, name=name, text=True), body)


@DOOR.get("/v1/board/matches", Answer(200, Matches), CSV_TOO, query=MatchesQuery, refuses=(NotThere,))
def matches(asked: Asked) -> Response:
    """Offers and requests that would go together, with the reasons

    For one offer or request, or for all that the reader made.
    """
    whose = BoardReader.of(the_ledger(), reader("reports:read"))
    page = page_of(asked, MatchesQuery)
    after, support_id = page.after_text() or "", page.filters.get("support")
    explain, asked_for = page.filters["explain"], question(page.filters)
    try:
        found = the_read_models().answer(
            answering.matches, asked_for, whose, support_id, after=after, limit=page.limit, explain=explain
        )
    except ValueError:
        raise not_readable("/cursor", "not-a-cursor", "belongs to another list") from None
    return shown_page(found.to_json(), page, found.next, "matches", Match)
