"""Who reads a trust's figures: those within whose sight the trust and all its schools are."""

from __future__ import annotations

from ledger.domain.fact import Speaker
from ledger.domain.refusals import NotThere
from ledger.service import Ledger


def require_trust(ledger: Ledger, who: Speaker, trust_id: str) -> None:
    """Passes when the trust, with all its schools of today, is within sight. Raises NotThere, RoleForbidden."""
    sight, found = ledger.sight(who), ledger.organisation(trust_id)
    inside = (trust_id, *ledger.schools_of(trust_id))
    seen = all(sight.sees(frozenset({f"organisation:{one}"})) for one in inside)
    if found is None or found.kind != "trust" or not seen:
        raise NotThere(stream_kind="trust", id=trust_id)
