"""The headers of answers and requests, each described once for the document."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING, Any, Final

from api.schemas.queries import Paged

if TYPE_CHECKING:
    from api.door import Endpoint

Described = dict[str, Any]
EVENT_STREAM: Final = "text/event-stream"

HEADERS: Final[dict[str, Described]] = {
    "X-Ledger-Position": {
        "description": "how far the ledger was when the answer was worked out; sent back as `min_position`, "
        "a later answer knows at least as much",
        "schema": {"type": "integer", "minimum": 0},
        "example": 1042,
    },
    "ETag": {
        "description": "weak over the body; strong where it is the version of a stream, or the hash of a record",
        "schema": {"type": "string", "pattern": '^(W/)?"[^"]*"$'},
        "example": '"7"',
    },
    "Cache-Control": {
        "description": "no-store where there is text or people, else private; public where there is no secret",
        "schema": {"type": "string"},
        "example": "no-store",
    },
    "Vary": {"description": "what of a request the answer depends on", "schema": {"type": "string"}},
    "Link": {
        "description": 'rel="next": the next page, while there is one',
        "schema": {"type": "string"},
        "example": '</v1/events?cursor=eyJhZnRlciI6MTB9>; rel="next"',
    },
    "Location": {"description": "where what was made is read", "schema": {"type": "string", "format": "uri-reference"}},
    "Idempotency-Replayed": {
        "description": "true: this was here already, and the first receipt is told again",
        "schema": {"type": "string", "enum": ["true"]},
    },
    "Content-Disposition": {"description": "the name of the file that a table is", "schema": {"type": "string"}},
    "Retry-After": {"description": "seconds to wait before the next attempt", "schema": {"type": "integer"}},
    "RateLimit-Policy": {
        "description": "which limit this counted against, how much it allows (q) and in how many seconds (w)",
        "schema": {"type": "string"},
        "example": '"reads";q=6000;w=60',
    },
    "RateLimit": {
        "description": "what is left of it (r), and in how many seconds there is more (t)",
        "schema": {"type": "string"},
        "example": '"reads";r=5981;t=1',
    },
    "X-Request-Id": {
        "description": "the request's id: the service's log has it, and so has the `instance` of a problem",
        "schema": {"type": "string"},
    },
    "Pragma": {"description": "no-cache, for caches that know no better", "schema": {"type": "string"}},
    "X-Accel-Buffering": {"description": "no: a proxy passes on what it gets", "schema": {"type": "string"}},
    "WWW-Authenticate": {"description": "how to say who speaks", "schema": {"type": "string"}},
}
OF_PROBLEMS: Final[dict[int, tuple[str, ...]]] = {
    401: ("WWW-Authenticate",),
    403: ("WWW-Authenticate",),
    429: ("Retry-After",),
    503: ("Retry-After",),
}
LIMITS: Final = ("RateLimit", "RateLimit-Policy")
EVERYWHERE: Final = ("X-Request-Id", "Cache-Control")
IF_NONE_MATCH: Final[Described] = {
    "in": "header",
    "name": "If-None-Match",
    "description": "the tag of the answer that you have: 304 when it is still the same",
    "schema": {"type": "string"},
    "example": 'W/"5f1d7a84db735c1e0e1fd5a2b5fd5a4b"',
}
READ_REASON: Final[Described] = {
    "in": "header",
    "name": "Read-Reason",
    "description": "why an auditor reads: opens texts and what is confidential for this request, and both sides are "
    "shown it; 10 to 200 characters, UTF-8 percent-encoded; of others it is not looked at",
    "schema": {"type": "string"},
    "example": "Complaint of 3 September",
}


def refer_to(*names: str) -> Described:
    """References to headers."""
    return {name: {"$ref": f"#/components/headers/{name}"} for name in names}


NOT_AGAIN: Final[Described] = {
    "description": "you have it already: the tag that `If-None-Match` names is still that of the answer",
    "headers": refer_to(*EVERYWHERE, "ETag", "X-Ledger-Position", "Vary", "Link", "Content-Disposition", *LIMITS),
}


def headers_of_problem(status: int) -> Described:
    """The headers of a problem with this status."""
    return refer_to(*EVERYWHERE, *OF_PROBLEMS.get(status, ()), *LIMITS)


def is_endless(endpoint: Endpoint) -> bool:
    """Whether the answer is a stream that goes on."""
    return any(EVENT_STREAM in one.types for one in endpoint.answers)


def is_tagged(endpoint: Endpoint, *, public: bool) -> bool:
    """Whether an answer bears a tag, and is not sent again to who has it."""
    told = any(one.status == HTTPStatus.NOT_MODIFIED for one in endpoint.answers)
    return endpoint.method == "GET" and not is_endless(endpoint) and (told or not public)


def is_noted(endpoint: Endpoint, *, public: bool) -> bool:
    """Whether it is noted who read, so that an auditor may say why."""
    return endpoint.method == "GET" and endpoint.rule.startswith("/v1/") and not public


def headers_of_answer(endpoint: Endpoint, status: int, *, public: bool) -> Described:
    """The headers of an answer that refuses nothing."""
    found = [*EVERYWHERE]
    if not public:
        found += LIMITS if status == 204 or is_endless(endpoint) else ("X-Ledger-Position", *LIMITS)
    if is_tagged(endpoint, public=public):
        found += ["ETag", "Vary"]
        if issubclass(endpoint.query, Paged):
            found.append("Link")
        if any(one.types != ("application/json",) for one in endpoint.answers):
            found.append("Content-Disposition")
    if status in (HTTPStatus.CREATED, HTTPStatus.ACCEPTED):
        found.append("Location")
    if endpoint.claims:
        found += ["Idempotency-Replayed", "Location"]
    return refer_to(*found, *(name for one in endpoint.answers if one.status == status for name in one.headers))
