"""/v1/partnerships/{id}/withdrawal-points and /way-out: when a partner may leave, and what leaving takes."""

from __future__ import annotations

from typing import Final
from uuid import UUID

from flask import Response

from api.asking import Asked as Given
from api.door import Answer, Door
from api.figures import figures, question
from api.paging import link_next, listed, page_of
from api.refusals import ParametersWrong, not_readable
from api.resources.streams import seen_stream
from api.schemas.figures import CSV_TOO
from api.schemas.withdrawal import Point, Points, PointsQuery, StandingWith, WayOut, WayOutQuery
from api.speaking import reader, the_ledger, the_read_models
from ledger.domain.fact import Speaker
from ledger.errors import FieldError
from projections.reader import PartnershipReader
from projections.reciprocity.flow import TooMuch
from projections.withdrawal.answering import Asked, withdrawal_points
from projections.withdrawal.answering_way import what_leaving_takes

DOOR: Final = Door("withdrawal", "Withdrawal: points at which a partner may leave, and what leaving takes")


@DOOR.get("/v1/partnerships/<uuid:partnership_id>/withdrawal-points", Answer(200, Points), CSV_TOO, query=PointsQuery)
def points(asked: Given, partnership_id: UUID) -> Response:
    """The points at which partners may leave, the latest to open first

    Passed and taken points stay in the list; `state=open` leaves the others out.
    """
    own, who = str(partnership_id), reader("reports:read")
    seen_stream(own, who, "partnership")
    page = page_of(asked, PointsQuery)
    given = page.filters
    wanted = Asked(
        organisation_id=given.get("organisation"), state=given.get("state"), after=page.after_text() or "",
        limit=page.limit,
    )  # fmt: skip
    asked_for, models, reads = question(given), the_read_models(), PartnershipReader.of(the_ledger(), who, own)
    try:
        found = models.answer(withdrawal_points, asked_for, own, reads, wanted, explain=given["explain"])
    except ValueError:
        raise not_readable("/cursor", "not-a-cursor", "belongs to another list") from None
    answer = found.to_json()
    body = answer | {"next": listed([], page, answer["next"], more=False, position=0, name="items")["next"]}
    # The id of a point at which a key person left holds that person's.
    return link_next(figures(body, rows="items", of=Point, name="withdrawal-points", text=True), body)


@DOOR.get(
    "/v1/partnerships/<uuid:partnership_id>/way-out", Answer(200, WayOut), CSV_TOO, query=WayOutQuery,
    refuses=(TooMuch,),
)  # fmt: skip
def way_out(asked: Given, partnership_id: UUID) -> Response:
    """What leaving takes, for any partner and date

    Dates, what is still open, what stands with each other partner and what may become of it, who else depends on it.
    The table is that of the standing.
    """
    own, who = str(partnership_id), reader("reports:read")
    seen_stream(own, who, "partnership")
    partner, reads = asked.get("organisation") or own_partner(who), PartnershipReader.of(the_ledger(), who, own)
    on, asked_for = asked.get("on"), question({"as_of": asked.get("on"), **asked})
    answer = the_read_models().answer(what_leaving_takes, asked_for, own, reads, partner, on, explain=asked["explain"])
    return figures(answer.to_json(), rows="standing", of=StandingWith, name="way-out", text=True)


def own_partner(who: Speaker) -> str:
    """The partner a member means who names none. Raises ParametersWrong for everybody else."""
    if who.role != "member":
        error = FieldError("/organisation", "missing", "is needed: whose way out")
        raise ParametersWrong(f"{error.pointer} {error.detail}", errors=(error,))
    return next(iter(who.organisations))
