"""GET /v1/me: what the credential is and may do."""

from __future__ import annotations

from typing import Any, Final

from flask import Response

from api.answers import shown
from api.asking import Asked
from api.door import Answer, Door
from api.schemas.events import Me
from api.schemas.queries import MinPosition
from api.speaking import speaker, the_ledger
from api.waiting import as_far_as_asked

DOOR: Final = Door("me", "The credential itself")
LIMITS: Final = (
    "max_body_bytes", "max_event_bytes", "max_batch", "post_deadline_seconds", "min_position_wait_seconds",
    "reads_per_minute", "events_per_minute", "reports_per_minute",
)  # fmt: skip


@DOOR.get("/v1/me", Answer(200, Me), query=MinPosition)
def me(asked: Asked) -> Response:
    """Who this credential is, for whom it speaks, and the limits it meets"""
    who, ledger = speaker(), the_ledger()
    as_far_as_asked(asked)
    position = ledger.head()
    body: dict[str, Any] = {
        "principal": who.principal,
        "role": who.role,
        "voices": sorted(who.organisations),
        "scopes": sorted(who.scopes),
        "trust": who.trust,
        "whole_ledger": who.whole_ledger,
        "person_id": who.person_id,
        "limits": {name: getattr(ledger.settings, name) for name in LIMITS},
        "zone": ledger.zone.key,
        "origin": ledger.origin,
        "kind": ledger.kind,
        "today": ledger.today().isoformat(),
        "position": position,
    }
    return shown({name: value for name, value in body.items() if value is not None}, position=position, text=True)
