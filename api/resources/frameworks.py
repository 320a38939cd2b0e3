"""/v1/frameworks and /v1/calendars: what was published for everybody to read, in the version of a day."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from flask import Response

from api.asking import Asked
from api.door import Answer, Door
from api.figures import figures, question
from api.paging import Page, link_next, page_of, with_cursor
from api.schemas.figures import CSV_TOO
from api.schemas.frameworks import Calendar, Calendars, CalendarsQuery, Framework, Frameworks, FrameworksQuery
from api.speaking import speaker, the_read_models
from projections.frameworks.queries import Listing, calendars, frameworks

DOOR: Final = Door("frameworks", "Frameworks and term calendars")


@DOOR.get("/v1/frameworks", Answer(200, Frameworks), CSV_TOO, query=FrameworksQuery)
def list_frameworks(asked: Asked) -> Response:
    """Frameworks by name, each in its version of the day"""
    speaker()
    page = page_of(asked, FrameworksQuery)
    found = listing(page, frameworks, page.filters.get("owner"))
    return link_next(figures(found, rows="items", of=Framework, name="frameworks"), found)


@DOOR.get("/v1/calendars", Answer(200, Calendars), CSV_TOO, query=CalendarsQuery)
def list_calendars(asked: Asked) -> Response:
    """Term calendars: the terms of each academic year as last set by the day

    The nearest applies: an organisation's own, else its local authority's, else the ledger's.
    """
    speaker()
    page = page_of(asked, CalendarsQuery)
    found = listing(page, calendars, page.filters.get("for_"))
    return link_next(figures(found, rows="items", of=Calendar, name="calendars"), found)


def listing(page: Page, ask: Callable[..., Listing], which: str | None) -> dict[str, Any]:
    answer = the_read_models().answer(ask, question(page.filters), which, after=page.after_text(), limit=page.limit)
    return with_cursor(answer.to_json(), page)
