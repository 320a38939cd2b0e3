"""How answers leave: JSON with a tag over its bytes, not sent again to who has it; tables as CSV as well."""

from __future__ import annotations

import csv
import hashlib
import io
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

import orjson
from flask import Response, request

POSITION: Final = "X-Ledger-Position"
PRIVATE: Final = "private, no-cache"
NEVER: Final = "no-store"
CSV: Final = "text/csv"
NDJSON: Final = "application/x-ndjson"
XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
TABLES: Final = (CSV, XLSX)
FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")


def shown(body: Any, *, position: int, text: bool = False, tag: str | None = None) -> Response:
    """A view as JSON. `text` says that there are texts or people in it; `tag` is a strong tag, else a weak one over
    the body. Authority was asked before: who may not read is not told that nothing has changed."""
    return conditional(Response(orjson.dumps(body), content_type="application/json"), position, text, tag)


def conditional(response: Response, position: int, text: bool, tag: str | None = None) -> Response:
    """The answer with its tag, position and caching; 304 to who has it already."""
    if tag is None:
        response.set_etag(hashlib.sha256(response.get_data()).hexdigest()[:32], weak=True)
    else:
        response.set_etag(tag)
    response.headers["Cache-Control"] = NEVER if text else PRIVATE
    response.headers[POSITION] = str(position)
    response.headers.add("Vary", "Authorization, Cookie, Accept")
    response.make_conditional(request)
    return response


def wants(*media_types: str) -> str:
    """The media type the client likes best; the first of `media_types` when it says nothing."""
    return request.accept_mimetypes.best_match(media_types, media_types[0]) or media_types[0]


def lines(items: Iterable[Any], position: int, text: bool) -> Response:
    """Newline-delimited JSON."""
    body = b"".join(orjson.dumps(item) + b"\n" for item in items)
    return conditional(Response(body, content_type=NDJSON), position, text)


def table(
    rows: Iterable[Mapping[str, Any]], columns: Sequence[str], *, position: int, text: bool, name: str
) -> Response:
    """A table as CSV (RFC 4180), its columns named in the first line."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(columns)
    writer.writerows([cell(row.get(column)) for column in columns] for row in rows)
    response = Response(out.getvalue(), content_type=f"{CSV}; charset=utf-8; header=present")
    return conditional(named_file(response, f"{name}.csv"), position, text)


def named_file(response: Response, name: str) -> Response:
    """The answer as a file to keep."""
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def cell(value: Any) -> Any:
    """One cell. A text that a spreadsheet would take for a formula gets a leading apostrophe, a share below nothing
    (`-1/51`) too; a number does not."""
    match value:
        case None:
            return ""
        case bool():
            return "true" if value else "false"
        case int() | float():
            return value
        case dict() if "fraction" in value:
            value = value["fraction"]
        case dict() | list():
            value = orjson.dumps(value).decode()
    text = str(value)
    return "'" + text if text.startswith(FORMULA) else text
