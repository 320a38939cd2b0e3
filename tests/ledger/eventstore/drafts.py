"""Drafts for tests of the store: small records with all that the store looks at."""

from __future__ import annotations

import time
from collections.abc import Mapping
from datetime import date
from hashlib import sha256
from typing import Any
from uuid import UUID, uuid4

from ledger.eventstore.append import RECORDED_AT_PLACEHOLDER, Append, Draft, VaultKey
from ledger.integrity.canonical import encode

COORDINATOR = "7b1f3a52-58cf-4c1e-9a39-0d8e5d7f2a10"
OAKFIELD = "0f8e1c5d-93a7-4b52-8d35-6a1f70c2e4b9"


def stream(number: int) -> str:
    """The id of a stream, always the same one for a number."""
    return str(UUID(int=number, version=4))


def key(text: str) -> bytes:
    """A 32-byte idempotency key or content MAC for a text."""
    return sha256(text.encode()).digest()


def draft(
    stream_id: str,
    version: int,
    *,
    data: Mapping[str, Any] | None = None,
    keys: tuple[str, ...] = (),
    idempotency: str | None = None,
    content: str = "content",
    event_id: str | None = None,
) -> Draft:
    """A draft of `support.offered`; the idempotency key is a new one unless a text for it is given."""
    event = event_id or str(uuid4())
    record = {
        "actor": COORDINATOR,
        "data": dict(data or {}),
        "event_id": event,
        "recorded_at": RECORDED_AT_PLACEHOLDER.decode(),
        "stream": {"id": stream_id, "kind": "support"},
        "type": "support.offered",
        "version": version,
        "voice": OAKFIELD,
    }
    return Draft(
        stream_id=stream_id,
        version=version,
        type="support.offered",
        record=encode(record),
        keys=keys,
        idempotency_key=key(idempotency or event),
        content_mac=key(content),
        stream_kind="support",
        event_id=event,
        actor=COORDINATOR,
        voice=OAKFIELD,
        business_on=date(2026, 9, 18),
    )


def append(
    *drafts: Draft,
    leans: Mapping[str, int] | None = None,
    vault_keys: tuple[VaultKey, ...] = (),
    seconds: float = 30.0,
) -> Append:
    """A request with some time to live."""
    return Append(drafts=drafts, leans=leans or {}, vault_keys=vault_keys, deadline=time.monotonic() + seconds)
