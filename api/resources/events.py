"""GET /v1/events: facts in ledger order, one fact, and its exact bytes."""

from __future__ import annotations

import time
from dataclasses import replace
from typing import Any, Final
from uuid import UUID

from flask import Response, current_app, request

from api.answers import NDJSON, conditional, lines, shown, wants
from api.asking import Asked
from api.door import Answer, Door
from api.facts import Printer
from api.paging import Page, link_next, listed, page_of
from api.schemas.events import Event, FactPage
from api.schemas.queries import FactQuery as FactAsked
from api.schemas.queries import FactsQuery
from api.speaking import reader, the_ledger
from api.waiting import Waiting, require_position
from ledger.domain.fact import AnyFact, Speaker
from ledger.domain.refusals import NotThere
from ledger.eventstore import searching

DOOR: Final = Door("facts", "Facts: what was admitted, for ever")
JSON: Final = "application/json"
PLAIN: Final = (
    "stream", "organisation", "voice", "partnership", "actor", "recorded_from", "recorded_to", "on_from", "on_to",
)  # fmt: skip


@DOOR.get("/v1/events", Answer(200, FactPage), Answer(200, Event, (NDJSON,)), query=FactsQuery)
def list_facts(asked: Asked) -> Response:
    """Facts in ledger order

    What touches the credential's organisations and partnerships, each fact as far as it may be known; the directory,
    the board and the practices list what is everybody's. `next` goes on after the last position looked at, also from
    an empty page.
    """
    who, ledger = reader(), the_ledger()
    require_position(asked.get("min_position"), ledger.head, ledger.settings.min_position_wait_seconds)
    page = page_of(asked, FactsQuery)
    found = held(query_of(page, None), who, asked["wait"])
    printed = print_facts(found.facts, who, asked)
    body = listed(printed, page, found.last_position, more=found.has_more, position=found.head, name="events")
    if wants(JSON, NDJSON) == NDJSON:
        return link_next(lines(printed, found.head, text=True), body)
    return link_next(shown(body, position=found.head, text=True), body)


def query_of(page: Page, visible: tuple[str, ...] | None, types: tuple[str, ...] = ()) -> searching.FactQuery:
    """The ledger's question for what was asked; `types` where the request does not say."""
    asked = page.filters
    return searching.FactQuery(
        after=page.after_position(asked.get("after", 0)),
        limit=page.limit,
        types=asked.get("type", types),
        correlation_id=asked.get("correlationid"),
        visible=visible,
        **{name: asked.get(name) for name in PLAIN},
    )


def held(query: searching.FactQuery, who: Speaker, seconds: int) -> searching.FactPage:
    """What a reader sees of a page; an empty one only after nothing matched for so long. Raises TooManyWaiting."""
    ledger = the_ledger()
    found = ledger.page(query, who)
    if found.facts or not seconds:
        return found
    deadline = time.monotonic() + seconds
    waiting: Waiting = current_app.extensions["pledger.waiting"]
    with waiting.place():
        while not found.facts and waiting.beyond(found.last_position, deadline):
            found = ledger.page(replace(query, after=found.last_position), who)
    return found


def print_facts(facts: list[AnyFact], who: Speaker, asked: Asked) -> list[dict[str, Any]]:
    printer: Printer = current_app.extensions["pledger.printer"]
    return printer.printed(facts, who, request.host_url.rstrip("/"), as_stored=asked.get("dataschema") == "stored")


def seen(event_id: str, who: Speaker) -> AnyFact:
    """The fact. Raises NotThere where there is none, or none for this reader."""
    fact = the_ledger().fact(event_id, who)
    if the_ledger().may_see_facts(who, [fact]):
        return fact
    raise NotThere(stream_kind="event", id=event_id)


@DOOR.get("/v1/events/<uuid:event_id>", Answer(200, Event), query=FactAsked)
def one_fact(asked: Asked, event_id: UUID) -> Response:
    """One fact"""
    who = reader()
    fact = seen(str(event_id), who)
    [printed] = print_facts([fact], who, asked)
    return shown(printed, position=fact.position, text=True)


@DOOR.get("/v1/events/<uuid:event_id>/record", Answer(200, {"type": "object"}))
def one_record(asked: Asked, event_id: UUID) -> Response:
    """The exact bytes of a fact

    For those who may have the whole fact. The leaf of the ledger's tree is SHA-256 over a zero byte and these; the tag
    of the answer is that hash.
    """
    who, ledger = reader(), the_ledger()
    fact = seen(str(event_id), who)
    if not ledger.read_whole([fact], who):
        raise NotThere(stream_kind="event", id=str(event_id))
    record, leaf_hash = ledger.record(str(event_id))
    return conditional(Response(record, content_type=JSON), fact.position, text=True, tag=leaf_hash.hex())
