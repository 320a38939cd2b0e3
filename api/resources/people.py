"""/v1/people/{id}: somebody by role, and by name to the few who may have it."""

from __future__ import annotations

from typing import Final
from uuid import UUID

from flask import Response

from api.answers import shown
from api.asking import Asked
from api.door import Answer, Door
from api.people import person_as_json, seen_person
from api.schemas.people import PersonAnswer
from api.schemas.queries import MinPosition
from api.speaking import reader, the_ledger
from api.waiting import require_position

DOOR: Final = Door("people", "People: by role, and by name to their own organisation")


@DOOR.get("/v1/people/<uuid:person_id>", Answer(200, PersonAnswer), query=MinPosition)
def one_person(asked: Asked, person_id: UUID) -> Response:
    """One person

    Their organisation and a coordinator in whose scope it is read the name; an auditor reads the role.
    """
    who, ledger = reader(), the_ledger()
    require_position(asked.get("min_position"), ledger.head, ledger.settings.min_position_wait_seconds)
    body = person_as_json(ledger, who, seen_person(ledger, who, str(person_id)))
    return shown(body, position=body["position"], text=True)
