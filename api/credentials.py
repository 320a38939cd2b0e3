"""A credential as the doors tell of it: never its key."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final

from ledger.credentials import Credential
from ledger.domain.values import moment

MOMENTS: Final = ("made_at", "expires_at", "revoked_at", "used_at", "rotated_at", "former_until")


def told(held: Credential, now: datetime) -> dict[str, Any]:
    """Its members as JSON; what it has not is not among them, nor the end of a former key that has passed."""
    moments = {name: getattr(held, name) for name in MOMENTS}
    if held.former_until is not None and held.former_until <= now:
        moments["former_until"] = None
    body = {
        "id": held.id,
        "principal": held.principal,
        "name": held.name,
        "role": held.role,
        "organisations": held.organisations,
        "trust": held.trust,
        "ledger": held.whole_ledger,
        "person_id": held.person_id,
        "scopes": held.scopes,
        **{name: None if at is None else moment(at) for name, at in moments.items()},
    }
    return {name: value for name, value in body.items() if value is not None}
