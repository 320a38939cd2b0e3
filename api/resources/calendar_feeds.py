"""/v1/calendar-feeds, and the feeds themselves: the days ahead in a calendar that needs no credential to read."""

from __future__ import annotations

from typing import Any, Final
from uuid import UUID

from flask import Response, g, request

from api.answers import PRIVATE, conditional
from api.asking import Asked
from api.calendar_feed import calendar
from api.door import Answer, Door
from api.figures import figures
from api.headers import LIMITS
from api.limits import the_limits
from api.refusals import NotWithAToken, RateLimited
from api.resources.posting import made
from api.schemas.calendar_feeds import Feed, Feeds, NewFeed, NewlyMade
from api.schemas.figures import CSV_TOO
from api.schemas.queries import MinPosition
from api.signing_in import public_url, signed_in
from api.speaking import bearer, reader, the_ledger, the_read_models
from api.waiting import as_far_as_asked
from ledger.access.feeds import CalendarFeed, MadeWith, NoSuchFeed, TooManyFeeds
from ledger.access.keys import PREFIX
from ledger.domain.values import moment
from projections.board.reach import reach_of
from projections.diary.answering import diary
from projections.views import EVERYTHING

DOOR: Final = Door("calendar-feeds", "Calendar feeds: the days ahead where a reader looks anyway")
OPEN: Final = Door("calendar", "The feeds themselves: the address is the key", public=True)
CALENDAR: Final = "text/calendar"


def as_json(feed: CalendarFeed) -> dict[str, Any]:
    read_at = {} if feed.read_at is None else {"read_at": moment(feed.read_at)}
    return {"id": feed.id, "name": feed.name, "made_at": moment(feed.made_at), **read_at}


@DOOR.post("/v1/calendar-feeds", Answer(201, NewlyMade), body=NewFeed, refuses=(TooManyFeeds, NotWithAToken))
def make_feed(asked: Asked, body: Asked) -> Response:
    """Makes a calendar feed

    Its address is in this answer and nowhere else, ever; whoever has it reads the calendar. The feed shows what this
    credential may see whenever it is read, and ends with it.
    """
    who, ledger = reader("reports:read"), the_ledger()
    feed, secret = ledger.calendar_feeds.make(who, made_with(), body["name"])
    address = f"{public_url() or request.host_url.rstrip('/')}/v1/calendar/{secret}.ics"
    return made(as_json(feed) | {"address": address}, 201, ledger.head(), {})


def made_with() -> MadeWith:
    """The API key of this request, or the account that is signed in. Raises NotWithAToken."""
    if "Authorization" not in request.headers:
        return MadeWith(account=signed_in(the_ledger().people).account.id)
    if not bearer().startswith(PREFIX):
        raise NotWithAToken
    return MadeWith(credential=the_ledger().credentials.by_key(bearer()).id)


@DOOR.get("/v1/calendar-feeds", Answer(200, Feeds), CSV_TOO, query=MinPosition)
def list_feeds(asked: Asked) -> Response:
    """The reader's own feeds, oldest first; never an address"""
    who, ledger = reader("reports:read"), the_ledger()
    as_far_as_asked(asked)
    position = ledger.head()
    items = [as_json(one) for one in ledger.calendar_feeds.list(who)]
    return figures({"items": items, "position": position}, rows="items", of=Feed, name="calendar-feeds", text=True)


@DOOR.delete("/v1/calendar-feeds/<uuid:feed_id>", Answer(204), refuses=(NoSuchFeed,))
def end_feed(asked: Asked, feed_id: UUID) -> Response:
    """Ends one of the reader's own feeds at once"""
    the_ledger().calendar_feeds.end(reader("reports:read"), str(feed_id))
    return Response(status=204)


@OPEN.get(
    "/v1/calendar/<string:feed>.ics",
    Answer(200, {"type": "string"}, (CALENDAR,), headers=("X-Ledger-Position", "Content-Disposition", *LIMITS)),
    Answer(304, about="the calendar is the one that `If-None-Match` names"),
    refuses=(NoSuchFeed, RateLimited),
)
def read_feed(asked: Asked, feed: str) -> Response:
    """The days ahead of whoever made the feed, as a calendar

    Reviews, last days to give notice, points that open, offers and requests that run out: whole days in the ledger's
    zone, with the names of organisations and partnerships alone.
    """
    ledger = the_ledger()
    who, name = ledger.calendar_feeds.subscriber(feed)
    if who.scopes and "reports:read" not in who.scopes:
        raise NoSuchFeed
    the_limits().take("reads", f"calendar feeds {who.principal}")
    g.speaker, today = who, ledger.today()
    found = the_read_models().answer(diary, EVERYTHING, who, reach_of(who, ledger), today)
    text = calendar(found, name, ledger.zone.key, ledger.origin, today)
    response = Response(text, content_type=f"{CALENDAR}; charset=utf-8")
    response.headers["Content-Disposition"] = 'inline; filename="partnership-ledger.ics"'
    answer = conditional(response, ledger.head(), text=False)
    answer.headers["Cache-Control"] = PRIVATE
    return answer
