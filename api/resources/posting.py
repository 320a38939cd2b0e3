"""POST /v1/events: claims in, receipts out."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from typing import Any, Final

import orjson
from flask import Response, request

from api import events
from api.answers import POSITION
from api.asking import Asked
from api.body import body_bytes, media_type
from api.door import Answer, Door
from api.limits import limit_events
from api.observing import note_post, note_refusal
from api.problems import problem_of, status_of
from api.refusals import not_readable
from api.schemas.events import DryRun, Receipt, Results
from api.schemas.posting import BODY, HEADERS
from api.schemas.queries import PostQuery
from api.speaking import speaker, the_ledger
from ledger import posted as ledger_posted
from ledger.domain.fact import Speaker
from ledger.domain.values import moment
from ledger.errors import ClaimMalformed, FieldError, Refusal
from ledger.posted import Posted

DOOR: Final = Door("events", "Facts: posted as claims, read in ledger order")
ETAG: Final = re.compile(r'"([0-9]{1,9})"')
REPLAYED: Final = "Idempotency-Replayed"
ONE_OR_MANY: Final[dict[str, Any]] = {"anyOf": [Receipt, Results, DryRun]}


@DOOR.post(
    "/v1/events",
    Answer(201, ONE_OR_MANY, about="admitted: a receipt, or the results of a batch"),
    Answer(200, ONE_OR_MANY, about="every event was here already, or it was a dry run"),
    Answer(207, Results, about="?atomic=false: what became of each event"),
    query=PostQuery,
    requestBody=BODY,
    parameters=HEADERS,
    claims=True,
)
def post_events(asked: Asked) -> Response:
    """Posts one event or a batch (CloudEvents 1.0)

    Structured, batch or binary mode; `application/json` holds one event or a list. The key of a repeat is principal,
    `source` and `id`. With `dry_run` every rule is asked and nothing is written: one event answers
    `{"dry_run": true}`, a batch the results it would have.
    """
    who = speaker("events:write")
    sent = read_request()
    note_sent(sent, asked)
    if isinstance(sent, list):
        refuse_headers_of_one()
        limit_events(who, len(sent))
        return batch(who, sent, asked)
    event = with_headers(sent)
    if asked["dry_run"]:
        check_one(who, event)
        return made({"dry_run": True}, 200, the_ledger().head())
    return receipted(the_ledger().post(who, event))


def read_request() -> Posted | list[Posted | Refusal]:
    """The event, or what each event of a batch reads as. Raises NotReadable, MediaTypeUnknown, ClaimMalformed."""
    headers = dict(request.headers.items())
    binary = events.is_binary(headers, request.mimetype)
    kind = media_type({request.mimetype} if binary else events.TAKEN)
    body = body_bytes()
    if binary:
        return events.read_binary(headers, body)
    return events.read_structured(body, kind, the_ledger().settings.max_batch)


def note_sent(sent: Posted | list[Posted | Refusal], asked: Asked) -> None:
    """Notes how is posted: one event, all of a batch or none, or each for itself; or nothing, for a dry run."""
    kind = "one" if not isinstance(sent, list) else "batch" if asked["atomic"] else "each"
    events = sent if isinstance(sent, list) else [sent]
    correlations = (one.correlationid for one in events if isinstance(one, Posted))
    note_post("dry-run" if asked["dry_run"] else kind, correlations)


def refuse_headers_of_one() -> None:
    for name in ("If-Match", "Idempotency-Key"):
        if name in request.headers:
            raise not_readable("", "header-not-for-a-batch", f"{name} speaks of one event; leave it out of a batch")


def with_headers(event: Posted) -> Posted:
    """The event with what the request's headers say of it. Raises NotReadable, ClaimMalformed."""
    key = request.headers.get("Idempotency-Key")
    if key is not None:
        key = key[1:-1] if len(key) > 1 and key[0] == key[-1] == '"' else key
        if event.id is not None and event.id != key:
            raise conflict("/id", "Idempotency-Key")
        event = replace(event, id=key)
    if event.id is None:
        raise not_readable("/id", "missing", "is missing; send an id, or the Idempotency-Key header")
    if "If-Match" in request.headers:
        version = ETAG.fullmatch(request.headers["If-Match"])
        if version is None:
            raise not_readable("", "header-malformed", 'If-Match is a version in quotes, such as "7"')
        if event.expectedversion not in (None, int(version[1])):
            raise conflict("/expectedversion", "If-Match")
        event = replace(event, expectedversion=int(version[1]))
    return event


def conflict(pointer: str, header: str) -> ClaimMalformed:
    error = FieldError(pointer, "contradicts-header", f"is not what the header {header} says")
    return ClaimMalformed(f"{error.pointer} {error.detail}", errors=(error,))


def batch(who: Speaker, sent: list[Posted | Refusal], asked: Asked) -> Response:
    ledger = the_ledger()
    if not asked["atomic"]:
        outcomes = [one_by_one(who, one, dry=asked["dry_run"]) for one in sent]
        return results(outcomes, 207, dry=asked["dry_run"])
    read = with_ids(events.all_read(sent))
    if asked["dry_run"]:
        ledger.check(who, read)
        return results([None] * len(read), 200, dry=True)
    receipts = with_repeats(ledger.post_batch(who, read))
    return results([*receipts], 200 if all(one.replayed for one in receipts) else 201)


def with_repeats(receipts: Iterable[ledger_posted.Receipt]) -> list[ledger_posted.Receipt]:
    """The receipts of a batch in order: an event that stands in it a second time is a repeat there."""
    found: list[ledger_posted.Receipt] = []
    seen: set[str] = set()
    for one in receipts:
        found.append(replace(one, replayed=True) if one.event_id in seen else one)
        seen.add(one.event_id)
    return found


def with_ids(read: list[Posted]) -> list[Posted]:
    missing = tuple(
        FieldError(f"/{index}/id", "missing", "is missing") for index, event in enumerate(read) if event.id is None
    )
    if missing:
        raise events.refusal_for(list(missing), [])
    return read


Outcome = ledger_posted.Receipt | Refusal | None


def one_by_one(who: Speaker, event: Posted | Refusal, *, dry: bool) -> Outcome:
    """What becomes of one event of a batch that is not atomic; None when a dry run would admit it."""
    if isinstance(event, Refusal):
        return event
    try:
        if event.id is None:
            raise not_readable("/id", "missing", "is missing")
        if not dry:
            return the_ledger().post(who, event)
        check_one(who, event)
    except Refusal as refusal:
        return refusal
    return None


def check_one(who: Speaker, event: Posted) -> None:
    """Asks every rule of one event. Raises its refusal."""
    try:
        the_ledger().check(who, [event])
    except ledger_posted.BatchRefused as refused:
        raise refused.refusal from None


def results(outcomes: list[Outcome], status: int, *, dry: bool = False) -> Response:
    """The answer for a batch."""
    body: dict[str, Any] = {"results": [result(index, one) for index, one in enumerate(outcomes)]}
    positions = [one.position for one in outcomes if isinstance(one, ledger_posted.Receipt)]
    body["position"] = max(positions) if positions else the_ledger().head()
    if dry:
        body["dry_run"] = True
    repeated = bool(positions) and all(isinstance(one, ledger_posted.Receipt) and one.replayed for one in outcomes)
    return made(body, status, body["position"], {REPLAYED: "true"} if repeated else {})


def result(index: int, outcome: Outcome) -> dict[str, Any]:
    if outcome is None:
        return {"index": index, "status": 200}
    if isinstance(outcome, Refusal):
        note_refusal(outcome)
        return {"index": index, "status": status_of(outcome), "problem": problem_of(outcome, f"/{index}")}
    return {"index": index, "status": 200 if outcome.replayed else 201, "receipt": receipt(outcome)}


def receipted(one: ledger_posted.Receipt) -> Response:
    headers = {"Location": f"/v1/events/{one.event_id}"} | ({REPLAYED: "true"} if one.replayed else {})
    return made(receipt(one), 200 if one.replayed else 201, one.position, headers)


def receipt(one: ledger_posted.Receipt) -> dict[str, Any]:
    address = f"/v1/events/{one.event_id}"
    return {
        "event_id": one.event_id,
        "position": one.position,
        "stream": {"kind": one.stream_kind, "id": one.stream_id},
        "version": one.version,
        "recorded_at": moment(one.recorded_at),
        "sealed": False,
        "links": {"self": address, "record": f"{address}/record", "stream": f"/v1/streams/{one.stream_id}"},
    }


def made(body: Any, status: int, position: int, headers: dict[str, str] | None = None) -> Response:
    given = {POSITION: str(position), "Cache-Control": "no-store", **(headers or {})}
    return Response(orjson.dumps(body), status, given, content_type="application/json")
