"""Who belongs to which trust on a day."""

from __future__ import annotations

from datetime import date

from ledger.domain.context import Context


def trust_of(context: Context, organisation_id: str, day: date) -> str | None:
    """The trust an organisation is part of on a day: a trust is part of itself."""
    state = context.organisation(organisation_id)
    if state is None:
        return None
    return organisation_id if state.kind == "trust" else state.trust_on(day)


def same_trust(context: Context, one: str, other: str, day: date) -> str | None:
    """The trust both belong to on a day, None when there is none."""
    trust = trust_of(context, one, day)
    return trust if trust is not None and trust == trust_of(context, other, day) else None
