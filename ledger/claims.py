"""Reads what was posted into a claim: authority first, then every member, all errors at once."""

from __future__ import annotations

import hashlib
import hmac
import re
import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

import orjson

from ledger.domain import shape
from ledger.domain.calendar.facts import TermsSet
from ledger.domain.calendar.state import calendar_stream_id
from ledger.domain.context import EARLIEST
from ledger.domain.credential.facts import Issued, Revoked
from ledger.domain.fact import AnyClaim, Claim, Speaker, Stream
from ledger.domain.log.state import LOG_STREAM_ID
from ledger.domain.person.facts import DetailsCorrected, Erased, Introduced, RoleEnded
from ledger.domain.reading import BAD, read_instant, suggestion
from ledger.domain.values import UUID_FORM
from ledger.errors import ClaimMalformed, FieldError
from ledger.eventstore.stored_names import STORED, stream_kind
from ledger.posted import Posted, TooLarge
from ledger.voice import ORGANISATIONS, require_role, voice_of

AHEAD: Final = timedelta(hours=24)
ATTRIBUTE: Final = re.compile(r"[^\x00-\x1f\x7f-\x9f\ud800-\udfff]{1,255}")
BEGINNINGS: Final = frozenset(
    {
        "organisation.registered", "framework.published", "partnership.formed", "support.offered", "support.requested",
        "support.agreed", "support.delivered", "review.scheduled", "practice.shared",
    }
)  # fmt: skip
ALWAYS_NEW: Final = frozenset(
    {
        "organisation.registered", "partnership.formed", "support.offered", "support.requested", "review.scheduled",
        "practice.shared", "person.introduced",
    }
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Prepared:
    """A claim with what the envelope needs. `chosen` says that the ledger chose the stream's id."""

    claim: AnyClaim
    source: str
    client_event_id: str
    correlation_id: str | None
    causation_id: str | None
    expected_version: int | None
    idempotency_key: bytes
    content_mac: bytes
    chosen: bool


def prepare(posted: Posted, speaker: Speaker, now: datetime, content_key: bytes, most_bytes: int) -> Prepared:
    """The claim in what was posted. Raises RoleForbidden before anything is read, then ClaimMalformed or TooLarge."""
    if posted.type not in STORED:
        hint = suggestion(posted.type, list(STORED)) or "; the catalogue lists them all"
        raise malformed("/type", "unknown-type", f"is no event of this ledger{hint}")
    row = require_role(posted.type, speaker)
    errors: list[FieldError] = []
    occurred_at = read_time(posted.time, now, "/time", errors)
    attributes = read_attributes(posted, speaker, errors)
    content = content_of(posted, most_bytes)
    data = read_data(posted, errors)
    stream, chosen = stream_of(posted, data, "/subject", errors)
    if errors or stream is None:
        raise shape.refusal_for(errors)(f"{errors[0].pointer} {errors[0].detail}", errors=tuple(errors))
    recorded_for = posted.recordedfor.lower() if posted.recordedfor else None
    claim: AnyClaim = Claim(
        type=posted.type,
        stream=stream,
        data=data,
        occurred_at=occurred_at,
        speaker=speaker,
        voice=voice_of(row, speaker, recorded_for),
        recorded_for=recorded_for,
    )
    source, client_event_id = attributes["source"], attributes["id"]
    return Prepared(
        claim=claim,
        source=source,
        client_event_id=client_event_id,
        correlation_id=posted.correlationid,
        causation_id=posted.causationid,
        expected_version=posted.expectedversion,
        idempotency_key=idempotency_key(speaker.principal, source, client_event_id),
        content_mac=hmac.new(content_key, content, hashlib.sha256).digest(),
        chosen=chosen,
    )


def malformed(pointer: str, code: str, detail: str) -> ClaimMalformed:
    return ClaimMalformed(f"{pointer} {detail}", errors=(FieldError(pointer, code, detail),))


def idempotency_key(principal: str, source: str, client_event_id: str) -> bytes:
    """One key per principal, source and id; the lengths keep two different triples apart."""
    parts = (principal, source, client_event_id)
    return hashlib.sha256("".join(f"{len(part)}:{part}" for part in parts).encode()).digest()


def content_of(posted: Posted, most_bytes: int) -> bytes:
    """What must be the same in a repeat, canonical: the members of the contract, as sent. Raises TooLarge."""
    members = {
        "type": posted.type,
        "subject": posted.subject,
        "time": posted.time,
        "recordedfor": posted.recordedfor,
        "correlationid": posted.correlationid,
        "causationid": posted.causationid,
        "data": posted.data,
    }
    try:
        content = orjson.dumps(members, option=orjson.OPT_SORT_KEYS)
    except (orjson.JSONEncodeError, UnicodeEncodeError):
        raise malformed("/data", "not-readable", "holds a number or a text that JSON cannot carry") from None
    if len(content) > most_bytes:
        raise TooLarge(f"the event is {len(content)} bytes; at most {most_bytes} are taken", bytes=len(content))
    return content


def read_time(text: str | None, now: datetime, pointer: str, errors: list[FieldError]) -> datetime:
    if text is None:
        return now
    at = read_instant(text, pointer, errors)
    if at is BAD:
        return now
    if at > now + AHEAD:
        errors.append(FieldError(pointer, "in-the-future", "lies more than 24 hours ahead"))
    if at.date() <= EARLIEST:
        errors.append(FieldError(pointer, "too-long-ago", f"lies before {EARLIEST}"))
    return at  # type: ignore[no-any-return]  # read_instant answers a datetime or BAD


def read_attributes(posted: Posted, speaker: Speaker, errors: list[FieldError]) -> dict[str, str]:
    """`source` and `id`, and a look at the other text attributes."""
    if posted.id is None:
        errors.append(FieldError("/id", "missing", "is missing; send an id, or the Idempotency-Key header"))
    given = {
        "source": f"urn:pledger:{speaker.principal}" if posted.source is None else posted.source,
        "id": "-" if posted.id is None else posted.id,
        "correlationid": posted.correlationid,
        "causationid": posted.causationid,
    }
    for name, value in given.items():
        if value is not None and not ATTRIBUTE.fullmatch(value):
            detail = "must be 1 to 255 characters without control characters"
            errors.append(FieldError(f"/{name}", "not-of-this-form", detail))
    if posted.recordedfor is not None and speaker.role not in ORGANISATIONS:
        detail = f"is nothing that the role {speaker.role} says"
        errors.append(FieldError("/recordedfor", "not-for-this-role", detail))
    if posted.recordedfor is not None and not UUID_FORM.fullmatch(posted.recordedfor.lower()):
        errors.append(FieldError("/recordedfor", "not-an-id", "must be the UUID of an organisation"))
    return {"source": given["source"] or "", "id": given["id"] or ""}


def read_data(posted: Posted, errors: list[FieldError]) -> Any:
    try:
        return shape.read(STORED[posted.type][0], posted.data)
    except ClaimMalformed as refusal:
        errors.extend(refusal.errors)
        return None


def stream_of(posted: Posted, data: Any, pointer: str, errors: list[FieldError]) -> tuple[Stream | None, bool]:
    """The stream a claim belongs to, and whether the ledger chose its id."""
    kind = stream_kind(posted.type)
    own = own_id(data)
    subject = posted.subject.lower() if posted.subject is not None else own
    if subject is None and posted.type in BEGINNINGS:
        return Stream(kind, str(uuid.uuid4())), True
    if subject is None and data is None:
        return None, False  # what is wrong with the data is told already, and may be all there is
    if subject is None:
        errors.append(FieldError(pointer, "missing", f"is missing: which {kind} is this about?"))
        return None, False
    if not UUID_FORM.fullmatch(subject):
        errors.append(FieldError(pointer, "not-an-id", f"must be the UUID of the {kind}"))
        return None, False
    if own is not None and subject != own:
        errors.append(FieldError(pointer, "not-its-stream", f"must be {own} for this event"))
        return None, False
    return Stream(kind, subject), False


def own_id(data: Any) -> str | None:
    """The stream's id where the data decide it."""
    match data:
        case Introduced() | DetailsCorrected() | RoleEnded() | Erased():
            return data.person_id
        case Issued() | Revoked():
            return data.principal
        case TermsSet(for_=scope):
            return calendar_stream_id(scope)
    if type(data).__module__ == "ledger.domain.log.facts":
        return LOG_STREAM_ID
    return None
