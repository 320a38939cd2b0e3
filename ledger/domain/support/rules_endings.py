"""Ending what was agreed: done, or before it was done."""

from __future__ import annotations

from ledger.domain.context import Context
from ledger.domain.fact import Claim
from ledger.domain.refusals import NotNow
from ledger.domain.support.facts import Cancelled, Completed
from ledger.domain.support.refusals import StillTimeToAnswer
from ledger.domain.support.rules_answers import waits_until
from ledger.domain.support.shapes import Agreed, TwoSided


def admit_completed(state: TwoSided, claim: Claim[Completed], context: Context) -> Completed:
    """The receiver's silence holds it up for a time only, a dispute not at all."""
    if not isinstance(state, Agreed):
        raise NotNow(state=type(state).__name__)
    waiting = {
        delivery_id: until
        for delivery_id, one in state.deliveries.items()
        if one.status == "claimed" and context.today <= (until := waits_until(state, one, context))
    }
    if waiting:
        until = max(waiting.values())
        raise StillTimeToAnswer(f"until {until}", delivery_ids=tuple(sorted(waiting)), until=until)
    return claim.data


def admit_cancelled(state: TwoSided, claim: Claim[Cancelled], context: Context) -> Cancelled:
    if not isinstance(state, Agreed):
        raise NotNow(state=type(state).__name__)
    return claim.data
