"""/v1/organisations/{id}/landscape: where an organisation stands, for itself and its auditor."""

from __future__ import annotations

from typing import Final
from uuid import UUID

from flask import Response

from api.asking import Asked
from api.door import Answer, Door
from api.figures import figures, question
from api.schemas.figures import CSV_TOO
from api.schemas.landscape import LandscapeDay, LandscapeFigures
from api.schemas.queries import Figures
from api.selves import require_itself
from api.speaking import reader, the_ledger, the_read_models
from projections.landscape.answering import landscape
from projections.reciprocity.flow import TooMuch

DOOR: Final = Door("landscape", "The landscape: between working with others and standing on one's own")


@DOOR.get(
    "/v1/organisations/<uuid:organisation_id>/landscape", Answer(200, LandscapeFigures), CSV_TOO, query=Figures,
    refuses=(TooMuch,),
)  # fmt: skip
def landscape_of(asked: Asked, organisation_id: UUID) -> Response:
    """Where an organisation stands, and how it moved

    For those who speak for it and for its auditor; for everybody else it is not there.
    """
    require_itself(the_ledger(), reader("reports:read"), str(organisation_id))
    answer = the_read_models().answer(landscape, question(asked), str(organisation_id), explain=asked["explain"])
    return figures(answer.to_json(), rows="movement", of=LandscapeDay, name="landscape")
