"""/v1/organisations: the directory, and what each organisation gave and got."""

from __future__ import annotations

from typing import Any, Final
from uuid import UUID

from flask import Response

from api.answers import shown
from api.asking import Asked
from api.door import Answer, Door
from api.figures import explained, figures, organisation_for, question
from api.paging import Page, link_next, listed, page_of, with_cursor
from api.refusals import not_readable
from api.schemas.figures import (
    CSV_TOO,
    BalanceFigures,
    Organisation,
    Organisations,
    PartnerFigures,
    PartnersFigures,
    StatementLine,
    StatementPage,
)
from api.schemas.queries import Balanced, MinPosition, OrganisationsQuery, PagedFigures, StatementQuery
from api.speaking import speaker, the_ledger, the_read_models
from api.waiting import as_far_as_asked
from ledger.domain import shape
from ledger.domain.refusals import NotThere
from ledger.service import StreamView
from projections.reciprocity.balance_working import balance_workings
from projections.statement.explaining import workings_of
from projections.working import workings_to_json

DOOR: Final = Door("organisations", "Organisations: the directory, balances and statements")
MOST_ENTRIES: Final = 1000


@DOOR.get("/v1/organisations", Answer(200, Organisations), CSV_TOO, query=OrganisationsQuery)
def list_organisations(asked: Asked) -> Response:
    """The directory, by name

    `q` finds names that hold every word; `identifier` the organisation that holds it now.
    """
    speaker()
    read_models = the_read_models()
    if asked.get("min_position"):
        read_models.wait_for(asked["min_position"], the_ledger().settings.min_position_wait_seconds)
    page = page_of(asked, OrganisationsQuery)
    if "identifier" in page.filters:
        return shown_page(*holders(page.filters["identifier"]), page, more=False)
    found, position = read_models.organisations(
        page.filters.get("q", "").split(), after=after_of(page), limit=page.limit + 1
    )
    items = [one.to_json() for one in found[: page.limit]]
    return shown_page(items, position, page, more=len(found) > page.limit)


def shown_page(items: list[dict[str, Any]], position: int, page: Page, *, more: bool) -> Response:
    last = f"{items[-1]['id']} {items[-1]['name']}" if items else page.after_text() or ""
    body = listed(items, page, last, more=more, position=position, name="items")
    return link_next(figures(body, rows="items", of=Organisation, name="organisations"), body)


def after_of(page: Page) -> tuple[str, str] | None:
    """The (name, id) that a page follows."""
    last = page.after_text()
    if not last:
        return None
    organisation_id, _, name = last.partition(" ")
    try:
        return name, str(UUID(organisation_id))
    except ValueError:
        raise not_readable("/cursor", "not-a-cursor", "belongs to another list") from None


def holders(identifier: str) -> tuple[list[dict[str, Any]], int]:
    """The organisation that holds `scheme:value` now, and the position."""
    ledger, (scheme, _, value) = the_ledger(), identifier.partition(":")
    position = ledger.head()
    views = [
        ledger.stream(stream_id)
        for kind, stream_id in ledger.store.streams_with_key(f"identifier:{scheme}:{value}")
        if kind == "organisation"
    ]
    return [organisation_as_json(view) for view in views if view.state.holds(scheme, value)], position


def organisation_as_json(view: StreamView) -> dict[str, Any]:
    """An organisation as it stands today."""
    state = view.state
    succession = state.succession
    more = {
        "trust_id": state.trust_on(the_ledger().today()),
        "closed_on": None if state.closed_on is None else state.closed_on.isoformat(),
        "successor_id": None if succession is None else succession.successor_id,
        "duplicate_of": state.duplicate_of,
    }
    given = {name: value for name, value in more.items() if value is not None}
    return {"id": view.id, **shape.write(state.details), **given}


@DOOR.get("/v1/organisations/<uuid:organisation_id>", Answer(200, Organisation), query=MinPosition)
def one_organisation(asked: Asked, organisation_id: UUID) -> Response:
    """One organisation of the directory"""
    speaker()
    ledger = the_ledger()
    as_far_as_asked(asked)
    view = ledger.stream(str(organisation_id))
    if view.kind != "organisation":
        raise NotThere(stream_kind="organisation", id=str(organisation_id))
    body = organisation_as_json(view) | {"version": view.version, "position": view.position}
    return shown(body, position=view.position)


@DOOR.get("/v1/organisations/<uuid:organisation_id>/balance", Answer(200, BalanceFigures), CSV_TOO, query=Balanced)
def balance(asked: Asked, organisation_id: UUID) -> Response:
    """What an organisation gave and got, over all its support or with one other"""
    own, other = str(organisation_id), asked.get("with_")
    organisation_for(own)
    asked_for, read_models = question(asked), the_read_models()
    answer = (
        read_models.balance(own, asked_for) if other is None else read_models.pair(own, other, asked_for)
    ).to_json()
    if asked["explain"]:
        behind = read_models.evidence(organisation_id=own, other_id=other, asked=asked_for, limit=MOST_ENTRIES)
        answer["explained"] = explained(behind)
        answer["working"] = workings_to_json(read_models.answer(balance_workings, asked_for, own, other))
    return figures(answer, name="balance")


@DOOR.get(
    "/v1/organisations/<uuid:organisation_id>/partners", Answer(200, PartnersFigures), CSV_TOO, query=PagedFigures
)
def partners(asked: Asked, organisation_id: UUID) -> Response:
    """What an organisation gave to and got from each other"""
    organisation_for(str(organisation_id))
    page, read_models = page_of(asked, PagedFigures), the_read_models()
    after, asked_for = page.after_text() or "", question(page.filters)
    answer = read_models.partners(str(organisation_id), asked_for, after=after, limit=page.limit).to_json()
    if page.filters["explain"]:
        workings = read_models.answer(balance_workings, asked_for, str(organisation_id))
        answer["working"] = workings_to_json(workings)
    body = with_cursor(answer, page)
    return link_next(figures(body, rows="items", of=PartnerFigures, name="partners"), body)


@DOOR.get(
    "/v1/organisations/<uuid:organisation_id>/statement", Answer(200, StatementPage), CSV_TOO, query=StatementQuery
)
def account(asked: Asked, organisation_id: UUID) -> Response:
    """An organisation's account, line by line

    In order of business date and position; opening and lines make the closing of the whole window.
    """
    organisation_for(str(organisation_id))
    page = page_of(asked, StatementQuery)
    asked_for = question(page.filters)
    try:
        found = the_read_models().statement(
            str(organisation_id),
            other_id=page.filters.get("with_"),
            asked=asked_for,
            after=page.after_text() or "",
            limit=page.limit,
        )
    except ValueError:
        raise not_readable("/cursor", "not-a-cursor", "belongs to another list") from None
    answer = found.to_json()
    if asked["explain"]:
        answer["working"] = workings_to_json(workings_of(found))
    body = answer | {"next": listed([], page, answer["next"], more=False, position=0, name="items")["next"]}
    return link_next(figures(body, rows="items", of=StatementLine, name="statement"), body)
