"""What either side notes about a support: a missed visit, an outcome; and taking such an entry back."""

from __future__ import annotations

from dataclasses import replace

from ledger.domain.context import Context
from ledger.domain.fact import Claim
from ledger.domain.refusals import AlreadySaid, DayOutOfRange, NotNow, UnknownReference
from ledger.domain.support.facts import EntryWithdrawn, OutcomeRecorded, VisitMissed
from ledger.domain.support.partners import in_minutes, require_aim
from ledger.domain.support.refusals import NothingConfirmed
from ledger.domain.support.shapes import Agreed, TwoSided
from ledger.errors import FieldError


def admit_visit_missed(state: TwoSided, claim: Claim[VisitMissed], context: Context) -> VisitMissed:
    data = claim.data
    if not isinstance(state, Agreed):
        raise NotNow(state=type(state).__name__)
    context.happened(data.on, "/data/on")
    return replace(data, amount=in_minutes(data.amount, state.partnership_id, data.on, context)[0])


def admit_outcome_recorded(state: TwoSided, claim: Claim[OutcomeRecorded], context: Context) -> OutcomeRecorded:
    """What came of it is known no sooner than something was given, and both sides say so."""
    data = claim.data
    given = [one.delivered_on for one in state.deliveries.values() if one.counted_minutes > 0]
    if not given:
        raise NothingConfirmed
    require_aim(data.aim_id, state.partnership_id, context)
    context.happened(data.assessed_on, "/data/assessed_on")
    if data.assessed_on < min(given):
        detail = f"lies before the first delivery, {min(given)}"
        errors = (FieldError("/data/assessed_on", "day-out-of-range", detail),)
        raise DayOutOfRange(f"/data/assessed_on {detail}", errors=errors, day=data.assessed_on)
    return data


def admit_entry_withdrawn(state: TwoSided, claim: Claim[EntryWithdrawn], context: Context) -> EntryWithdrawn:
    event_id = claim.data.event_id
    entry = state.entries.get(event_id)
    if entry is None:
        raise UnknownReference("this support has no such entry", id=event_id)
    if entry.withdrawn:
        raise AlreadySaid("this entry was withdrawn before", id=event_id)
    return claim.data
