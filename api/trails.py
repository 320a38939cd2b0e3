"""How far a reader of histories sees, and who reads the trail of all that is in sight."""

from __future__ import annotations

from typing import Any, Final

from ledger.domain.fact import Speaker
from ledger.domain.refusals import RoleForbidden
from ledger.service import Ledger
from projections.audit.reading import Filters

AUDITS: Final = frozenset({"auditor", "coordinator"})


def require_auditing(who: Speaker) -> None:
    """Passes for those who read the trail. Raises RoleForbidden for those who read their own history instead."""
    if who.role not in AUDITS:
        raise RoleForbidden(
            "the trail is for auditors and coordinators; a school reads its own history", role=who.role, type=""
        )


def filters_for(ledger: Ledger, who: Speaker, **given: Any) -> Filters:
    """The filters given, within what a reader sees. Raises RoleForbidden for an admin."""
    sight = ledger.sight(who)
    visible = None if sight.touching is None else tuple(sorted(sight.touching))
    return Filters(
        visible=visible,
        readable=sight.text_keys,
        hears=lambda facts, beside: ledger.told(facts, who, beside),
        **given,
    )
