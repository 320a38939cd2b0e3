"""Holds a receipt against the exact bytes that the ledger stores."""

from __future__ import annotations

import json
from typing import Final

from api.calling.caller import Caller
from api.calling.errors import RecordDiffers, no_ledger
from api.calling.wire import Reply, Sent
from api.calling.words import Problem, Receipt, Record
from ledger.integrity.tree import leaf_hash

POSITION: Final = "x-ledger-position"


def record_of(caller: Caller, event_id: str) -> Record:
    """The stored bytes of a fact; their hash is the one that the ledger says they have. Raises RecordDiffers,
    NotFound where the reader may not have the whole fact."""
    reply = caller.call(Sent("GET", f"/v1/events/{event_id}/record", {"Accept": "application/json"}))
    found = leaf_hash(reply.body)
    if found != said_hash(reply):
        raise differs(f"the bytes of {event_id} hash to {found.hex()}, the ledger says {reply.headers['etag']}")
    try:
        position = int(reply.headers[POSITION])
    except (KeyError, ValueError):
        raise no_ledger(reply.status, "a record came without its position") from None
    return Record(event_id=event_id, position=position, content=reply.body, leaf_hash=found)


def said_hash(reply: Reply) -> bytes:
    """The leaf hash that the ledger gives as the tag of a record. Raises Broken."""
    tag = reply.headers.get("etag", "").removesuffix('"').removeprefix('"')
    try:
        return bytes.fromhex(tag)
    except ValueError:
        raise no_ledger(reply.status, "a record came without its hash") from None


def require_same(receipt: Receipt, record: Record) -> Record:
    """The record, where it says what the receipt says: position, fact, stream, version and moment. Raises
    RecordDiffers, with everything that differs."""
    try:
        stored = json.loads(record.content)
        told = {
            "event_id": stored["event_id"],
            "position": record.position,
            "stream": stored["stream"],
            "version": stored["version"],
            "recorded_at": stored["recorded_at"],
        }
    except (ValueError, KeyError, TypeError):
        raise differs(f"the bytes of {record.event_id} are no record of a fact") from None
    other = [f"{name} ({receipt.told[name]}, {value})" for name, value in told.items() if receipt.told[name] != value]
    if other:
        raise differs(f"receipt and record of {record.event_id} differ in {', '.join(other)}")
    return record


def differs(detail: str) -> RecordDiffers:
    title = "The record is not what was said of it"
    return RecordDiffers(Problem(code="record-differs", status=200, title=title, detail=detail, retryable=False))
