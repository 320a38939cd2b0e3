"""One call, tried again while that may help. Everything the client sends may be sent twice: reading changes nothing,
and an event bears the id by which the ledger knows it again.
"""

from __future__ import annotations

import json
import time
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any, Final
from urllib.parse import urlencode

from api.calling.credential import Credential
from api.calling.errors import ClientError, Unavailable, error_for, no_ledger
from api.calling.patience import Patience, seconds_of
from api.calling.wire import Reply, Sent, Wire
from api.calling.words import Problem

PROBLEM: Final = "application/problem+json"
GATEWAY: Final = frozenset({502, 503, 504})
"""What stands before a ledger may answer with these in its own words."""


class Caller:
    """Calls one ledger as one credential, with this much patience."""

    def __init__(self, wire: Wire, credential: Credential, patience: Patience) -> None:
        self.wire, self._credential, self.patience = wire, credential, patience

    def call(self, sent: Sent) -> Reply:
        """The answer below 300. Raises ClientError when patience or hope is at an end."""
        renewed, number = False, 0
        while True:
            number += 1
            wanted = None
            try:
                reply = self.wire.exchange(self.signed(sent))
                if reply.status < HTTPStatus.MULTIPLE_CHOICES:
                    return reply
                if reply.status == HTTPStatus.UNAUTHORIZED and not renewed and self._credential.forget():
                    renewed = True
                    continue
                error, wanted = error_of(reply), seconds_of(reply.headers.get("retry-after"))
            except ClientError as failed:
                error = failed
            self.rest_after(error, number, wanted)

    def rest_after(self, error: ClientError, number: int, wanted: float | None) -> None:
        """Rests before the next try. Raises the error itself where there is to be none."""
        hopeless = not error.retryable or error.code == "certificate-refused"
        seconds = None if hopeless else self.patience.rest(number, wanted)
        if seconds is None:
            raise error
        time.sleep(seconds)

    def get(self, path: str, parameters: Mapping[str, Any]) -> tuple[dict[str, Any], Reply]:
        """The JSON object at a path, and the reply it came in. Raises ClientError."""
        reply = self.call(Sent("GET", target(path, parameters), {"Accept": f"application/json, {PROBLEM}"}))
        return object_of(reply), reply

    def signed(self, sent: Sent) -> Sent:
        """The same with the credential. Raises ClientError where it must be got first, and cannot be."""
        headers = {**sent.headers, "Authorization": f"Bearer {self._credential.bearer(self.wire)}"}
        return Sent(sent.method, sent.target, headers, sent.body)


def target(path: str, parameters: Mapping[str, Any]) -> str:
    """The path with a query; None is left out, `from_` is `from`, several values are one list, true is `true`."""
    query = {name.rstrip("_"): written(value) for name, value in parameters.items() if value is not None}
    return f"{path}?{urlencode(query)}" if query else path


def written(value: Any) -> str:
    """A parameter as the ledger reads it."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list | tuple | set | frozenset):
        return ",".join(written(one) for one in value)
    return value.isoformat() if hasattr(value, "isoformat") else str(value)


def object_of(reply: Reply) -> dict[str, Any]:
    """The JSON object of an answer. Raises Broken."""
    try:
        told = json.loads(reply.body)
    except ValueError:
        told = None
    if not isinstance(told, dict):
        raise no_ledger(reply.status, "the answer is no JSON object")
    return told


def error_of(reply: Reply) -> ClientError:
    """The error of an answer from 300 on."""
    try:
        return error_for(Problem.read(object_of(reply)))
    except (KeyError, TypeError, ValueError, ClientError):
        pass
    if reply.status in GATEWAY:
        detail = f"something before the ledger answered {reply.status}"
        problem = Problem(code="unavailable", status=reply.status, title="Not now", detail=detail, retryable=True)
        return Unavailable(problem)
    where = f", and points to {reply.headers['location']}" if "location" in reply.headers else ""
    return no_ledger(reply.status, f"whatever is at this address answered {reply.status}{where}")
