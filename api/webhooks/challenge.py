"""Messages that are about the webhook itself: the challenge by which an endpoint becomes live, and tests."""

from __future__ import annotations

import hmac
import secrets
import uuid
from datetime import datetime
from typing import Any, Final

import orjson

from api.webhooks.sender import Message
from ledger.domain.values import moment

CHALLENGE: Final = "pledger.webhook.challenge"
TEST: Final = "pledger.webhook.test"


def challenge(origin: str, webhook_id: str, now: datetime) -> tuple[Message, str]:
    """A challenge, and the word that its answer must repeat."""
    word = secrets.token_urlsafe(32)
    return about(CHALLENGE, origin, webhook_id, now, {"webhook_id": webhook_id, "challenge": word}), word


def test_message(origin: str, webhook_id: str, now: datetime) -> Message:
    """A message that tells of nothing."""
    return about(TEST, origin, webhook_id, now, {"webhook_id": webhook_id})


def about(type_name: str, origin: str, webhook_id: str, now: datetime, data: dict[str, Any]) -> Message:
    message_id = str(uuid.uuid4())
    event = {
        "specversion": "1.0",
        "id": message_id,
        "source": origin,
        "type": type_name,
        "subject": webhook_id,
        "time": moment(now),
        "datacontenttype": "application/json",
        "data": data,
    }
    return Message(f"msg_{message_id}", orjson.dumps(event))


def is_answered(body: bytes, word: str) -> bool:
    """Whether an answer is `{"challenge": "<the word>"}`; more members do no harm."""
    try:
        value = orjson.loads(body)
    except orjson.JSONDecodeError:
        return False
    said = value.get("challenge") if isinstance(value, dict) else None
    return isinstance(said, str) and hmac.compare_digest(said.encode(), word.encode())
