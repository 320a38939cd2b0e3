"""Histories in plain sentences, the audit trail with its marks, and the questions it gives rise to."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final
from uuid import UUID

from flask import Response

from api.asking import Asked as Given
from api.door import Answer, Door
from api.figures import figures, question
from api.paging import Page, link_next, page_of, with_cursor
from api.resources.streams import seen_stream
from api.schemas.figures import CSV_TOO
from api.schemas.trail import (
    AskedOfUs,
    HistoryQuery,
    Questions,
    QuestionsQuery,
    TrailEntry,
    TrailPage,
    TrailQuery,
)
from api.speaking import reader, the_ledger, the_read_models
from api.trails import filters_for, require_auditing
from ledger.domain.fact import Speaker
from ledger.domain.refusals import NotThere
from projections.audit.histories import everything, organisation_history, partnership_history
from projections.audit.questions import in_sight, questions
from projections.audit.trail import Asked, TrailAnswer
from projections.reciprocity.queries import of_organisation, of_partnership

DOOR: Final = Door("trail", "Histories, the audit trail, and what it gives rise to ask")


@DOOR.get("/v1/partnerships/<uuid:partnership_id>/history", Answer(200, TrailPage), CSV_TOO, query=HistoryQuery)
def history_of_partnership(asked: Given, partnership_id: UUID) -> Response:
    """A partnership's history in plain sentences

    In the order of recording, or the newest first. Free text is in none of them: `/v1/events/{id}` holds it.
    """
    who = reader()
    seen_stream(str(partnership_id), who, "partnership")
    return page(asked, HistoryQuery, who, partnership_history, str(partnership_id))


@DOOR.get("/v1/organisations/<uuid:organisation_id>/history", Answer(200, TrailPage), CSV_TOO, query=HistoryQuery)
def history_of_organisation(asked: Given, organisation_id: UUID) -> Response:
    """An organisation's history across every identity it has had

    A school that became an academy has one history: `identities` are the others, `identity_ids` say whose a fact is.
    """
    who = reader()
    require_organisation(who, str(organisation_id))
    return page(asked, HistoryQuery, who, organisation_history, str(organisation_id))


@DOOR.get("/v1/audit/trail", Answer(200, TrailPage), CSV_TOO, query=TrailQuery, refuses=(NotThere,))
def trail_in_sight(asked: Given) -> Response:
    """The audit trail: every fact in sight with its marks (auditors and coordinators)"""
    who = auditing()
    filters = page_of(asked, TrailQuery).filters
    partnership_id, organisation_id = filters.get("partnership"), filters.get("organisation")
    if organisation_id is not None:
        require_organisation(who, organisation_id)
    if partnership_id is not None:
        seen_stream(partnership_id, who, "partnership")
        return page(asked, TrailQuery, who, partnership_history, partnership_id)
    if organisation_id is not None:
        return page(asked, TrailQuery, who, organisation_history, organisation_id)
    return page(asked, TrailQuery, who, everything)


@DOOR.get("/v1/audit/questions", Answer(200, Questions), CSV_TOO, query=QuestionsQuery, refuses=(NotThere,))
def questions_in_sight(asked: Given) -> Response:
    """Questions that the record gives rise to (auditors and coordinators)

    `mirrored`: two organisations gave each other the same amount, confirmed within a day, three times or more.
    """
    who, paged = auditing(), page_of(asked, QuestionsQuery)
    given, about = paged.filters, dict[str, str]()
    scope = in_sight(the_ledger().visible(who))
    if "partnership" in given:
        seen_stream(given["partnership"], who, "partnership")
        scope, about = of_partnership(given["partnership"]), {"partnership": given["partnership"]}
    elif "organisation" in given:
        require_organisation(who, given["organisation"])
        scope, about = of_organisation([given["organisation"]]), {"organisation": given["organisation"]}
    found = the_read_models().answer(
        questions, question(given), scope, about, after=paged.after_text() or "", limit=paged.limit,
        explain=given["explain"],
    )  # fmt: skip
    body = with_cursor(found.to_json(), paged)
    return link_next(figures(body, rows="items", of=AskedOfUs, name="questions"), body)


def require_organisation(who: Speaker, organisation_id: str) -> None:
    """Passes when an organisation's facts are within sight. Raises NotThere."""
    ledger = the_ledger()
    if ledger.organisation(organisation_id) is None or not ledger.may_see_organisation(who, organisation_id):
        raise NotThere(stream_kind="organisation", id=organisation_id)


def auditing() -> Speaker:
    """Who reads the trail. Raises RoleForbidden."""
    who = reader()
    require_auditing(who)
    return who


def page(
    asked: Given, schema: type[HistoryQuery], who: Speaker, history: Callable[..., TrailAnswer], *of: str
) -> Response:
    """A page of a history, as JSON or CSV."""
    paged = page_of(asked, schema)
    answer = the_read_models().answer(history, question(paged.filters), *of, asked_for(paged, who))
    body = with_cursor(answer.to_json(), paged)
    return link_next(figures(body, rows="items", of=TrailEntry, name="history", text=True), body)


def asked_for(paged: Page, who: Speaker) -> Asked:
    """The filters of a page, and how far its reader sees."""
    given = paged.filters
    both = {"organisation", "partnership"} <= given.keys()
    filters = filters_for(
        the_ledger(),
        who,
        types=given.get("type", ()),
        voice=given.get("voice"),
        on_from=given.get("on_from"),
        on_to=given.get("on_to"),
        within=((f"organisation:{given['organisation']}",),) if both else (),
    )
    return Asked(
        filters=filters,
        marks=frozenset(given.get("mark", ())),
        order=given.get("order", "ledger"),
        after=None if paged.after is None else paged.after_position(0),
        limit=paged.limit,
    )
