"""What an organisation keeps to itself: read by those who speak for it and by its auditor, by nobody else."""

from __future__ import annotations

from ledger.domain.fact import Speaker
from ledger.domain.refusals import NotThere
from ledger.service import Ledger


def require_itself(ledger: Ledger, who: Speaker, organisation_id: str) -> None:
    """Passes for the organisation itself and for an auditor in whose scope it is. Raises NotThere, RoleForbidden."""
    seen = ledger.may_see_organisation(who, organisation_id)
    itself = organisation_id in who.organisations or who.role == "auditor"
    if ledger.organisation(organisation_id) is None or not (seen and itself):
        raise NotThere(stream_kind="organisation", id=organisation_id)
