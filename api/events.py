"""CloudEvents 1.0 as they come in: structured, batch and binary, each read into what the ledger takes."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final
from urllib.parse import unquote

from api.reading_json import read_json
from api.refusals import NotReadable, not_readable
from ledger.domain.reading import suggestion, wrong_type
from ledger.domain.shape import escape
from ledger.errors import ClaimMalformed, FieldError, Refusal
from ledger.posted import Posted, TooLarge
from ledger.posting import pointed

STRUCTURED: Final = "application/cloudevents+json"
BATCH: Final = "application/cloudevents-batch+json"
JSON: Final = "application/json"
TAKEN: Final = frozenset({STRUCTURED, BATCH, JSON})

TEXTS: Final = ("type", "source", "id", "subject", "time", "correlationid", "causationid", "recordedfor")
OPTIONAL: Final = ("dataschema", "datacontenttype")
KNOWN: Final = (*TEXTS, *OPTIONAL, "specversion", "expectedversion", "data")
EXTENSION: Final = re.compile(r"[a-z0-9]{1,20}")
VERSION_DIGITS: Final = re.compile(r"[0-9]{1,9}")
MOST_VERSION: Final = 2**31 - 1
HEADER: Final = "ce-"

MOST_ATTRIBUTES: Final = 64

Errors = list[FieldError]


def read_event(value: Any) -> Posted:
    """One event of a structured or batch request. Raises NotReadable for what is no CloudEvent of version 1.0,
    ClaimMalformed for attributes of a wrong type; either names everything that is wrong."""
    if type(value) is not dict:
        raise not_readable("", "wrong-type", "must be an object")
    if len(value) > MOST_ATTRIBUTES:
        raise not_readable("", "too-many-members", f"has more than {MOST_ATTRIBUTES} attributes")
    unreadable = unreadable_in(value)
    wrong: Errors = []
    read = {name: read_text(value, name, wrong) for name in (*TEXTS, *OPTIONAL)}
    version = read_version(value, wrong)
    if value.get("type") is None:
        wrong.append(FieldError("/type", "missing", "is missing"))
    if read["datacontenttype"] is not None and not is_json(read["datacontenttype"]):
        wrong.append(FieldError("/datacontenttype", "not-a-choice", f"must be {JSON}"))
    if unreadable or wrong:
        raise refusal_for(unreadable, wrong)
    attributes = {name: read[name] for name in TEXTS if name != "type"}
    return Posted(type=read["type"] or "", data=value.get("data"), expectedversion=version, **attributes)


def refusal_for(unreadable: Errors, wrong: Errors) -> Refusal:
    """What a client reads of all that is wrong: what cannot be read weighs more than what is read and wrong."""
    found = (*unreadable, *wrong)
    kind = NotReadable if unreadable else ClaimMalformed
    return kind(f"{found[0].pointer} {found[0].detail}", errors=found)


def unreadable_in(value: Mapping[str, Any]) -> Errors:
    """What makes an object no CloudEvent at all."""
    errors = []
    if value.get("specversion") != "1.0":
        errors.append(FieldError("/specversion", "not-a-choice", 'must be "1.0"'))
    for name in value:
        if name not in KNOWN and not EXTENSION.fullmatch(name):
            hint = suggestion(name, list(KNOWN)) or "; names of extensions are 1 to 20 of a-z and 0-9"
            errors.append(FieldError(f"/{escape(name)}", "unknown-member", f"is no attribute{hint}"))
    return errors


def read_text(value: Mapping[str, Any], name: str, wrong: Errors) -> str | None:
    """A text attribute; null is as good as absent (CloudEvents JSON format, 2.2)."""
    given = value.get(name)
    if given is not None and type(given) is not str:
        wrong_type(wrong, f"/{name}", "text", given)
        return None
    return given


def read_version(value: Mapping[str, Any], wrong: Errors) -> int | None:
    given = value.get("expectedversion")
    if given is None:
        return None
    if type(given) is not int or not 0 <= given <= MOST_VERSION:
        detail = "must be a whole number, 0 for a stream that must be new"
        wrong.append(FieldError("/expectedversion", "not-a-version", detail))
        return None
    return given


def is_json(content_type: str) -> bool:
    kind = content_type.partition(";")[0].strip().lower()
    return kind == JSON or kind.endswith("+json")


def is_binary(headers: Mapping[str, str], media_type: str) -> bool:
    """Whether the attributes stand in `ce-` headers: the media type is then that of `data`."""
    return media_type == JSON and any(name.lower().startswith(HEADER) for name in headers)


def read_binary(headers: Mapping[str, str], body: bytes) -> Posted:
    """An event whose attributes are `ce-` headers, percent-encoded, and whose body is its data."""
    event: dict[str, Any] = {
        name[len(HEADER) :].lower(): read_header(name, text)
        for name, text in headers.items()
        if name.lower().startswith(HEADER)
    }
    expected = event.get("expectedversion")
    if expected is not None and VERSION_DIGITS.fullmatch(expected):
        event["expectedversion"] = int(expected)
    event["data"] = read_json(body)
    return read_event(event)


def read_header(name: str, text: str) -> str:
    """The text of a header. Raises NotReadable when it is not percent-encoded UTF-8."""
    try:
        return unquote(text.encode("ascii").decode(), errors="strict")
    except UnicodeError:
        raise not_readable("", "header-malformed", f"the header {name.lower()} is not percent-encoded UTF-8") from None


def read_structured(body: bytes, media_type: str, most: int) -> Posted | list[Posted | Refusal]:
    """One event; or, where the media type or the value says so, what each of at most `most` events reads as.

    Raises NotReadable, ClaimMalformed, TooLarge.
    """
    value = read_json(body)
    if media_type == BATCH and type(value) is not list:
        raise not_readable("", "wrong-type", "a batch is a list")
    if type(value) is not list or media_type == STRUCTURED:
        return read_event(value)
    if len(value) > most:
        raise TooLarge(f"{len(value)} events are more than the {most} one post may hold", events=len(value))
    return [read_or_refuse(one) for one in value]


def read_or_refuse(value: Any) -> Posted | Refusal:
    try:
        return read_event(value)
    except Refusal as refusal:
        return refusal


def all_read(events: list[Posted | Refusal]) -> list[Posted]:
    """The events of a batch that stands or falls as one. Raises one refusal for all that is wrong in it."""
    unreadable: Errors = []
    wrong: Errors = []
    for index, refusal in enumerate(events):
        if isinstance(refusal, Refusal):
            (unreadable if isinstance(refusal, NotReadable) else wrong).extend(pointed(refusal, index))
    if unreadable or wrong:
        raise refusal_for(unreadable, wrong)
    return [event for event in events if isinstance(event, Posted)]
