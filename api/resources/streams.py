"""GET /v1/streams: one thing, as it stands and as it came to be."""

from __future__ import annotations

from dataclasses import replace
from typing import Final
from uuid import UUID

from flask import Response

from api.answers import shown
from api.asking import Asked
from api.door import Answer, Door
from api.paging import link_next, listed, page_of
from api.resources.events import print_facts, query_of
from api.schemas.events import FactPage, StreamAsItStands
from api.schemas.queries import MinPosition, StreamFacts
from api.speaking import reader, the_ledger
from api.standings import stream_as_json
from api.waiting import require_position
from ledger.domain.fact import Speaker
from ledger.domain.refusals import NotThere
from ledger.service import StreamView

DOOR: Final = Door("streams", "Streams: organisations, partnerships, supports and all else, by id")


def seen_stream(stream_id: str, who: Speaker, kind: str | None = None) -> StreamView:
    """The stream. Raises NotThere where there is none (of this kind), or none for this reader."""
    ledger = the_ledger()
    view = ledger.stream(stream_id)
    if kind not in (None, view.kind) or not ledger.may_see(who, stream_id):
        raise NotThere(stream_kind=kind or "stream", id=stream_id)
    return view


@DOOR.get("/v1/streams/<uuid:stream_id>", Answer(200, StreamAsItStands), query=MinPosition)
def one_stream(asked: Asked, stream_id: UUID) -> Response:
    """A stream as it stands

    The tag is its version: send it back as `If-Match` with a post to be sure that nothing came between.
    """
    who, ledger = reader(), the_ledger()
    require_position(asked.get("min_position"), ledger.head, ledger.settings.min_position_wait_seconds)
    view = seen_stream(str(stream_id), who)
    return shown(stream_as_json(ledger, who, view), position=view.position, text=True, tag=str(view.version))


@DOOR.get("/v1/streams/<uuid:stream_id>/events", Answer(200, FactPage), query=StreamFacts)
def stream_facts(asked: Asked, stream_id: UUID) -> Response:
    """The facts of a stream in order

    Each as far as the credential may have it; who left a partnership reads what was recorded while it was a partner.
    """
    who, ledger = reader(), the_ledger()
    page = page_of(asked, StreamFacts)
    if not ledger.seen(ledger.stream_events(str(stream_id)), who):
        raise NotThere(stream_kind="stream", id=str(stream_id))
    found = ledger.facts(replace(query_of(page, None), stream=str(stream_id)), who)
    printed = print_facts(found.facts, who, asked)
    body = listed(printed, page, found.last_position, more=found.has_more, position=found.head, name="events")
    return link_next(shown(body, position=found.head, text=True), body)
