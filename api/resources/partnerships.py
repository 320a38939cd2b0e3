"""/v1/partnerships: who works together, and whether it goes both ways."""

from __future__ import annotations

from typing import Any, Final
from uuid import UUID

from flask import Response

from api.answers import shown
from api.asking import Asked
from api.door import Answer, Door
from api.figures import explained, figures, question
from api.paging import link_next, listed, page_of
from api.resources.events import query_of
from api.resources.organisations import MOST_ENTRIES
from api.resources.streams import seen_stream
from api.schemas.figures import CSV_TOO, PartnerFigures, Partnership, Partnerships, ScopeFigures
from api.schemas.queries import MinPosition, PartnershipsQuery, Windowed
from api.speaking import reader, the_ledger, the_read_models
from api.states import shape_of, state_as_json
from api.waiting import as_far_as_asked
from ledger.service import StreamView
from ledger.states import load
from projections.reciprocity.balance_working import partnership_workings
from projections.working import workings_to_json

DOOR: Final = Door("partnerships", "Partnerships: members, terms and balances")


@DOOR.get("/v1/partnerships", Answer(200, Partnerships), CSV_TOO, query=PartnershipsQuery)
def list_partnerships(asked: Asked) -> Response:
    """The partnerships the credential may look into, in the order in which they were formed"""
    who, ledger = reader(), the_ledger()
    as_far_as_asked(asked)
    page = page_of(asked, PartnershipsQuery)
    found = ledger.facts(query_of(page, ledger.opened_to(who), types=("partnership.formed",)))
    states = load(ledger.store, [fact.stream.id for fact in found.facts])
    items = [in_short(one.state) for one in states.values()]
    body = listed(items, page, found.last_position, more=found.has_more, position=found.head, name="items")
    return link_next(figures(body, rows="items", of=Partnership, name="partnerships", text=True), body)


def in_short(state: Any) -> dict[str, Any]:
    """A partnership as lists show it."""
    days = {name: getattr(state, name) for name in ("starts_on", "ends_on", "closed_on")}
    return {
        "id": state.id,
        "name": state.name,
        "purpose": state.purpose,
        "shape": shape_of(state),
        "coordinator_id": state.coordinator_id,
        "partners": sorted(state.active_partners(the_ledger().today())),
        **{name: day.isoformat() for name, day in days.items() if day is not None},
    }


@DOOR.get("/v1/partnerships/<uuid:partnership_id>", Answer(200, Partnership), query=MinPosition)
def one_partnership(asked: Asked, partnership_id: UUID) -> Response:
    """One partnership as it stands"""
    who = reader()
    as_far_as_asked(asked)
    view = seen_stream(str(partnership_id), who, "partnership")
    return shown(partnership_as_json(view), position=view.position, text=True)


def partnership_as_json(view: StreamView) -> dict[str, Any]:
    more = {"version": view.version, "position": view.position, "state": state_as_json(view.state)}
    return in_short(view.state) | more


@DOOR.get("/v1/partnerships/<uuid:partnership_id>/balances", Answer(200, ScopeFigures), CSV_TOO, query=Windowed)
def balances(asked: Asked, partnership_id: UUID) -> Response:
    """What each partner gave and got in a partnership, and who gave whom how much"""
    seen_stream(str(partnership_id), reader("reports:read"), "partnership")
    asked_for, read_models = question(asked), the_read_models()
    answer = read_models.partnership_balances(str(partnership_id), asked_for).to_json()
    if asked["explain"]:
        behind = read_models.evidence(partnership_id=str(partnership_id), asked=asked_for, limit=MOST_ENTRIES)
        answer["explained"] = explained(behind)
        members = [one["organisation_id"] for one in answer["members"]]
        workings = read_models.answer(partnership_workings, asked_for, str(partnership_id), members)
        answer["working"] = workings_to_json(workings)
    return figures(answer, rows="members", of=PartnerFigures, name="balances")
