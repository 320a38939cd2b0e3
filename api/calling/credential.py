"""How a client says who it is: an API key, or a token that it gets for its credential and renews by itself."""

from __future__ import annotations

import base64
import json
import threading
import time
from collections.abc import Sequence
from typing import Final, Protocol
from urllib.parse import quote, urlencode

from api.calling.errors import NotAllowed, error_for, no_ledger
from api.calling.wire import Reply, Sent, Wire
from api.calling.words import Problem

TOKEN: Final = "/oauth/token"
FORM: Final = "application/x-www-form-urlencoded"
EARLY_SECONDS: Final = 30.0
"""A token is renewed so long before its end, or after half its life where that is later still."""


class Credential(Protocol):
    """What proves who calls."""

    def bearer(self, wire: Wire) -> str:
        """What stands after `Bearer`. Raises NotAllowed, Unavailable."""

    def forget(self) -> bool:
        """Drops what was refused; whether another may be had."""


class ApiKey:
    """An API key, as `pledger keys create` shows it once."""

    def __init__(self, key: str) -> None:
        """Raises ValueError for what cannot stand in a header."""
        if not key or not key.isascii() or not key.isprintable() or " " in key:
            raise ValueError("an API key is one printable word")
        self._key = key

    def bearer(self, wire: Wire) -> str:
        return self._key

    def forget(self) -> bool:
        return False


class ClientCredentials:
    """OAuth 2.0 client credentials: `client_id` is the id of a credential, `client_secret` its API key."""

    def __init__(self, client_id: str, client_secret: str, scopes: Sequence[str] = ()) -> None:
        """`scopes` narrow what the tokens are for; none: all that the credential may do."""
        pair = f"{quote(client_id, safe='')}:{quote(client_secret, safe='')}"
        self._basic = base64.b64encode(pair.encode()).decode()
        self._form = {"grant_type": "client_credentials"} | ({"scope": " ".join(scopes)} if scopes else {})
        self._lock = threading.Lock()
        self._token, self._until = "", 0.0

    def bearer(self, wire: Wire) -> str:
        with self._lock:
            if time.monotonic() >= self._until:
                self._renew(wire)
            return self._token

    def forget(self) -> bool:
        with self._lock:
            self._until = 0.0
        return True

    def _renew(self, wire: Wire) -> None:
        headers = {"Authorization": f"Basic {self._basic}", "Content-Type": FORM, "Accept": "application/json"}
        asked_at = time.monotonic()
        reply = wire.exchange(Sent("POST", TOKEN, headers, urlencode(self._form).encode()))
        if reply.status != 200:
            raise refusal_of(reply)
        try:
            told = json.loads(reply.body)
            self._token, seconds = str(told["access_token"]), float(told["expires_in"])
        except (ValueError, KeyError, TypeError):
            raise no_ledger(reply.status, "what was answered is no access token") from None
        self._until = asked_at + max(seconds - EARLY_SECONDS, seconds / 2)


def refusal_of(reply: Reply) -> Exception:
    """The error of a refused token request, which has a form of its own (RFC 6749, 5.2)."""
    try:
        told = json.loads(reply.body)
        if "code" in told:
            return error_for(Problem.read(told))
        code, detail = str(told["error"]), str(told.get("error_description", ""))
    except (ValueError, KeyError, TypeError):
        return no_ledger(reply.status, "what was answered is no refusal of a token")
    title = "No access token was given"
    return NotAllowed(Problem(code=code, status=reply.status, title=title, detail=detail, retryable=False))
