"""On which credential a new webhook stands."""

from __future__ import annotations

from api.webhooks.refusals import NoCredentialForWebhooks, NotGrantable
from api.webhooks.registry import Registry
from ledger.credentials import Unauthorised
from ledger.domain.fact import Speaker
from ledger.service import Ledger


def credential_of(ledger: Ledger, who: Speaker, shown: str) -> str:
    """The credential whose key was shown; for whoever showed something else (an access token), the newest one in force
    that allows the same. Raises NoCredentialForWebhooks."""
    try:
        return ledger.credentials.by_key(shown).id
    except Unauthorised:
        found = Registry(ledger.dsn, who).credential_like(ledger.clock.now())
    if found is None:
        raise NoCredentialForWebhooks
    return found


def require_grantable(who: Speaker, *, texts: bool) -> None:
    """Passes unless texts are to be sent to somebody who may not read any. Raises NotGrantable."""
    if texts and who.role == "auditor":
        raise NotGrantable("an auditor reads a text with a reason, one by one", role=who.role)
