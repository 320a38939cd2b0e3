"""Every request, seen once when its answer is ready: for the log, the metrics and the traces; and the id it bears.

What is seen holds nothing that a person wrote: the route's rule in place of the path, no query, no header but the id.
"""

from __future__ import annotations

import re
import time
import uuid
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Final, cast

from flask import Flask, Response, current_app, g, has_request_context, request

from api.answers import POSITION
from ledger.errors import Refusal
from ledger.posted import BatchRefused

HEADER: Final = "X-Request-Id"
GIVEN: Final = re.compile(r"[A-Za-z0-9._-]{1,64}")
METHODS: Final = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
NO_RULE: Final = "none"
"""In place of the rule of a request that no route answers."""
PLACEHOLDER: Final = re.compile(r"<(?:[^:>]+:)?(\w+)>")
OPAQUE: Final = re.compile(r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}|[0-9a-fA-F]{32}")
"""A correlation id that is told, a UUID or the id of a trace: anything else may be somebody's words, or number."""
MOST_CORRELATIONS: Final = 10


@dataclass(slots=True)
class Seen:
    """One request and its answer. `seconds` is the time until the answer was ready; a stream goes on after that.

    `codes` are those of its refusals (several in a batch that is not atomic), `limit` the one that was passed, `post`
    how facts were posted, `position` how far the ledger was, `correlations` those of posted events that are opaque.
    """

    request_id: str
    method: str
    rule: str
    status: int
    seconds: float
    principal: str | None
    position: str | None
    codes: list[str]
    limit: str | None
    post: str | None
    correlations: list[str]


@dataclass(slots=True)
class Notes:
    """What is noted of a request while it is answered."""

    request_id: str
    began: float
    codes: list[str] = field(default_factory=list)
    limit: str | None = None
    post: str | None = None
    correlations: list[str] = field(default_factory=list)


Sink = Callable[[Seen], None]


class Observing:
    """Gives every request its id, and shows it to the sinks. Safe for many threads once the sinks are there."""

    def __init__(self) -> None:
        self._sinks: list[Sink] = []

    def add(self, sink: Sink) -> None:
        self._sinks.append(sink)

    def watch(self, app: Flask) -> None:
        """Looks first at every request of the application and last at its answer: to be called before all others."""
        app.extensions["pledger.observing"] = self
        app.before_request(began)
        app.after_request(self._answered)

    def _answered(self, response: Response) -> Response:
        notes = noted()
        response.headers.add(HEADER, notes.request_id)
        if self._sinks:
            seen = seen_of(notes, response)
            for sink in self._sinks:
                sink(seen)
        return response


def observing(app: Flask) -> Observing:
    """That of an application."""
    return cast(Observing, app.extensions["pledger.observing"])


def began() -> None:
    noted()


def noted() -> Notes:
    """What is noted of this request so far."""
    notes: Notes | None = g.get("notes")
    if notes is None:
        given = request.environ.get("HTTP_X_REQUEST_ID")
        known = given if given is not None and GIVEN.fullmatch(given) else str(uuid.uuid4())
        notes = g.notes = Notes(known, time.perf_counter())
    return notes


def seen_of(notes: Notes, response: Response) -> Seen:
    speaker = g.get("speaker")
    return Seen(
        notes.request_id,
        request.method if request.method in METHODS else "other",
        NO_RULE if request.url_rule is None else shown(request.url_rule.rule),
        response.status_code,
        time.perf_counter() - notes.began,
        None if speaker is None else speaker.principal,
        response.headers.get(POSITION),
        notes.codes,
        notes.limit,
        notes.post,
        notes.correlations,
    )


@lru_cache(1_000)
def shown(rule: str) -> str:
    """A route's rule as the document writes it."""
    return PLACEHOLDER.sub(r"{\1}", rule)


def instance() -> str:
    """What names this occurrence of a problem (RFC 9457): the request's id, where there is a request."""
    if not has_request_context() or "pledger.observing" not in current_app.extensions:
        return f"urn:uuid:{uuid.uuid4()}"
    return f"urn:pledger:request:{noted().request_id}"


def note_code(code: str) -> str:
    """Notes the code of a problem that answers this request; answers the request's id."""
    notes = noted()
    notes.codes.append(code)
    return notes.request_id


def note_refusal(refusal: Refusal) -> None:
    """Notes that this request, or an event in it, was refused."""
    inner = refusal.refusal if isinstance(refusal, BatchRefused) else refusal
    note_code(inner.code)
    if inner.kind == "limited":
        noted().limit = str(inner.fields.get("limit", "sign-in"))


def note_post(kind: str, correlations: Iterable[str | None]) -> None:
    """Notes how this request posts, and the correlation ids of its events as far as they are opaque."""
    notes = noted()
    notes.post = kind
    told = {one for one in correlations if one is not None and OPAQUE.fullmatch(one)}
    notes.correlations = sorted(told)[:MOST_CORRELATIONS]
