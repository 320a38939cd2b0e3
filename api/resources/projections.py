"""/v1/projections: how the views are doing, and having one built anew, for admins."""

from __future__ import annotations

from typing import Final

from flask import Response

from api.asking import Asked
from api.door import Answer, Door
from api.figures import figures
from api.resources.posting import made
from api.schemas.figures import CSV_TOO
from api.schemas.projections import Projection, Projections
from api.schemas.queries import MinPosition
from api.speaking import speaker, the_ledger, the_read_models
from api.waiting import as_far_as_asked
from ledger.domain.refusals import RoleForbidden
from projections.rebuild import NoSuchView, named, request_rebuild
from projections.views import all_views

DOOR: Final = Door("projections", "How the views are doing, for admins")


def admin() -> None:
    """Raises RoleForbidden for everybody but an admin."""
    who = speaker()
    if who.role != "admin":
        raise RoleForbidden("only an admin sees to the views", role=who.role, type="")


@DOOR.get("/v1/projections", Answer(200, Projections), CSV_TOO, query=MinPosition)
def list_projections(asked: Asked) -> Response:
    """How far each view has come, and what keeps one from going on"""
    admin()
    as_far_as_asked(asked)
    views = the_read_models().status()
    body = {"items": [view.to_json() for view in views], "position": views[0].head}
    return figures(body, rows="items", of=Projection, name="projections", text=True)


@DOOR.post(
    "/v1/projections/<string:name>/rebuild", Answer(202, Projection, about="it was asked for"), refuses=(NoSuchView,)
)
def rebuild_projection(asked: Asked, name: str) -> Response:
    """Has a view built anew, beside the tables that are read

    Questions are answered meanwhile. `/v1/projections` tells how far it is; it is done when there is no `rebuild` and
    `rebuild_asked` is false.
    """
    admin()
    ledger = the_ledger()
    view = named(name, all_views(ledger.zone))
    request_rebuild(ledger.dsn, [view.name])
    [found] = [one for one in the_read_models().status() if one.view == view.name]
    return made(found.to_json(), 202, found.head, {"Location": "/v1/projections"})
