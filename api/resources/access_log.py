"""GET /v1/access-log: who read what, and why."""

from __future__ import annotations

from collections.abc import Mapping
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
from ledger.domain.values import MAX_INTEGER, UUID_FORM, moment
from ledger.visibility import PARTNERSHIP, WITHHELD, Sight, keys_for

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
    items, position = [as_json(one) for one in in_sight(found, who)], ledger.head()
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


def in_sight(entries: list[Entry], who: Speaker) -> list[Entry]:
    """The entries as this reader may hear of them. One answer can be about many at once, and a question can name what
    belongs to others: partnerships and streams out of sight are left out, unless the reader asked itself."""
    ledger = the_ledger()
    sight = ledger.sight(who)
    if sight.touching is None:
        return entries
    opened = {one for entry in entries for one in entry.opened}
    touched = ledger.store.seen_by(sight.touching).concerned(opened) if opened else {}
    seen = {one: keys for one, keys in touched.items() if not sight.touching.isdisjoint(keys)}
    return [one if one.principal == who.principal else reduced(one, sight, seen) for one in entries]


def reduced(entry: Entry, sight: Sight, seen: Mapping[str, set[str]]) -> Entry:
    """What somebody else asked, without what is out of sight. `seen` are streams in sight, with the keys they touch.

    The organisations that a question named are told: they are known by the directory."""
    sent = {name: value.lower().split(",") for name, value in entry.asked.items()}
    opened = [one for one in entry.opened if one in seen]
    beside = {entry.thing, *(one for values in sent.values() for one in values)}
    about = [key for key in entry.about if is_told(key, sight)]
    if entry.opened:  # by one reason, what is many organisations' can be opened at once
        ours = sight.own.union(*(seen[one] for one in opened))
        about = [key for key in about if key.startswith(PARTNERSHIP) or key in ours or id_in(key) in beside]
    known = set(map(id_in, about))
    foreign = {name for name, values in sent.items() if any(is_id(one) and one not in known for one in values)}
    return entry._replace(
        thing=None if entry.thing in set(map(id_in, entry.about)) - known else entry.thing,
        about=about,
        asked={name: WITHHELD if name in foreign else value for name, value in entry.asked.items()},
        opened=opened,
    )


def is_told(key: str, sight: Sight) -> bool:
    return not key.startswith(PARTNERSHIP) or sight.opens(id_in(key))


def id_in(key: str) -> str:
    return key.partition(":")[2]


def is_id(value: str) -> bool:
    return UUID_FORM.fullmatch(value) is not None


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
