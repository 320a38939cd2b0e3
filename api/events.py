"""CloudEvents 1.0 as they come in: structured, batch and binary, each read into what the ledger takes."""

from __future__ import annotations

import base64
import binascii
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
KNOWN: Final = (*TEXTS, *OPTIONAL, "specversion", "expectedversion", "data", "data_base64")
# Names should have at most 20 characters (CloudEvents 1.0.2, 3); who gives them more is taken all the same.
EXTENSION: Final = re.compile(r"[a-z0-9]{1,64}")
MOST_EXTENSION_INTEGER: Final = 2**31 - 1
ABSOLUTE_URI: Final = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:[^\s\x00-\x1f\x7f]{1,2000}")
QUOTED: Final = re.compile(r'"((?:[^"\\]|\\.)*)"')
VERSION_DIGITS: Final = re.compile(r"[0-9]{1,9}")
MOST_VERSION: Final = 2**31 - 1
HEADER: Final = "ce-"
CLOUDEVENTS: Final = "application/cloudevents"

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
    wrong += wrong_about_data(read["datacontenttype"], read["dataschema"])
    for name in value.keys() - set(KNOWN):
        check_extension(value[name], name, wrong)
    if unreadable or wrong:
        raise refusal_for(unreadable, wrong)
    attributes = {name: read[name] for name in TEXTS if name != "type"}
    return Posted(type=read["type"] or "", data=data_of(value), expectedversion=version, **attributes)


def wrong_about_data(content_type: str | None, schema: str | None) -> Errors:
    """What is wrong with how the data are described: only JSON is read, and a schema is named by a whole address."""
    found = []
    if content_type is not None and not is_json(content_type):
        found.append(FieldError("/datacontenttype", "not-a-choice", f"must be {JSON}"))
    if schema is not None and not ABSOLUTE_URI.fullmatch(schema):
        found.append(FieldError("/dataschema", "not-of-this-form", "must be an absolute URI"))
    return found


def check_extension(value: Any, name: str, wrong: Errors) -> None:
    """An extension is text, true or false, or a whole number of 32 bits (CloudEvents 1.0.2, 3.1); or null: absent."""
    if value is None or type(value) in (str, bool):
        return
    if type(value) is int:
        if abs(value) > MOST_EXTENSION_INTEGER:
            wrong.append(FieldError(f"/{escape(name)}", "out-of-range", "must be a whole number of at most 32 bits"))
        return
    wrong_type(wrong, f"/{escape(name)}", "text, true, false or a whole number", value)


def data_of(value: Mapping[str, Any]) -> Any:
    """The data: as JSON, or the JSON text that `data_base64` holds. Raises NotReadable."""
    coded = value.get("data_base64")
    if coded is None:
        return value.get("data")
    try:
        body = base64.b64decode(coded, validate=True)
    except (TypeError, ValueError, binascii.Error):
        raise not_readable("/data_base64", "not-base64", "must be text in base64") from None
    try:
        return read_json(body)
    except NotReadable as refusal:
        inner = refusal.errors[0]
        raise not_readable("/data_base64", inner.code, f"holds bytes that cannot be read: {inner.detail}") from None


def refusal_for(unreadable: Errors, wrong: Errors) -> Refusal:
    """What a client reads of all that is wrong: what cannot be read weighs more than what is read and wrong."""
    found = (*unreadable, *wrong)
    kind = NotReadable if unreadable else ClaimMalformed
    return kind(f"{found[0].pointer} {found[0].detail}", errors=found)


def unreadable_in(value: Mapping[str, Any]) -> Errors:
    """What makes an object no CloudEvent at all."""
    errors = []
    version = value.get("specversion")
    if type(version) is not str or version != "1.0":  # a JSON number 1.0 is none
        errors.append(FieldError("/specversion", "not-a-choice", 'must be "1.0"'))
    for name in value:
        if name not in KNOWN and not EXTENSION.fullmatch(name):
            hint = suggestion(name, list(KNOWN)) or "; names of extensions are of a-z and 0-9 alone"
            errors.append(FieldError(f"/{escape(name)}", "unknown-member", f"is no attribute{hint}"))
    if "data" in value and "data_base64" in value:
        errors.append(FieldError("/data_base64", "contradicts-data", "stands beside data; send one of them"))
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
    """Whether a media type is that of JSON: `*/json`, or `*/*+json` (JSON event format 1.0.2, 3.1.1)."""
    kind, _, inner = content_type.partition(";")[0].strip().lower().partition("/")
    return bool(kind) and (inner == "json" or (inner.endswith("+json") and len(inner) > len("+json")))


def is_binary(headers: Mapping[str, str], media_type: str) -> bool:
    """Whether the attributes stand in `ce-` headers: the media type is then that of `data`."""
    return (
        is_json(media_type)
        and not media_type.startswith(CLOUDEVENTS)
        and any(name.lower().startswith(HEADER) for name in headers)
    )


def read_binary(headers: Mapping[str, str], body: bytes) -> Posted:
    """An event whose attributes are `ce-` headers, percent-encoded, and whose body is its data."""
    event: dict[str, Any] = {
        name[len(HEADER) :].lower(): read_header(name, text)
        for name, text in headers.items()
        if name.lower().startswith(HEADER)
    }
    for name in event.keys() & {"datacontenttype", "data"}:
        raise not_readable("", "header-not-for-this", f"ce-{name} is none: Content-Type tells of the data, the body")
    expected = event.get("expectedversion")
    if expected is not None and VERSION_DIGITS.fullmatch(expected):
        event["expectedversion"] = int(expected)
    event["data"] = read_json(body)
    return read_event(event)


def read_header(name: str, text: str) -> str:
    """The text of a header: out of double quotes where it stands in them, then percent-decoded once (HTTP binding
    1.0.2, 3.1.3.2). Raises NotReadable when it is not percent-encoded UTF-8."""
    plain = QUOTED.sub(lambda found: re.sub(r"\\(.)", r"\1", found[1]), text)
    try:
        return unquote(plain.encode("ascii").decode(), errors="strict")
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
