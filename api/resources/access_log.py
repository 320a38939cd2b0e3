"""GET /v1/access-log: who read what, and why."""

from __future__ import annotations

from typing import Any, Final

from flask import Response

from api.asking import Asked
from api.door import Answer, Door
from api.figures import figures
from api.paging import Page, link_next, listed, page_of
from api.resources.streams import seen_stream
from api.schemas.access_log import AccessEntry, AccessLog, AccessQuery
from api.schemas.figures import CSV_TOO
from api.speaking import reader, the_ledger
from ledger.access import entries
from ledger.access.entries import Entry
from ledger.domain.fact import Speaker
from ledger.domain.refusals import NotThere
from ledger.domain.values import MAX_INTEGER, moment
from ledger.visibility import PARTNERSHIP, keys_for

DOOR: Final = Door("access-log", "Who read what")
ORGANISATION: Final = "organisation:"
NAMED: Final = ("principal", "organisation", "partnership", "route", "from_", "to")


@DOOR.get("/v1/access-log", Answer(200, AccessLog), CSV_TOO, query=AccessQuery, refuses=(NotThere,))
def access_log(asked: Asked) -> Response:
    """Who read what, when, and why where a reason is needed

    An organisation sees what was read of it; an auditor what was read of anything in scope, of the whole ledger
    everything. Reading this is noted as well.
    """
    who, ledger = reader(), the_ledger()
    page = page_of(asked, AccessQuery)
    keys = shown_to(who, page.filters)
    query = query_of(page)
    found, more = ledger.access_log.find(query, keys)
    items, position = [as_json(one) for one in found], ledger.head()
    last = found[-1].entry if found else query.after
    body = listed(items, page, last, more=more, position=position, name="items")
    return link_next(figures(body, rows="items", of=AccessEntry, name="access-log", text=True), body)


def query_of(page: Page) -> entries.AccessQuery:
    """The question; newest first, a list begins after everything there is."""
    given = page.filters
    newest = given.get("order") == "newest"
    named = {name: given[name] for name in NAMED if name in given}
    after = page.after_position(MAX_INTEGER if newest else 0)
    return entries.AccessQuery(after=after, limit=page.limit, newest=newest, **named)


def shown_to(who: Speaker, given: Asked) -> frozenset[str] | None:
    """The keys about which this reader is shown entries, None for all. Raises NotThere for what is out of sight."""
    ledger = the_ledger()
    if who.role != "auditor":
        keys: frozenset[str] | None = keys_for(ORGANISATION, who.organisations)
    else:
        keys = ledger.sight(who).keys
    for kind, one in ((ORGANISATION, given.get("organisation")), (PARTNERSHIP, given.get("partnership"))):
        if one is None:
            continue
        if kind == PARTNERSHIP:
            seen_stream(one, who, "partnership")
        elif ledger.organisation(one) is None or not (keys is None or f"{kind}{one}" in keys):
            raise NotThere(stream_kind="organisation", id=one)
    return keys


def as_json(entry: Entry) -> dict[str, Any]:
    """An entry as it is told of."""
    found = {
        "entry": entry.entry,
        "at": moment(entry.at),
        "principal": entry.principal,
        "role": entry.role,
        "route": entry.route,
        "id": entry.thing,
        "organisation_ids": ids_in(entry.about, ORGANISATION),
        "partnership_ids": ids_in(entry.about, PARTNERSHIP),
        "asked": entry.asked,
        "status": entry.status,
        "rows": entry.lines,
        "reason": entry.reason,
        "opened": entry.opened or None,
    }
    return {name: value for name, value in found.items() if value is not None}


def ids_in(keys: list[str], kind: str) -> list[str]:
    return [key.removeprefix(kind) for key in keys if key.startswith(kind)]
