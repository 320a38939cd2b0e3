"""Cursors: where a reader stands in a list, with the filters it reads by. They do not expire."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Mapping
from typing import Any

import orjson

from api.refusals import CursorOfAnotherQuery, not_readable
from ledger.domain.values import MAX_INTEGER


def make_cursor(query: Mapping[str, Any], after: int | str) -> str:
    """The cursor for what comes after `after` in the list that `query`, the filters as sent, asks for."""
    text = orjson.dumps({"after": after, "query": query}, option=orjson.OPT_SORT_KEYS)
    return base64.urlsafe_b64encode(text).rstrip(b"=").decode()


def open_cursor(text: str, asked: Mapping[str, Any]) -> tuple[dict[str, Any], int | str]:
    """The filters of a cursor and where it stands. Raises CursorOfAnotherQuery when the request names other filters
    than the cursor carries, NotReadable for what is no cursor."""
    try:
        held = orjson.loads(base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True))
        query, after = held["query"], held["after"]
    except (ValueError, KeyError, TypeError, binascii.Error):
        raise not_readable("/cursor", "not-a-cursor", "is no cursor of this ledger") from None
    if not is_query(query) or not is_place(after):
        raise not_readable("/cursor", "not-a-cursor", "is no cursor of this ledger")
    other = sorted(name for name, value in asked.items() if query.get(name) != value)
    if other:
        raise CursorOfAnotherQuery(f"the cursor was made with another {', '.join(other)}")
    return query, after


def is_query(query: Any) -> bool:
    """Filters as a client sends them: each a text, or a list of texts."""
    return isinstance(query, dict) and all(
        is_text(value) or (isinstance(value, list) and value != [] and all(map(is_text, value)))
        for value in query.values()
    )


def is_place(after: Any) -> bool:
    return is_text(after) or (type(after) is int and 0 <= after <= MAX_INTEGER)


def is_text(value: Any) -> bool:
    return isinstance(value, str) and "\x00" not in value
