"""Sends one signed message to a webhook's address, and says what came of it."""

from __future__ import annotations

import ssl
import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from api.webhooks.guard import AddressRefused, Allowed, target_of
from api.webhooks.signing import signed
from api.webhooks.wire import NoReply, Reply, Resolve, Waits, post, system_resolve

STRUCTURED: Final = "application/cloudevents+json; charset=utf-8"
AGENT: Final = "Partnership-Ledger-Webhooks/1"
GONE: Final = 410


@dataclass(frozen=True, slots=True)
class Message:
    """What is sent: an id that stays the same however often it is, and a CloudEvent."""

    id: str
    body: bytes


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a sending: `failure` is None when it was delivered, else `answered`, `redirected`, `gone`, or the
    code of a NoReply; `status` is that of the answer, where there was one."""

    failure: str | None
    status: int | None
    duration_ms: int
    body: bytes = b""
    retry_after: str | None = None

    def to_json(self) -> dict[str, Any]:
        told = {"status": self.status, "failure": self.failure, "duration_ms": self.duration_ms}
        return {name: value for name, value in told.items() if value is not None}


class Sender:
    """Posts over connections of its own. Safe for many threads."""

    def __init__(
        self,
        permitted: Allowed,
        *,
        resolve: Resolve = system_resolve,
        waits: Waits | None = None,
        context: ssl.SSLContext | None = None,
    ) -> None:
        """`context` says whom to believe; by default the certificates that the machine believes."""
        self._permitted = permitted
        self._resolve = resolve
        self._waits = waits or Waits()
        self._context = context or ssl.create_default_context()

    @property
    def longest_seconds(self) -> float:
        """No sending lasts longer."""
        return self._waits.total

    def send(self, url: str, message: Message, keys: Sequence[bytes]) -> Outcome:
        """One POST, signed with each of `keys`."""
        began = time.monotonic()
        headers = signed(message.id, int(time.time()), message.body, keys)
        headers |= {"Content-Type": STRUCTURED, "User-Agent": AGENT}
        try:
            target = target_of(url, self._permitted)
            reply = post(
                target, headers, message.body,
                permitted=self._permitted, resolve=self._resolve, waits=self._waits, context=self._context,
            )  # fmt: skip
        except AddressRefused as refused:
            return Outcome(refused.code, None, milliseconds(began))
        except NoReply as error:
            return Outcome(error.code, None, milliseconds(began))
        retry_after = reply.headers.get("retry-after")
        return Outcome(failure_of(reply), reply.status, milliseconds(began), reply.body, retry_after)


def failure_of(reply: Reply) -> str | None:
    if 200 <= reply.status < 300:
        return None
    if 300 <= reply.status < 400:
        return "redirected"
    return "gone" if reply.status == GONE else "answered"


def milliseconds(began: float) -> int:
    return round((time.monotonic() - began) * 1000)
