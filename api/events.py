"""CloudEvents 1.0 as they come in: structured, batch and binary, each read into what the ledger takes."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final
from urllib.parse import unquote

from api.reading_json import read_json
from api.refusals import NotReadable
from ledger.domain.reading import suggestion, wrong_type
from ledger.domain.shape import escape
from ledger.errors import ClaimMalformed, FieldError, Refusal
from ledger.posted import Posted

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

Errors = list[FieldError]


def read_event(value: Any, pointer: str = "") -> Posted:
    """One event of a structured or batch request. Raises NotReadable for what is no CloudEvent of version 1.0,
    ClaimMalformed for attributes of a wrong type; either names everything that is wrong."""
    if type(value) is not dict:
        raise NotReadable("an event is an object", errors=(FieldError(pointer, "wrong-type", "must be an object"),))
    unreadable = unreadable_in(value, pointer)
    wrong: Errors = []
    read = {name: read_text(value, name, pointer, wrong) for name in (*TEXTS, *OPTIONAL)}
    version = read_version(value, pointer, wrong)
    if "type" not in value:
        wrong.append(FieldError(f"{pointer}/type", "missing", "is missing"))
    if read["datacontenttype"] is not None and not is_json(read["datacontenttype"]):
        wrong.append(FieldError(f"{pointer}/datacontenttype", "not-a-choice", f"must be {JSON}"))
    if unreadable or wrong:
        raise refusal_for(unreadable, wrong)
    attributes = {name: read[name] for name in TEXTS if name != "type"}
    return Posted(type=read["type"] or "", data=value.get("data"), expectedversion=version, **attributes)


def refusal_for(unreadable: Errors, wrong: Errors) -> Refusal:
    found = (*unreadable, *wrong)
    kind = NotReadable if unreadable else ClaimMalformed
    return kind(f"{found[0].pointer} {found[0].detail}", errors=found)


def unreadable_in(value: Mapping[str, Any], pointer: str) -> Errors:
    """What makes an object no CloudEvent at all."""
    errors = []
    if value.get("specversion") != "1.0":
        errors.append(FieldError(f"{pointer}/specversion", "not-a-choice", 'must be "1.0"'))
    for name in value:
        if name not in KNOWN and not EXTENSION.fullmatch(name):
            hint = suggestion(name, list(KNOWN)) or "; names of extensions are 1 to 20 of a-z and 0-9"
            errors.append(FieldError(f"{pointer}/{escape(name)}", "unknown-member", f"is no attribute{hint}"))
    return errors


def read_text(value: Mapping[str, Any], name: str, pointer: str, wrong: Errors) -> str | None:
    """A text attribute; null is as good as absent (CloudEvents JSON format, 2.1)."""
    given = value.get(name)
    if given is not None and type(given) is not str:
        wrong_type(wrong, f"{pointer}/{name}", "text", given)
        return None
    return given


def read_version(value: Mapping[str, Any], pointer: str, wrong: Errors) -> int | None:
    given = value.get("expectedversion")
    if given is None:
        return None
    if type(given) is not int or not 0 <= given <= MOST_VERSION:
        detail = "must be a whole number, 0 for a stream that must be new"
        wrong.append(FieldError(f"{pointer}/expectedversion", "not-a-version", detail))
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
        name[len(HEADER) :].lower(): unquote(text, errors="strict" if text.isascii() else "replace")
        for name, text in headers.items()
        if name.lower().startswith(HEADER)
    }
    expected = event.get("expectedversion")
    if expected is not None and VERSION_DIGITS.fullmatch(expected):
        event["expectedversion"] = int(expected)
    event["data"] = read_json(body)
    return read_event(event)


def read_structured(body: bytes, media_type: str) -> Posted | list[Posted]:
    """One event, or a list of them where the media type or the value says so. Raises NotReadable, ClaimMalformed."""
    value = read_json(body)
    if media_type == BATCH and type(value) is not list:
        raise NotReadable("a batch is a list", errors=(FieldError("", "wrong-type", "must be a list"),))
    if media_type == STRUCTURED and type(value) is not dict:
        raise NotReadable("an event is an object", errors=(FieldError("", "wrong-type", "must be an object"),))
    return read_batch(value) if type(value) is list else read_event(value)
