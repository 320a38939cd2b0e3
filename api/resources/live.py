"""GET /v1/stream: facts as they are recorded, as server-sent events."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any, Final

from flask import Flask, Response, current_app, request

from api.asking import Asked
from api.door import Answer, Door
from api.live import Feed, Wanted
from api.refusals import TooManyStreams, not_readable
from api.schemas.live import StreamQuery
from api.schemas.queries import MOST_POSITION
from api.speaking import reader, the_ledger
from ledger.domain.fact import Speaker
from ledger.eventstore.searching import FactQuery

DOOR: Final = Door("live", "The live feed: facts as they are recorded")
EVENT_STREAM: Final = "text/event-stream"
POSITION: Final = re.compile(r"[0-9]{1,16}")
PLAIN: Final = (
    "stream", "organisation", "voice", "partnership", "actor", "recorded_from", "on_from", "on_to",
)  # fmt: skip
LAST_EVENT_ID: Final = {
    "in": "header",
    "name": "Last-Event-ID",
    "schema": {"type": "string", "pattern": "^[0-9]{0,16}$"},
    "description": "the `id` of the last event that arrived: it goes on after that; stronger than `after`",
}
HEADERS: Final = {"Cache-Control": "no-store", "X-Accel-Buffering": "no", "Vary": "Authorization"}


@DOOR.get(
    "/v1/stream",
    Answer(200, {"type": "string"}, (EVENT_STREAM,), about="events without an end; `data` of one without a name is a"
           " fact as a CloudEvent, `heartbeat`, `resync` and `end` are named", headers=("X-Accel-Buffering",)),
    query=StreamQuery,
    parameters=[LAST_EVENT_ID],
    refuses=(TooManyStreams,),
)  # fmt: skip
def stream_of_facts(asked: Asked) -> Response:
    """Facts as they are recorded, as server-sent events

    As far as the credential sees, worked out as they are sent. `id` is the position; a `heartbeat` bears the position
    up to which everything has been sent. After `resync` read afresh what you keep: the credential sees otherwise now.
    After `end` the credential holds no longer.
    """
    reader()
    known = last_event_id()
    wanted = Wanted(
        query=query_of(asked, asked.get("after") if known is None else known),
        root=request.host_url.rstrip("/"),
        as_stored=asked.get("dataschema") == "stored",
        who=who_again(),
    )
    extensions = current_app.extensions
    if request.method == "HEAD":
        return Response(content_type=EVENT_STREAM, headers=HEADERS)
    feed = Feed(the_ledger(), extensions["pledger.printer"], extensions["pledger.streams"], wanted)
    return Response(feed, content_type=EVENT_STREAM, headers=HEADERS)


def last_event_id() -> int | None:
    """The position of the last event that arrived. Raises NotReadable for what is none."""
    text = request.headers.get("Last-Event-ID", "").strip()
    if not text:
        return None
    if not POSITION.fullmatch(text) or int(text) > MOST_POSITION:
        raise not_readable("/Last-Event-ID", "not-a-position", "must be the id of an event of this stream")
    return int(text)


def query_of(asked: Asked, after: int | None) -> FactQuery:
    """The ledger's question; without a position it begins with what comes."""
    plain: dict[str, Any] = {name: asked.get(name) for name in PLAIN}
    return FactQuery(
        after=the_ledger().head() if after is None else after,
        types=asked.get("type", ()),
        correlation_id=asked.get("correlationid"),
        **plain,
    )


def who_again() -> Callable[[], Speaker]:
    """Asks whose request this is, again and as if it had just come."""
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]  # what the proxy stands for
    environ = {name: value for name, value in request.environ.items() if isinstance(value, str)}

    def ask() -> Speaker:
        with app.request_context(environ):
            return reader()

    return ask
