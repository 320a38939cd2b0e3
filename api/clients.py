"""Who asks for an access token: the form it sends, and how it says who it is (RFC 6749, 2.3.1, 3.2 and 5.2)."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Mapping
from typing import Final
from urllib.parse import parse_qsl, unquote_plus

from flask import request

from api.body import body_bytes
from api.limits import limit_failures
from api.speaking import the_ledger
from ledger.credentials import Known, Unauthorised

FORM: Final = "application/x-www-form-urlencoded"
MOST_BYTES: Final = 8192
MOST_FIELDS: Final = 20
BASIC: Final = "basic "


class TokenRefused(Exception):
    """No token. `error` is a word of RFC 6749, 5.2."""

    def __init__(self, error: str, description: str, status: int = 400) -> None:
        super().__init__(description)
        self.error, self.description, self.status = error, description, status


def read_form() -> Mapping[str, str]:
    """The members of the form that have a value. Raises TokenRefused."""
    if request.mimetype != FORM:
        raise TokenRefused("invalid_request", f"send a form: {FORM}")
    if (request.content_length or 0) > MOST_BYTES or len(body := body_bytes()) > MOST_BYTES:
        raise TokenRefused("invalid_request", f"the form is larger than {MOST_BYTES} bytes")
    try:
        pairs = parse_qsl(body.decode(), keep_blank_values=True, errors="strict", max_num_fields=MOST_FIELDS)
    except ValueError:
        raise TokenRefused("invalid_request", "the form cannot be read") from None
    if len(dict(pairs)) < len(pairs):
        raise TokenRefused("invalid_request", "a member of the form stands there twice")
    return {name: value for name, value in pairs if value}


def client_of(form: Mapping[str, str]) -> Known:
    """The credential of the client that asks. Raises TokenRefused; RateLimited in its place where too many wrong ones
    came from this address."""
    client_id, secret = said_by(form)
    try:
        known = the_ledger().credentials.shown(secret)
    except Unauthorised:
        known = None
    if known is None or known.credential.id != client_id.lower():
        limit_failures("token-failures")
        raise TokenRefused("invalid_client", "there is no client with this id and secret", 401)
    return known


def said_by(form: Mapping[str, str]) -> tuple[str, str]:
    """The client's id and secret, said in one way of the two. Raises TokenRefused."""
    header = request.headers.get("Authorization", "")
    if not header:
        if "client_id" not in form or "client_secret" not in form:
            raise TokenRefused("invalid_client", "say who asks: Basic, or client_id and client_secret", 401)
        return form["client_id"], form["client_secret"]
    if "client_secret" in form:
        raise TokenRefused("invalid_request", "say who asks in one way: in the header or in the form")
    client_id, secret = read_basic(header)
    if form.get("client_id", client_id) != client_id:
        raise TokenRefused("invalid_request", "client_id is another one in the header")
    return client_id, secret


def read_basic(header: str) -> tuple[str, str]:
    """The id and the secret of a Basic header, each encoded as in a form before it was put there."""
    try:
        if header[: len(BASIC)].lower() != BASIC:
            raise ValueError(header)
        text = base64.b64decode(header[len(BASIC) :].strip(), validate=True).decode()
    except (ValueError, binascii.Error):
        raise TokenRefused("invalid_client", "the Authorization header is not Basic", 401) from None
    client_id, _, secret = text.partition(":")
    return unquote_plus(client_id), unquote_plus(secret)
