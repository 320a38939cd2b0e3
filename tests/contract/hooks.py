"""What no schema can say of a request that is right: read by schemathesis before each call.

What is meant to be wrong goes out as it was made, but for positions that are still to come.
"""

from __future__ import annotations

import json
import re
import unicodedata
from datetime import date
from typing import Any, Final

import schemathesis
from hypothesis import strategies
from schemathesis import GenerationMode

from api.cursors import open_cursor
from api.schemas.queries import MOST_POSITION
from ledger.errors import Refusal
from projections.question import FIRST_DAY, LAST_DAY

SEEN: Final = 20
"""A position that the views of the town have reached: a later one would be waited for in vain."""
STRETCHES: Final = (("from", "to"), ("on_from", "on_to"), ("recorded_from", "recorded_to"))
POSITION: Final = re.compile(r"position:[0-9]{1,16}")
SECONDS: Final = tuple(map(str, range(31)))
REASON: Final = "Complaint of 3 September"
"""What an auditor's must look like; of nobody else a reason is looked at, so that the document cannot ask for it."""
PENCE: Final = ("pence_per_day", "supplier_pence_per_day")
BATCH: Final = "application/cloudevents-batch+json"


@schemathesis.deserializer("application/x-ndjson")
def of_lines(context: Any, response: Any) -> Any:
    """The first line: each line has the schema that is documented."""
    lines = response.content.splitlines()
    return json.loads(lines[0]) if lines else None


schemathesis.openapi.format("date", strategies.dates(FIRST_DAY, LAST_DAY).map(date.isoformat))


@schemathesis.hook
def before_call(context: Any, case: Any, kwargs: dict[str, Any]) -> None:
    """Makes a right request one that this ledger can answer."""
    query: dict[str, Any] = case.query or {}
    at_reach(query)
    if case.meta is None or case.meta.generation.mode is not GenerationMode.POSITIVE:
        return
    readable(query)
    in_order(query)
    one_cursor(query)
    if "Read-Reason" in (case.headers or {}):
        case.headers["Read-Reason"] = REASON
    if case.path == "/v1/events" and case.method == "POST":
        one_mode(case)


def at_reach(query: dict[str, Any]) -> None:
    """Asks for no position that is still to come: 503 is what it would get. A value that is wrong stays wrong."""
    least = query.get("min_position")
    if str(least).isdecimal() and SEEN < int(str(least)) <= MOST_POSITION:
        query["min_position"] = SEEN
    if POSITION.fullmatch(str(query.get("known_at", ""))):
        query["known_at"] = f"position:{SEEN}"
    if str(query.get("wait", "")) in SECONDS:
        query["wait"] = 0


def readable(query: dict[str, Any]) -> None:
    """Texts hold a sign that can be seen: what is only spaces or signs of no meaning is blank."""
    for name, value in query.items():
        if isinstance(value, str) and all(unicodedata.category(sign)[0] in "ZC" for sign in value):
            query[name] = "a"


def in_order(query: dict[str, Any]) -> None:
    """A stretch ends no earlier than it begins, and is not named besides; a part is no more than the whole."""
    for first, last in STRETCHES:
        if first in query and last in query:
            query[first], query[last] = sorted((str(query[first]), str(query[last])))
    if {"from", "to"} & query.keys():
        query.pop("window", None)
    if "pence_per_day" in query or "supplier_pence_per_day" in query:
        query["supplier_pence_per_day"] = min(int(query.get(name, 0)) for name in PENCE)


def one_cursor(query: dict[str, Any]) -> None:
    """A cursor comes from a page, and carries its filters."""
    if "cursor" not in query:
        return
    try:
        open_cursor(str(query["cursor"]), {})
    except Refusal:
        del query["cursor"]
    else:
        for name in set(query) - {"cursor", "limit", "min_position"}:
            del query[name]


def one_mode(case: Any) -> None:
    """Attributes stand in the body or in headers, never in both; a batch has no headers of one event."""
    left_out = [name for name in case.headers or {} if name.lower().startswith("ce-")]
    if isinstance(case.body, list) or case.media_type == BATCH:
        left_out += ["If-Match", "Idempotency-Key"]
    elif isinstance(case.body, dict) and case.body.get("id") is not None:
        left_out.append("Idempotency-Key")
    for name in left_out:
        case.headers.pop(name, None)
