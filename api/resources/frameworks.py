"""/v1/frameworks and /v1/calendars: what was published for everybody to read, in the version of a day."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from flask import Response

from api.answers import shown
from api.asking import Asked
from api.door import Answer, Door
from api.figures import question
from api.paging import Page, link_next, listed, page_of
from api.schemas.frameworks import Calendars, CalendarsQuery, Frameworks, FrameworksQuery
from api.speaking import speaker, the_read_models
from projections.frameworks.queries import Listing, calendars, frameworks

DOOR: Final = Door("frameworks", "Frameworks and term calendars")


@DOOR.get("/v1/frameworks", Answer(200, Frameworks), query=FrameworksQuery)
def list_frameworks(asked: Asked) -> Response:
    """Frameworks by name, each in its version of the day"""
    speaker()
    page = page_of(asked, FrameworksQuery)
    return shown_page(page, frameworks, page.filters.get("owner"))


@DOOR.get("/v1/calendars", Answer(200, Calendars), query=CalendarsQuery)
def list_calendars(asked: Asked) -> Response:
    """Term calendars: the terms of each academic year as last set by the day

    The nearest applies: an organisation's own, else its local authority's, else the ledger's.
    """
    speaker()
    page = page_of(asked, CalendarsQuery)
    return shown_page(page, calendars, page.filters.get("for_"))


def shown_page(page: Page, ask: Callable[..., Listing], which: str | None) -> Response:
    answer = the_read_models().answer(ask, question(page.filters), which, after=page.after_text(), limit=page.limit)
    found: dict[str, Any] = answer.to_json()
    following = listed([], page, found["next"], more=False, position=0, name="items")["next"]
    body = found | {"next": following}
    return link_next(shown(body, position=found["position"]), body)
