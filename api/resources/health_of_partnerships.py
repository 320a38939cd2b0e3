"""/v1/partnerships/{id}/health: how a partnership is doing, and when that changed."""

from __future__ import annotations

from typing import Final
from uuid import UUID

from flask import Response

from api.asking import Asked
from api.door import Answer, Door
from api.figures import as_table, figures, question
from api.paging import link_next, page_of, with_cursor
from api.refusals import ParametersWrong, not_readable
from api.resources.streams import seen_stream
from api.schemas.figures import CSV_TOO
from api.schemas.partnership_health import HealthChange, HealthFigures, HealthHistory
from api.schemas.queries import Figures, PagedFigures
from api.speaking import reader, the_ledger, the_read_models
from ledger.errors import FieldError
from projections.health.answering import TooLong, health, health_history
from projections.reader import PartnershipReader

DOOR: Final = Door("health-of-partnerships", "Health of partnerships: eight dimensions, and what partners say")


@DOOR.get("/v1/partnerships/<uuid:partnership_id>/health", Answer(200, HealthFigures), CSV_TOO, query=Figures)
def health_of_partnership(asked: Asked, partnership_id: UUID) -> Response:
    """How a partnership is doing

    Over the last 365 days. A dimension below 50/140 stands under `low`, whatever the mean.
    """
    own, who = str(partnership_id), reader("reports:read")
    seen_stream(own, who, "partnership")
    viewer = PartnershipReader.of(the_ledger(), who, own)
    answer = the_read_models().answer(health, question(asked), own, viewer, explain=asked["explain"])
    body = answer.to_json()
    if as_table():
        return figures(body | {"rows": answer.rows()}, rows="rows", name="health")
    return figures(body, name="health")


@DOOR.get(
    "/v1/partnerships/<uuid:partnership_id>/health/history", Answer(200, HealthHistory), CSV_TOO, query=PagedFigures
)
def history_of_health(asked: Asked, partnership_id: UUID) -> Response:
    """The days on which the health of a partnership changed

    Of the last 365 days, or from–to: at most 1,100 days at once.
    """
    own = str(partnership_id)
    seen_stream(own, reader("reports:read"), "partnership")
    page = page_of(asked, PagedFigures)
    after, asked_for, explain = page.after_text() or "", question(page.filters), page.filters["explain"]
    try:
        found = the_read_models().answer(health_history, asked_for, own, after=after, limit=page.limit, explain=explain)
    except TooLong as too_long:
        error = FieldError("/from", "too-long", str(too_long))
        raise ParametersWrong(f"{error.pointer} {error.detail}", errors=(error,)) from None
    except ValueError:
        raise not_readable("/cursor", "not-a-cursor", "belongs to another list") from None
    body = with_cursor(found.to_json(), page)
    return link_next(figures(body, rows="items", of=HealthChange, name="health-history"), body)
