"""The body of a request: never longer than the limit, of a media type that is read here."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any, Final

from flask import request
from werkzeug.exceptions import ClientDisconnected, RequestEntityTooLarge

from api.reading_json import read_json
from api.refusals import BodyTooLarge, MediaTypeUnknown, not_readable

JSON: Final = "application/json"


def media_type(taken: Collection[str]) -> str:
    """The request's media type, lower-case. Raises MediaTypeUnknown when it is none of `taken`."""
    kind = request.mimetype
    charset = request.mimetype_params.get("charset", "utf-8").lower()
    if kind not in taken:
        told = f"this media type is not read here, {', '.join(sorted(taken))} is"
        raise MediaTypeUnknown(told, taken=tuple(sorted(taken)))
    if charset not in ("utf-8", "utf8"):
        raise MediaTypeUnknown("only UTF-8 is read here", taken=tuple(sorted(taken)))
    return kind


def body_bytes() -> bytes:
    """The whole body. Raises BodyTooLarge before more than the limit was read."""
    most = request.max_content_length
    if most is not None and (request.content_length or 0) > most:
        raise BodyTooLarge(f"the body is larger than {most} bytes", most=most)
    try:
        body = request.get_data(cache=False)
        # A body without a length ends at the limit as if it ended there: another byte tells that it does not.
        if request.content_length is None and request.stream.read(1):
            raise RequestEntityTooLarge
        return body
    except RequestEntityTooLarge:
        raise BodyTooLarge(f"the body is larger than {most} bytes", most=most) from None
    except ClientDisconnected:
        raise not_readable("", "body-cut-short", "the body ended before its announced length") from None


def json_body() -> Any:
    """The JSON value of a request that must be JSON."""
    media_type({JSON})
    return read_json(body_bytes())
