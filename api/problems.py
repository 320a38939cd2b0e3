"""Every no as a problem (RFC 9457): one table from the kind of a refusal to its HTTP status."""

from __future__ import annotations

from collections.abc import Iterable
from http import HTTPStatus
from typing import Any, Final

import orjson
import structlog
from flask import Flask, Response, request
from werkzeug.exceptions import HTTPException, InternalServerError, MethodNotAllowed, RequestEntityTooLarge
from werkzeug.routing import RequestRedirect

from api.observing import instance, note_code, note_refusal, shown
from api.refusals import BodyTooLarge, NoSuchPage, NotReadable
from ledger.errors import Busy, FieldError, Kind, Refusal
from ledger.posted import BatchRefused

LOG: Final = structlog.get_logger()
MEDIA_TYPE: Final = "application/problem+json"

STATUS: Final[dict[Kind, int]] = {
    "unreadable": 400,
    "unauthorised": 401,
    "forbidden": 403,
    "absent": 404,
    "rule": 409,
    "precondition": 412,
    "too_large": 413,
    "unsupported": 415,
    "claim": 422,
    "busy": 503,
    "limited": 429,
}

PLAIN: Final[dict[str, tuple[int, str, str]]] = {
    "method-not-allowed": (
        405,
        "This method is not answered here",
        "The address exists, but not for this method; the header Allow names those that it answers.",
    ),
    "internal-error": (
        500,
        "Something went wrong here",
        "The program failed; nothing of the inside is told. `instance` names the entry of the log that says why.",
    ),
}
"""The codes that no refusal has: status, title, and what each means."""

# What of a refusal's fields is told, and under which name: nothing that only somebody else may read.
TOLD: Final = {
    "current": "current_version",
    "expected": "expected_version",
    "index": "index",
    "position": "position",
    "fact_type": "fact_type",
    "event_id": "event_id",
    "voice": "voice",
}


def status_of(refusal: Refusal) -> int:
    """The HTTP status of a refusal; a batch has that of the event it was refused for."""
    return STATUS[(refusal.refusal if isinstance(refusal, BatchRefused) else refusal).kind]


def problem_of(refusal: Refusal, prefix: str = "") -> dict[str, Any]:
    """The body of a problem. `prefix` leads every pointer into a batch, such as `/3`."""
    if isinstance(refusal, BatchRefused):
        return problem_of(refusal.refusal, f"/{refusal.index}") | {"index": refusal.index}
    errors: Iterable[FieldError] = refusal.errors
    if prefix and not refusal.errors:
        errors = (FieldError("", refusal.code, refusal.detail),)
    body: dict[str, Any] = {
        "type": f"/v1/problems/{refusal.code}",
        "title": refusal.title,
        "status": STATUS[refusal.kind],
        "detail": refusal.detail,
        "code": refusal.code,
        "retryable": refusal.retryable,
        "errors": [{"pointer": prefix + error.pointer, "code": error.code, "detail": error.detail} for error in errors],
        "instance": instance(),
    }
    told = {TOLD[name]: value for name, value in refusal.fields.items() if name in TOLD}
    return body | {name: value for name, value in told.items() if isinstance(value, int | str)}


def headers_of(refusal: Refusal) -> dict[str, str]:
    """The headers that the status asks for."""
    inner = refusal.refusal if isinstance(refusal, BatchRefused) else refusal
    match inner.kind:
        case "unauthorised":
            return {"WWW-Authenticate": challenge(inner.fields.get("error"))}
        case "forbidden" if "scope" in inner.fields:
            return {"WWW-Authenticate": challenge("insufficient_scope", inner.fields["scope"])}
        case "limited":
            return {"Retry-After": str(inner.fields["retry_after_seconds"])}
        case "busy" if inner.retryable:
            return {"Retry-After": str(inner.retry_after_seconds if isinstance(inner, Busy) else 1)}
    return {}


def challenge(error: str | None, scope: str | None = None) -> str:
    """How to say who speaks, and what was wrong with how it was said (RFC 6750, 3): nothing, when nothing was said."""
    said = (("error", error), ("scope", scope))
    return ", ".join(['Bearer realm="pledger"', *(f'{name}="{value}"' for name, value in said if value is not None)])


def answer(body: dict[str, Any], headers: dict[str, str]) -> Response:
    response = Response(orjson.dumps(body), int(body["status"]), headers, content_type=MEDIA_TYPE)
    response.headers["Cache-Control"] = "no-store"
    return response


def refused(refusal: Refusal) -> Response:
    """The answer to a request that was refused."""
    note_refusal(refusal)
    return answer(problem_of(refusal), headers_of(refusal))


def failed(error: HTTPException) -> Response:
    """The answer to what the framework refuses before any endpoint is reached."""
    match error:
        case RequestRedirect():
            return refused(NoSuchPage(f"there is nothing at {request.path}"))
        case MethodNotAllowed():
            allowed = ", ".join(sorted(error.valid_methods or ()))
            body = plain("method-not-allowed", f"only {allowed} are answered here")
            note_code("method-not-allowed")
            return answer(body, {"Allow": allowed})
        case RequestEntityTooLarge():
            return refused(BodyTooLarge())
    if error.code == HTTPStatus.NOT_FOUND:
        return refused(NoSuchPage(f"there is nothing at {request.path}"))
    if (error.code or 500) < HTTPStatus.INTERNAL_SERVER_ERROR:
        return refused(NotReadable(error.description or error.name))
    return broken(InternalServerError(original_exception=error))


def plain(code: str, detail: str) -> dict[str, Any]:
    """The body of a problem that is no refusal: its code is one of `PLAIN`."""
    status, title, _ = PLAIN[code]
    body = problem_of(Refusal(detail))
    return body | {"type": f"/v1/problems/{code}", "title": title, "status": status, "code": code}


def broken(error: InternalServerError) -> Response:
    """The answer when the program is wrong: an id that the log has too, and nothing of the inside."""
    body = plain("internal-error", "something went wrong here; the log names it by the instance")
    cause = error.original_exception or error
    rule = None if request.url_rule is None else shown(request.url_rule.rule)
    named = {"instance": body["instance"], "request_id": note_code("internal-error")}
    LOG.error("internal-error", **named, method=request.method, rule=rule, exc_info=cause)
    return answer(body, {})


def answer_with_problems(app: Flask) -> None:
    """Makes every error of the application a problem."""
    app.register_error_handler(Refusal, refused)
    app.register_error_handler(HTTPException, failed)
    app.register_error_handler(InternalServerError, broken)
