"""/v1/programmes/report and the one side for governors: figures to hand to a board as they are."""

from __future__ import annotations

from typing import Final
from uuid import UUID

from flask import Response

from api.asking import Asked
from api.door import Answer, Door
from api.figures import figures, question
from api.programmes import ProgrammeTooLarge, choose
from api.schemas.figures import CSV_TOO
from api.schemas.programme import (
    GovernorsFigures,
    GovernorsSupport,
    ProgrammeFigures,
    ProgrammePartnership,
    ProgrammeQuery,
)
from api.schemas.queries import Windowed
from api.selves import require_itself
from api.speaking import reader, the_ledger, the_read_models
from ledger.domain.refusals import NotThere
from projections.programme.answering import programme
from projections.programme.giving import Rate
from projections.programme.governors import governors
from projections.reciprocity.flow import TooMuch

DOOR: Final = Door("programme", "Reports: over a programme of partnerships, and one side for governors")


@DOOR.get(
    "/v1/programmes/report", Answer(200, ProgrammeFigures), CSV_TOO, query=ProgrammeQuery,
    refuses=(NotThere, ProgrammeTooLarge, TooMuch),
)  # fmt: skip
def programme_report(asked: Asked) -> Response:
    """A report over a set of partnerships

    Over those named, those of a coordinator or of a trust, or all in sight. As CSV: one line for each partnership.
    """
    who, ledger = reader("reports:read"), the_ledger()
    asked_for = question(asked)
    choice = choose(ledger, who, asked.get("partnership", ()), asked.get("coordinator"), asked.get("trust"))
    rate = Rate(pence=asked["pence_per_day"], supplier_pence=asked["supplier_pence_per_day"])
    answer = the_read_models().answer(programme, asked_for, choice, rate, explain=asked["explain"])
    return figures(answer.to_json(), rows="partnerships", of=ProgrammePartnership, name="programme", text=True)


@DOOR.get("/v1/organisations/<uuid:organisation_id>/governors", Answer(200, GovernorsFigures), CSV_TOO, query=Windowed)
def report_for_governors(asked: Asked, organisation_id: UUID) -> Response:
    """One side for governors: what we gave and got, what came of it, what is next, what we ask of the board

    Over the term of the day, or `from` and `to`; for those who speak for the organisation and for its auditor.
    """
    who, own = reader("reports:read"), str(organisation_id)
    require_itself(the_ledger(), who, own)
    itself = own in who.organisations
    answer = the_read_models().answer(governors, question(asked), own, itself=itself, explain=asked["explain"])
    return figures(answer.to_json(), rows="support", of=GovernorsSupport, name="governors", text=True)
