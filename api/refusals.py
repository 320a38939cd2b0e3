"""The refusals that only an HTTP door has: of the request itself, before the ledger is asked anything."""

from __future__ import annotations

from typing import ClassVar

from ledger.errors import Busy, FieldError, Kind, Refusal


class NotReadable(Refusal):
    """The body or a header cannot be read at all; `errors` say where."""

    code = "not-readable"
    kind: ClassVar[Kind] = "unreadable"
    title = "The request cannot be read"


class ParametersWrong(Refusal):
    """A query parameter is unknown, repeated or not of its form; the pointers name them as `/name`."""

    code = "parameters-wrong"
    kind: ClassVar[Kind] = "unreadable"
    title = "The query cannot be read"


class CursorOfAnotherQuery(Refusal):
    """A cursor carries its filters; the request names others."""

    code = "cursor-of-another-query"
    kind: ClassVar[Kind] = "unreadable"
    title = "This cursor belongs to another query"


class MediaTypeUnknown(Refusal):
    """Nobody here reads this media type. Fields: `taken`, the types that are read."""

    code = "media-type-unknown"
    kind: ClassVar[Kind] = "unsupported"
    title = "This media type is not read here"


class BodyTooLarge(Refusal):
    """The body is larger than the service takes. Fields: `most` (bytes)."""

    code = "body-too-large"
    kind: ClassVar[Kind] = "too_large"
    title = "The request body is too large"


class ScopeMissing(Refusal):
    """The credential was issued without this scope. Fields: `scope`."""

    code = "scope-missing"
    kind: ClassVar[Kind] = "forbidden"
    title = "This credential was issued for other things"


class NoSuchPage(Refusal):
    """No resource under this address."""

    code = "no-such-address"
    kind: ClassVar[Kind] = "absent"
    title = "There is nothing at this address"


class PositionNotReached(Busy):
    """What was asked for is not visible yet. Fields: `position`, how far it is."""

    code = "position-not-reached"
    title = "The ledger has not come as far as that"


class NotWithAToken(Refusal):
    """What is to outlast an access token is made with the API key itself, or by who is signed in."""

    code = "not-with-a-token"
    kind: ClassVar[Kind] = "forbidden"
    title = "An access token is too short-lived for this"


class TooManyStreams(Busy):
    """As many event streams are open as there are places, in all or for one principal. Fields: `principal`."""

    code = "too-many-streams"
    title = "Too many event streams are open already"
    retry_after_seconds = 5


class RateLimited(Refusal):
    """This caller has asked too much within a minute. Fields: `limit` (which one), `retry_after_seconds`."""

    code = "rate-limited"
    kind: ClassVar[Kind] = "limited"
    title = "Too many requests within a minute"
    retryable = True


class TooManyWaiting(Busy):
    """Too many requests wait for something to happen."""

    code = "too-many-waiting"
    title = "Too many requests are waiting already"


def not_readable(pointer: str, code: str, detail: str) -> NotReadable:
    """One thing that cannot be read, at one place."""
    return NotReadable(f"{pointer} {detail}".strip(), errors=(FieldError(pointer, code, detail),))
